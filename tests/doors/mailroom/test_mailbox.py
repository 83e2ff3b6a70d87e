"""A mailbox on a real Dovecot: everything comes in once, whatever happens meanwhile."""

from __future__ import annotations

import imaplib
from collections.abc import Callable

from flask import Flask

from app.kernel.access import SYSTEM
from app.kernel.db import session
from app.mail import intake, mailboxes
from app.mail.mailboxes import MailboxCard
from app.mail.models import LetterIn
from app.tickets.models import Message, Ticket
from tests.doors.mailroom.conftest import a_mailbox, look
from tests.dovecot import PASSWORD, Dovecot
from tests.makers import a_letter


def letter(number: int, body: str = "") -> bytes:
    """A letter with a marker of its own."""
    return a_letter(
        sender=f"spectateur{number}@exemple.fr", subject=f"Demande {number}", mid=f"<m{number}@exemple.fr>",
        body=body or f"Bonjour, marque-{number}-fin",
    )  # fmt: skip


def markers() -> list[str]:
    session.rollback()
    return sorted(
        row.body.split("marque-")[1].split("-fin")[0] for row in session.query(Message) if "marque-" in row.body
    )


def card(mailbox_id: int) -> MailboxCard:
    session.rollback()
    return mailboxes.card(mailbox_id, by=SYSTEM)


def client(server: Dovecot, user: str) -> imaplib.IMAP4:
    """Another program that looks into the same mailbox."""
    line = imaplib.IMAP4("127.0.0.1", server.port, timeout=10)
    line.login(user, PASSWORD)
    line.select("INBOX")
    return line


def test_two_hundred_letters_become_one_request_each(
    app: Flask, server: Dovecot, user: str, run_jobs: Callable[[], int]
) -> None:
    server.drop(user, *map(letter, range(200)))
    mailbox = a_mailbox(port=server.port, user=user)
    assert look(mailbox) == {"mailbox": mailbox, "name": f"Boîte {user}", "letters": 200, "refused": 0, "error": ""}
    assert look(mailbox)["letters"] == 0
    run_jobs()
    assert markers() == sorted(map(str, range(200)))
    assert session.query(Ticket).count() == 200
    assert server.seen(user) == 200
    row = session.query(LetterIn).first()
    assert row is not None
    assert (row.door, intake.raw_of(row) in {letter(n) for n in range(200)}) == ("imap", True)
