"""The application as web servers and the `flask` command find it."""

import gc
import sys

import click
from flask import Flask

from app.kernel.keys import KeyMissing
from config import SettingError, Settings


def _found() -> Flask:
    """The house; for `flask mailroom` as much of it as takes letters, and without a secret what makes one.

    Raises:
        ClickException: the house cannot be put together; its text says which setting or secret is in the way.
    """
    if sys.argv[-1:] == ["mailroom"]:
        from app.mail_factory import create_mail_room as create  # noqa: PLC0415 - docs/decisions/0018
    else:
        from app.factory import create_app as create  # noqa: PLC0415 - docs/decisions/0018
    try:
        return create()
    except KeyMissing as problem:
        if sys.argv[-2:] == ["keys", "make"]:
            from app.factory import create_keyless_app  # noqa: PLC0415 - docs/decisions/0018

            return create_keyless_app(Settings.from_environment())
        raise click.ClickException(str(problem)) from None
    except SettingError as problem:
        raise click.ClickException(str(problem)) from None
    except ModuleNotFoundError as problem:
        if problem.name != "psycopg":
            raise
        raise click.ClickException(
            "DATABASE_URL names PostgreSQL and its driver is not installed: python3 house.py setup --postgres"
        ) from None
    except OSError as problem:
        raise click.ClickException(f"DATA_DIR cannot be used: {problem}") from None


application = app = _found()

# What was loaded lives as long as the process, and a group of letters makes thousands of rows at once: the collector
# need not walk through the one again and again because of the other.
gc.freeze()
gc.set_threshold(10_000, 20, 20)
