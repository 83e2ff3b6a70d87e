"""The fetching process killed outright, at random moments and between storing and telling: nothing lost, none doubled."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from flask import Flask

from app.health import service as health
from app.kernel import jobs
from app.kernel.db import db, session
from app.mail.models import LetterIn
from app.tickets.models import Ticket
from tests.doors.cli.conftest import ROOT, environment
from tests.doors.mailroom.conftest import a_mailbox, look
from tests.doors.mailroom.test_mailbox import letter, markers
from tests.dovecot import Dovecot

LETTERS = 120


class Between:
    """Stands between a fetcher and its server, and may act before it passes something on."""

    def __init__(self, target: int) -> None:
        self._target = target
        self.before: Callable[[bytes, bool], None] = lambda _said, _ours: None

    @contextmanager
    def listening(self) -> Iterator[int]:
        with socket.create_server(("127.0.0.1", 0)) as door:
            threading.Thread(target=self._accept, args=(door,), daemon=True).start()
            yield door.getsockname()[1]
            with suppress(OSError):
                door.shutdown(socket.SHUT_RDWR)

    def _accept(self, door: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _from = door.accept()
                far = socket.create_connection(("127.0.0.1", self._target))
                for pair, ours in (((near, far), True), ((far, near), False)):
                    threading.Thread(target=self._pass_on, args=(*pair, ours), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, ours: bool) -> None:
        with suppress(OSError), source:
            while said := source.recv(4096):
                self.before(said, ours)
                target.sendall(said)
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def between(server: Dovecot) -> Iterator[tuple[Between, int]]:
    made = Between(server.port)
    with made.listening() as port:
        yield made, port


def fetch_and_die(app: Flask, between: Between, port: int, dies: Callable[[bytes, bool], bool]) -> bool:
    """Fetch in a process of its own, killed by its id as soon as `dies` says so; returns whether it was."""
    db.session.remove()
    db.engine.dispose()
    began = threading.Event()
    settings = environment(Path(app.instance_path), MAIL_HOSTS=f"127.0.0.1:{port}", LOG_LEVEL="ERROR")
    process: subprocess.Popen[bytes] | None = None

    def act(said: bytes, ours: bool) -> None:
        began.wait(10)
        if process is not None and dies(said, ours):
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
            process.wait(10)

    between.before = act
    process = subprocess.Popen([sys.executable, "-m", "flask", "--app", "wsgi", "mail", "fetch"], cwd=ROOT, env=settings,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    began.set()
    return process.wait(60) == -signal.SIGKILL


def whole(app: Flask, server: Dovecot, user: str, mailbox: int, run_jobs: Callable[[], int]) -> None:
    assert look(mailbox)["error"] == ""
    assert look(mailbox)["letters"] == 0
    end = time.monotonic() + 60
    while jobs.waiting() and time.monotonic() < end:  # what comes thick waits some seconds for company
        run_jobs()
        time.sleep(0.1)
    assert markers() == sorted(map(str, range(LETTERS)))
    assert (session.query(Ticket).count(), session.query(LetterIn).count()) == (LETTERS, LETTERS)
    assert server.seen(user) == LETTERS
    assert [check.id for check in health.examine() if not check.ok and check.id != "index"] == []


def test_killed_between_storing_and_telling(
    app: Flask, server: Dovecot, user: str, between: tuple[Between, int], run_jobs: Callable[[], int]
) -> None:
    proxy, port = between
    server.drop(user, *map(letter, range(LETTERS)))
    mailbox = a_mailbox(port=port, user=user)
    for _ in range(2):
        assert fetch_and_die(app, proxy, port, lambda said, ours: ours and b"STORE" in said)
        assert server.seen(user) <= 50
    session.rollback()
    assert session.query(LetterIn).count() >= 50
    proxy.before = lambda _said, _ours: None
    whole(app, server, user, mailbox, run_jobs)


def test_killed_at_random_moments(
    app: Flask, server: Dovecot, user: str, between: tuple[Between, int], run_jobs: Callable[[], int]
) -> None:
    proxy, port = between
    server.drop(user, *map(letter, range(LETTERS)))
    mailbox = a_mailbox(port=port, user=user)
    chance = random.Random(20261110)
    killed = 0
    for _ in range(5):
        left = [chance.randrange(1, 45)]

        def dies(_said: bytes, _ours: bool, left: list[int] = left) -> bool:
            left[0] -= 1
            return left[0] == 0

        killed += fetch_and_die(app, proxy, port, dies)
    assert killed >= 2
    proxy.before = lambda _said, _ours: None
    whole(app, server, user, mailbox, run_jobs)
