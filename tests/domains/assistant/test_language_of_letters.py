"""The reader's language always wins: whatever the house, the agent and the mailbox speak, and whoever reads."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask

from app.assistant import lateness, waiting
from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import session
from app.mail import forwarding, intake, outgoing, telling
from app.mail.intake import Envelope
from app.mail.models import LetterOut
from app.people import service as people
from app.sla import service as sla
from app.tickets import cases, conversation, handling
from app.tickets.conversation import Word
from app.tickets.models import Ticket
from app.tickets.states import State
from tests.cast import KARIM, Character
from tests.makers import a_ticket

Act = Callable[[Character], Actor]
Jobs = Callable[[], int]
EMMA, TOM = "emma@example.org", "tom@example.org"
#: Words of the house's own French letters, none of which an English one may hold.
FRENCH = re.compile(r"\b(?:bonjour|demande|votre|réponse|cordialement|billetterie d)\b", re.IGNORECASE)


@pytest.fixture
def karim(app: Flask, noon: object, actor: Act) -> Actor:
    """Karim and his house speak French."""
    return actor(KARIM)


def e_mail(words: str, subject: str) -> bytes:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = EMMA, "billetterie@valmorin.example", subject
    letter["Message-ID"] = "<emma@example.org>"
    letter.set_content(words)
    return letter.as_bytes()


def test_one_who_writes_in_english_reads_no_letter_in_french(karim: Actor, run_jobs: Jobs) -> None:
    raw = e_mail(
        "Hello, I lost my two tickets for Saturday. Could you please send them again? Thank you.", "My tickets"
    )
    intake.store_letters([(raw, Envelope(EMMA))])
    run_jobs()
    session.rollback()
    number, ticket_id = session.query(Ticket.number, Ticket.id).one()
    clock.advance(timedelta(days=5))
    sla.sweep()
    lateness.promise_anew(ticket_id, clock.now() + timedelta(hours=26), words="", trace="x", submission=None, by=karim)
    conversation.answer(ticket_id, Word(body="Which seats, please?"), then=State.WAITING, by=karim)
    run_jobs()
    for days in (3.1, 7.1):
        clock.advance(timedelta(days=days))
        while outgoing.send_due():
            pass
        waiting.remind()
        run_jobs()
    telling.find_again(EMMA)
    conversation.answer(ticket_id, Word(body="Here they are."), by=karim)
    handling.solve(ticket_id, by=karim)
    run_jobs()
    session.rollback()
    written = session.query(LetterOut).filter_by(to_email=EMMA).order_by(LetterOut.id).all()
    assert {"received", "late", "question", "awaited", "ending", "link", "answer", "solved"} == {
        r.kind for r in written
    }
    assert {row.language for row in written} == {"en"}
    for row in written:
        assert not FRENCH.search(row.subject.replace("Opéra de Valmorin", "")), row.kind
        assert not FRENCH.search(row.text), row.kind
    assert cases.case_for(karim, number).language == "en"


@pytest.mark.parametrize(("known", "read"), [("en", "en"), ("fr", "fr"), ("", "fr")])
def test_whom_a_request_is_forwarded_to_reads_their_own_language(
    karim: Actor, run_jobs: Jobs, known: str, read: str
) -> None:
    if known:
        people.recognise([people.Writer(TOM, "Tom", known)])
        session.commit()
    opened = a_ticket(body="Bonjour, la climatisation de la loge est en panne, merci de regarder.", language="fr")
    run_jobs()
    first = cases.case_for(karim, opened.number).said[0].id
    forwarding.forward(opened.ticket_id, email=TOM, note="?", message_ids=[first], trace="Transmis.", by=karim)
    session.rollback()
    row = session.query(LetterOut).filter_by(to_email=TOM).one()
    assert row.language == read
    assert ("Répondez simplement" in row.text, "Simply answer" in row.text) == (read == "fr", read == "en")
