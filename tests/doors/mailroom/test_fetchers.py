"""All mailboxes at once: each in a thread of its own, woken by its server, ended within seconds."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.kernel.access import SYSTEM
from app.kernel.db import db, session
from app.mail import destinations, mailboxes
from app.mail.models import LetterIn
from app.mailroom.imap import Fetchers
from tests.doors.cli.conftest import ROOT, environment
from tests.doors.mailroom.conftest import a_mailbox
from tests.doors.mailroom.fake_imap import FakeServer
from tests.doors.mailroom.test_mailbox import letter
from tests.dovecot import Dovecot

MakeFetchers = Callable[..., Fetchers]


@pytest.fixture
def fetchers(app: Flask) -> Iterator[MakeFetchers]:
    """Fetchers whose minutes are short; ended when the test is."""
    started: list[Fetchers] = []

    def start(**more: float) -> Fetchers:
        made = Fetchers(app, **{"every": 0.2, "patience": 5.0, "look": 0.1, "minute": 0.05, **more})
        started.append(made)
        made.start()
        return made

    yield start
    for one in started:
        one.end()


def until(true: Callable[[], bool], seconds: float = 20) -> bool:
    """Whether something becomes true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        session.rollback()
        if true():
            return True
        time.sleep(0.05)
    return False


def stored() -> int:
    return session.query(LetterIn).count()


@pytest.fixture
def silent() -> Iterator[int]:
    """A server that takes the call and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        yield door.getsockname()[1]


def test_a_server_that_hangs_holds_up_no_other(server: Dovecot, user: str, silent: int, fetchers: MakeFetchers) -> None:
    hanging = a_mailbox(port=silent, user="muette")
    a_mailbox(port=server.port, user=user)
    destinations.allow([f"127.0.0.1:{silent}", f"127.0.0.1:{server.port}"])
    server.drop(user, *map(letter, range(60)))
    fetchers(patience=60.0)
    assert until(lambda: stored() == 60)
    for number in (61, 62):
        server.drop(user, letter(number))
        assert until(lambda number=number: stored() == number)  # type: ignore[misc]
    assert mailboxes.card(hanging, by=SYSTEM).contact_at is None


@pytest.mark.parametrize("security", ["plain", "tls"])
def test_a_letter_wakes_whoever_waits_for_it(
    server: Dovecot, user: str, fetchers: MakeFetchers, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    port = server.port if security == "plain" else server.tls_port
    mailbox = a_mailbox(host="localhost", port=port, user=user, security=security)
    fetchers(every=600.0)
    assert until(lambda: mailboxes.card(mailbox, by=SYSTEM).contact_at is not None)
    for number in range(1, 5):
        server.drop(user, letter(number))
        assert until(lambda number=number: stored() == number)  # type: ignore[misc]


def test_a_letter_announced_between_two_steps_is_not_waited_for(app: Flask, fetchers: MakeFetchers) -> None:
    """A server says of a new letter once; said with the answer to another command, no IDLE repeats it."""
    server = FakeServer({1: letter(1)})

    def script(command: str, _rest: str) -> bytes | None:
        if command == "CAPABILITY":
            return b"* CAPABILITY IMAP4rev1 UIDPLUS IDLE\r\n{tag} OK done\r\n"
        if command == "STORE" and 2 not in server.letters:
            server.letters[2] = letter(2)
            return b"* 2 EXISTS\r\n{tag} OK done\r\n"
        return b"+ idling\r\n" if command == "IDLE" else None

    script.credentials = lambda _said: b"OK done"  # type: ignore[attr-defined]
    server.script = script
    with server.listening() as port:
        a_mailbox(port=port, user="pressee")
        fetchers(every=600.0)
        assert until(lambda: stored() == 2)
        assert until(lambda: server.said[-1].startswith("IDLE"))


def test_a_mailbox_switched_off_is_left_alone_and_served_again(
    server: Dovecot, user: str, fetchers: MakeFetchers
) -> None:
    mailbox = a_mailbox(port=server.port, user=user)
    all_of_them = fetchers()
    server.drop(user, letter(1))
    assert until(lambda: stored() == 1)
    mailboxes.switch(mailbox, on=False, by=SYSTEM)
    assert until(lambda: not all_of_them._fetchers)
    server.drop(user, letter(2))
    mailboxes.switch(mailbox, on=True, by=SYSTEM)
    assert until(lambda: stored() == 2)


def test_a_refused_password_is_not_tried_again(app: Flask, fetchers: MakeFetchers) -> None:
    server = FakeServer({})
    server.script = lambda command, _rest: b"{tag} NO [AUTHENTICATIONFAILED] no\r\n" if command == "LOGIN" else None
    with server.listening() as port:
        mailbox = a_mailbox(port=port, user="fermee")
        all_of_them = fetchers()
        assert until(lambda: mailboxes.card(mailbox, by=SYSTEM).state == "stopped")
        assert until(lambda: not all_of_them._fetchers)
        assert server.calls == 1


def test_one_that_ended_while_the_list_was_read_is_not_begun_again_from_it(
    app: Flask, fetchers: MakeFetchers, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = FakeServer({})
    server.script = lambda command, _rest: b"{tag} NO [AUTHENTICATIONFAILED] no\r\n" if command == "LOGIN" else None
    with server.listening() as port:
        mailbox = a_mailbox(port=port, user="fermee")
        old = mailboxes.duties()
        fresh = mailboxes.duties
        all_of_them: list[Fetchers] = []

        def slowly() -> list[mailboxes.Duty]:
            one = all_of_them[0]._fetchers.get(mailbox) if all_of_them else None
            if one is None or not one.alive:
                return fresh()
            one.join(10)
            return list(old)

        monkeypatch.setattr(mailboxes, "duties", slowly)
        all_of_them.append(fetchers())
        assert until(lambda: mailboxes.card(mailbox, by=SYSTEM).state == "stopped")
        assert until(lambda: not all_of_them[0]._fetchers)
        assert server.calls == 1


def test_a_server_in_trouble_is_called_less_and_less(app: Flask, fetchers: MakeFetchers) -> None:
    server = FakeServer({})
    server.script = lambda command, _rest: b"{tag} NO busy\r\n" if command == "SELECT" else None
    with server.listening() as port:
        mailbox = a_mailbox(port=port, user="chargee")
        fetchers(minute=0.1)
        assert until(lambda: mailboxes.card(mailbox, by=SYSTEM).failures >= 3)
        first = server.calls
        assert first <= 5


def test_fetchers_end_within_seconds_whatever_they_wait_for(
    server: Dovecot, user: str, silent: int, fetchers: MakeFetchers
) -> None:
    a_mailbox(port=silent, user="muette")
    mailbox = a_mailbox(port=server.port, user=user)
    destinations.allow([f"127.0.0.1:{silent}", f"127.0.0.1:{server.port}"])
    all_of_them = fetchers(every=600.0, patience=600.0)
    assert until(lambda: mailboxes.card(mailbox, by=SYSTEM).contact_at is not None)
    began = time.monotonic()
    all_of_them.end()
    assert time.monotonic() - began < 60  # they would wait for ten minutes
    assert mailboxes.card(mailbox, by=SYSTEM).failures == 0


def test_the_mail_room_fetches_and_ends_cleanly_when_asked(app: Flask, server: Dovecot, user: str) -> None:
    a_mailbox(port=server.port, user=user)
    server.drop(user, letter(1))
    db.session.remove()
    settings = environment(Path(app.instance_path), MAIL_HOSTS=f"127.0.0.1:{server.port}", LOG_LEVEL="ERROR")
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "mailroom"], cwd=ROOT, env=settings, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert until(lambda: stored() == 1, 40)
    finally:
        os.kill(process.pid, signal.SIGTERM)
        out, said = process.communicate(timeout=30)
    assert (process.returncode, out, said) == (0, "", "")
