"""The mail room over a real socket."""

from __future__ import annotations

import asyncio
import smtplib
import threading
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from app.kernel.db import session
from app.mail import intake
from app.mail.models import LetterIn
from app.mailroom import lmtp
from tests.makers import a_letter
from tests.ports import free_port


@pytest.fixture
def room(app: Flask) -> Iterator[tuple[int, int]]:
    """The mail room listening on two ports: LMTP, SMTP."""
    ports = free_port(), free_port()
    loop = asyncio.new_event_loop()
    stop, ready = asyncio.Event(), threading.Event()

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.call_soon(ready.set)
        loop.run_until_complete(lmtp.serve(app, lmtp=f"127.0.0.1:{ports[0]}", smtp=f"127.0.0.1:{ports[1]}", stop=stop))
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    ready.wait(5)
    yield ports
    loop.call_soon_threadsafe(stop.set)
    thread.join(10)


def connected(kind: type[smtplib.SMTP], port: int) -> smtplib.SMTP:
    for _ in range(600):
        try:
            return kind("127.0.0.1", port)
        except ConnectionRefusedError:
            threading.Event().wait(0.05)
    raise AssertionError("nobody listens")


@pytest.mark.parametrize(("kind", "place"), [(smtplib.LMTP, 0), (smtplib.SMTP, 1)])
def test_a_letter_is_safe_when_250_is_said(room: tuple[int, int], kind: type[smtplib.SMTP], place: int) -> None:
    with connected(kind, room[place]) as server:
        refused = server.sendmail("lea.fontanel@exemple.fr", ["billetterie@valmorin.example"], a_letter())
    session.rollback()
    rows = session.query(LetterIn).all()
    assert refused == {}
    assert [intake.raw_of(row) for row in rows] == [a_letter()]


def test_lmtp_answers_for_each_recipient(room: tuple[int, int]) -> None:
    with connected(smtplib.LMTP, room[0]) as server:
        server.ehlo()
        server.mail("lea@exemple.fr")
        server.rcpt("a@valmorin.example")
        server.rcpt("b@valmorin.example")
        server.docmd("DATA")
        server.send(a_letter() + b"\r\n.\r\n")
        answers = [server.getreply()[0], server.getreply()[0]]  # RFC 2033: one for each recipient
    assert answers == [250, 250]
    assert session.query(LetterIn).one().envelope_to == "a@valmorin.example b@valmorin.example"


@pytest.mark.parametrize(("kind", "place"), [(smtplib.LMTP, 0), (smtplib.SMTP, 1)])
def test_a_letter_of_one_long_line_is_taken(room: tuple[int, int], kind: type[smtplib.SMTP], place: int) -> None:
    letter = a_letter() + b"spectacle " * 100_000 + b"\r\n"
    with connected(kind, room[place]) as server:
        server.sendmail("lea@exemple.fr", ["a@valmorin.example"], letter)
    session.rollback()
    assert intake.raw_of(session.query(LetterIn).one()) == letter


def test_a_letter_too_large_is_refused_for_good(room: tuple[int, int]) -> None:
    huge = b"Subject: gros\r\n\r\n" + b"x" * 27_000_000
    with connected(smtplib.SMTP, room[1]) as server, pytest.raises(smtplib.SMTPException) as refusal:
        server.sendmail("lea@exemple.fr", ["a@valmorin.example"], huge)
    assert "552" in str(refusal.value)
    assert session.query(LetterIn).count() == 0


def test_a_database_in_trouble_says_try_again(room: tuple[int, int]) -> None:
    trouble = OperationalError("INSERT", {}, Exception("locked"))
    with (
        patch.object(intake.queries, "store", side_effect=trouble),
        connected(smtplib.LMTP, room[0]) as server,
        pytest.raises(smtplib.SMTPException) as refusal,
    ):
        server.sendmail("lea@exemple.fr", ["a@valmorin.example"], a_letter())
    assert "451" in str(refusal.value)
    assert session.query(LetterIn).count() == 0
