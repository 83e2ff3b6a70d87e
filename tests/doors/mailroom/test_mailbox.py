"""A mailbox on a real Dovecot: everything comes in once, whatever happens meanwhile."""

from __future__ import annotations

import imaplib
from collections.abc import Callable

import pytest
from flask import Flask

from app.kernel.access import SYSTEM
from app.kernel.db import session
from app.mail import intake, mailboxes, probing
from app.mail.mailboxes import MailboxCard
from app.mail.models import LetterIn
from app.mail.probing import Outcome
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


def test_letters_are_moved_only_once_they_are_safe(app: Flask, server: Dovecot, user: str) -> None:
    server.drop(user, letter(1), letter(2))
    line = client(server, user)
    line.create("Traites")
    mailbox = a_mailbox(port=server.port, user=user, after="move", move_to="Traites")
    assert look(mailbox)["letters"] == 2
    line.logout()
    assert (server.count(user), server.count(user, "Traites")) == (0, 2)


def test_a_folder_that_is_missing_keeps_nothing_from_coming_in(app: Flask, server: Dovecot, user: str) -> None:
    server.drop(user, letter(1))
    mailbox = a_mailbox(port=server.port, user=user, after="move", move_to="Nulle part")
    told = look(mailbox)
    assert (told["error"], session.query(LetterIn).count(), server.count(user)) == ("move", 1, 1)
    line = client(server, user)
    line.create('"Nulle part"')
    line.logout()
    assert look(mailbox)["error"] == ""
    assert (session.query(LetterIn).count(), server.count(user)) == (1, 0)


def test_only_what_comes_after_the_first_contact_unless_asked(app: Flask, server: Dovecot, user: str) -> None:
    server.drop(user, letter(1))
    mailbox = a_mailbox(port=server.port, user=user, take_old=False)
    assert look(mailbox)["letters"] == 0
    server.drop(user, letter(2))
    assert look(mailbox)["letters"] == 1
    assert server.seen(user) == 1


def test_marks_of_others_change_nothing(app: Flask, server: Dovecot, user: str) -> None:
    server.drop(user, *map(letter, range(4)))
    line = client(server, user)
    line.store("1:2", "+FLAGS", r"(\Seen)")
    line.store("3", "+FLAGS", r"(\Deleted)")
    mailbox = a_mailbox(port=server.port, user=user)
    assert look(mailbox)["letters"] == 4
    assert server.count(user) == 4, "what a colleague marked for removal is theirs to remove"
    line.expunge()
    line.logout()
    server.drop(user, letter(9))
    assert look(mailbox)["letters"] == 1


def test_a_folder_made_anew_is_one_alarm_and_no_second_request(
    app: Flask, server: Dovecot, user: str, run_jobs: Callable[[], int]
) -> None:
    line = client(server, user)
    line.create("Public")
    for number in range(3):
        line.append("Public", "", None, letter(number))  # type: ignore[arg-type]
    mailbox = a_mailbox(port=server.port, user=user, folder="Public")
    assert look(mailbox)["letters"] == 3
    run_jobs()
    line.delete("Public")
    line.create("Public")
    for number in (1, 2, 7):
        line.append("Public", "", None, letter(number))  # type: ignore[arg-type]
    line.logout()
    assert look(mailbox)["letters"] == 1
    run_jobs()
    assert markers() == ["0", "1", "2", "7"]
    assert card(mailbox).alarm == "renumbered"
    assert look(mailbox) == {"mailbox": mailbox, "name": f"Boîte {user}", "letters": 0, "refused": 0, "error": ""}


def test_a_wrong_password_stops_the_mailbox_with_one_alarm(app: Flask, server: Dovecot, user: str) -> None:
    mailbox = a_mailbox(port=server.port, user=user, secret="pas-le-bon")
    assert look(mailbox)["error"] == "sign_in"
    assert (card(mailbox).state, card(mailbox).alarm, mailboxes.duties()) == ("stopped", "sign_in", [])


@pytest.mark.parametrize(("security", "name"), [("tls", "tls_port"), ("starttls", "port")])
def test_the_line_is_encrypted_and_the_server_known(
    app: Flask, server: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch, security: str, name: str
) -> None:
    server.drop(user, letter(1))
    mailbox = a_mailbox(host="localhost", port=getattr(server, name), user=user, security=security)
    assert look(mailbox)["error"] == "tls", "nobody vouches for its certificate yet"
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    assert look(mailbox) | {"error": ""} == {
        "mailbox": mailbox, "name": f"Boîte {user}", "letters": 1, "refused": 0, "error": "",
    }  # fmt: skip


def test_a_test_of_the_connection_takes_and_marks_nothing(app: Flask, server: Dovecot, user: str) -> None:
    server.drop(user, letter(1), letter(2))
    mailbox = a_mailbox(port=server.port, user=user, on=False)
    assert probing.probe(mailbox, by=SYSTEM) == Outcome("ok", "", 2)
    session.rollback()
    assert (session.query(LetterIn).count(), server.seen(user)) == (0, 0)
    assert probing.probe(a_mailbox(port=server.port, user=user, secret="faux", on=False), by=SYSTEM).code == "sign_in"
    elsewhere = a_mailbox(port=server.port, user=user, folder="Rien", on=False)
    assert probing.probe(elsewhere, by=SYSTEM).code == "folder"
    assert card(elsewhere).error == ""
