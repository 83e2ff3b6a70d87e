"""A terminal: commands run in this process, or as an operator would run them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from tests.bill import shelved

ROOT = Path(__file__).resolve().parents[3]
Terminal = Callable[..., Result]
Shell = Callable[..., "subprocess.CompletedProcess[str]"]
#: Articles enough to search in: three for everybody, one for colleagues only.
SLUGS = ("show-cancelled", "lost-property", "exchange-tickets", "bank-detail-fraud")


def lines_of(out: str) -> list[Any]:
    """Every line of stdout as JSON; a line that is none is a fault."""
    return [json.loads(line) for line in out.splitlines()]


def given(*values: object) -> str:
    """Lines of JSON; text is passed as it is, so that a line can be broken."""
    return "".join(f"{value if isinstance(value, str) else json.dumps(value)}\n" for value in values)


@pytest.fixture
def terminal(app: Flask) -> Terminal:
    """Run a command here; a traceback is a fault of the test."""

    def run(*words: str, stdin: str | bytes = "") -> Result:
        done = app.test_cli_runner().invoke(args=list(words), input=stdin)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    return run


@pytest.fixture
def shell(tmp_path: Path, sqlite_template: Path) -> Shell:
    """Run a command in a process of its own, for a house in `data` that the migrations have made."""

    def run(
        *words: str, stdin: str = "", data: Path | None = None, **settings: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *words], input=stdin, cwd=ROOT, text=True, check=False,
            capture_output=True, env=environment(data or a_house(tmp_path / "house", sqlite_template), **settings),
            timeout=60,
        )  # fmt: skip

    return run


def a_house(folder: Path, template: Path) -> Path:
    """The folder of a house that stands."""
    if not folder.exists():
        shutil.copytree(template, folder)
    return folder


def environment(data: Path, **settings: str) -> dict[str, str]:
    """The environment of a house and nothing else."""
    return {
        "PATH": "/usr/bin:/bin", "DATA_DIR": str(data), "MEANING_MODEL": "off", "LMTP_BIND": "", "SMTP_BIND": "",
        "PYTHONDONTWRITEBYTECODE": "1", **settings,
    }  # fmt: skip


@pytest.fixture
def shelf(app: Flask, tmp_path: Path) -> Path:
    """A few real articles in both languages, on the shelf and in a folder."""
    return shelved(tmp_path / "articles", SLUGS)
