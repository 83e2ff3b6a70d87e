"""The application as web servers and the `flask` command find it."""

import sys

import click
from flask import Flask

from app.factory import create_app, create_keyless_app
from app.kernel.keys import KeyMissing
from config import SettingError, Settings


def _found() -> Flask:
    """The house; at the terminal one sentence when it cannot be, and without a secret the command that makes one."""
    try:
        return create_app()
    except (KeyMissing, SettingError, OSError) as problem:
        if click.get_current_context(silent=True) is None:
            raise  # a web server stops at this, and its log ends with the sentence
        if isinstance(problem, KeyMissing) and sys.argv[-2:] == ["keys", "make"]:
            return create_keyless_app(Settings.from_environment())
        sentence = f"DATA_DIR cannot be used: {problem}" if isinstance(problem, OSError) else str(problem)
        raise click.ClickException(sentence) from None


application = app = _found()
