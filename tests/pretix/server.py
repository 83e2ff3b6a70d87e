"""A pretix of our own: made from nothing in a folder, spoken to over HTTP only, ended with the tests."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

_SETTINGS = """[pretix]
instance_name=Guichet test
url=http://127.0.0.1:{port}
currency=EUR
datadir={folder}/data
registration=off
[database]
backend=sqlite3
[mail]
host=127.0.0.1
port=9
[locale]
default=de
timezone=Europe/Paris
"""
#: Its 400 migrations take minutes; the same tables are made at once where nothing has to be kept.
_AT_ONCE = """from pretix.settings import *

class _None:
    def __contains__(self, name):
        return True

    def __getitem__(self, name):
        return None

MIGRATION_MODULES = _None()
"""
#: Numbers of orders are unique to an organiser: each test has one of its own.
_ORGANISERS = """
import django
django.setup()
from django_scopes import scopes_disabled
from pretix.base.models import Organizer, Team, TeamAPIToken
with scopes_disabled():
    for number in range(20):
        there = Organizer.objects.create(slug=f"opera{number}", name="Opéra")
        there.settings.customer_accounts = True
        rights = dict(all_events=True, all_event_permissions=True, all_organizer_permissions=True)
        team = Team.objects.create(organizer=there, name="Guichet", **rights)
        print("token", there.slug, TeamAPIToken.objects.create(team=team, name="guichet").token)
"""


@dataclass(frozen=True, slots=True)
class Organizer:
    """One organiser of a pretix that answers."""

    url: str
    slug: str
    token: str

    def call(self, method: str, path: str, body: object = None) -> Any:
        """Speak to it as whoever runs it would."""
        request = urllib.request.Request(
            f"{self.url}/api/v1/organizers/{self.slug}{path}", method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Token {self.token}", "Content-Type": "application/json"},
        )  # fmt: skip
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.loads(answer.read() or b"null")
        except HTTPError as refusal:
            with refusal:
                raise AssertionError(f"{method} {path}: {refusal.code} {refusal.read().decode()}") from None


@contextmanager
def served(folder: Path) -> Iterator[list[Organizer]]:
    """Make a pretix and serve it; the library is where `PRETIX_BIN` says."""
    programs, port = Path(os.environ["PRETIX_BIN"]), _free_port()
    (folder / "data").mkdir()
    (folder / "pretix.cfg").write_text(_SETTINGS.format(port=port, folder=folder))
    (folder / "at_once.py").write_text(_AT_ONCE)
    surroundings = {
        "PATH": os.environ["PATH"], "HOME": str(folder), "PRETIX_CONFIG_FILE": str(folder / "pretix.cfg"),
        "PYTHONPATH": str(folder), "DJANGO_SETTINGS_MODULE": "at_once",
    }  # fmt: skip
    _run([programs / "django-admin", "migrate", "--run-syncdb"], folder, surroundings)
    said = _run([programs / "python", "-c", _ORGANISERS], folder, surroundings)
    made = [line.split()[1:] for line in said.splitlines() if line.startswith("token ")]
    command = [
        programs / "gunicorn",
        "pretix.wsgi",
        "--bind",
        f"127.0.0.1:{port}",
        "--threads",
        "4",
        "--timeout",
        "120",
    ]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=surroundings, stdout=log, stderr=log)
    try:
        found = [Organizer(f"http://127.0.0.1:{port}", slug, token) for slug, token in made]
        _wait_for(found[0], process)
        yield found
    finally:
        process.terminate()
        process.wait(timeout=20)


def _run(command: list[Path | str], folder: Path, surroundings: dict[str, str]) -> str:
    return subprocess.run(
        command, cwd=folder, env=surroundings, check=True, stdout=subprocess.PIPE, text=True
    ).stdout  # fmt: skip


def _wait_for(one: Organizer, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 120
    while True:
        try:
            one.call("GET", "/")
        except OSError:
            if process.poll() is not None or time.monotonic() > end:
                sys.exit("pretix does not answer")
            time.sleep(0.2)
        else:
            return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
