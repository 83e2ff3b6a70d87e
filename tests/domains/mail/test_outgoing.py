"""Letters out, over a real SMTP server with switchable faults."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from flask import Flask

from app.kernel import clock
from app.kernel.access import Actor
from app.mail import outgoing, sending
from app.mail import queries as letters
from app.mail.transport import CheckedMail, LettersPage, SmtpTransport, server_from
from app.tickets import conversation
from app.tickets.conversation import Word
from tests.cast import KARIM, Character
from tests.makers import a_ticket
from tests.ports import free_port

Jobs = Callable[[], int]


class Sink:
    """An SMTP server that keeps what it takes, and refuses when told to."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.says = ""

    async def handle_DATA(self, _server: object, _session: object, envelope) -> str:  # type: ignore[no-untyped-def]  # noqa: N802
        if self.says:
            return self.says
        raw = envelope.original_content
        assert max(len(line) for line in raw.split(b"\r\n")) <= 998
        self.taken.append(message_from_bytes(raw, policy=policy.default))  # type: ignore[arg-type]
        return "250 2.0.0 kept"


@pytest.fixture
def sink(app: Flask) -> Iterator[Sink]:
    kept = Sink()
    controller = Controller(kept, hostname="127.0.0.1", port=free_port())
    controller.start()
    mail = CheckedMail(server_from(f"smtp://127.0.0.1:{controller.port}"))
    mail.init_app(app)
    outgoing.use(SmtpTransport(mail), "http://localhost")
    yield kept
    controller.stop()
    outgoing.use(LettersPage(), "http://localhost")


@pytest.fixture
def answered(app: Flask, run_jobs: Jobs, noon: datetime, actor: Callable[[Character], Actor]) -> int:
    """A ticket that Karim has answered with a long line and an accent."""
    opened = a_ticket(subject="Échange de places")
    words = "Bonjour, c’est fait. " + "é" * 1200
    conversation.answer(opened.ticket_id, Word(body=words), by=actor(KARIM))
    run_jobs()
    return opened.number


def of_answer(sink: Sink) -> EmailMessage:
    return next(m for m in sink.taken if m["Subject"].startswith("Re:"))


def test_an_answer_leaves_once_with_its_number_and_both_parts(answered: int, sink: Sink) -> None:
    outgoing.send_due()
    outgoing.send_due()
    letter = of_answer(sink)
    assert len([m for m in sink.taken if m["Subject"].startswith("Re:")]) == 1
    assert letter["Subject"] == f"Re: Échange de places [#{answered}]"
    assert letter.get_body(("plain",)) is not None
    assert letter.get_body(("html",)) is not None
    assert "Auto-Submitted" not in letter


def test_an_answer_with_a_signature_mark_in_it_is_read_whole(
    app: Flask, sink: Sink, run_jobs: Jobs, noon: datetime, actor: Callable[[Character], Actor]
) -> None:
    opened = a_ticket(subject="Échange de places")
    words = "Bonjour,\r\nVoici.\r\n-- \r\nKarim\r\n\r\nPS : gardez vos billets.\n-- \nFin du mot."
    conversation.answer(opened.ticket_id, Word(body=words), by=actor(KARIM))
    run_jobs()
    outgoing.send_due()
    plain, html = (of_answer(sink).get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r", "").count("\n-- \n") == 1
    before, _, foot = html.get_content().partition("border-top:1px")
    assert "gardez vos billets" in before
    assert "Fin du mot." in before
    assert "Ce lien est personnel" in foot


def test_the_acknowledgement_says_it_is_automatic_and_quotes_nothing(answered: int, sink: Sink) -> None:
    outgoing.send_due()
    letter = next(m for m in sink.taken if not m["Subject"].startswith("Re:"))
    body = letter.get_body(("plain",))
    assert letter["Auto-Submitted"] == "auto-generated"
    assert body is not None
    assert "deux places" not in body.get_content()


def test_a_temporary_refusal_is_tried_again_later(answered: int, sink: Sink, noon: datetime) -> None:
    sink.says = "451 4.7.1 Greylisted"
    outgoing.send_due()
    assert {row.state for row in letters.last_out()} == {"waiting"}
    sink.says = ""
    with clock.frozen_at(noon + timedelta(minutes=2)):
        outgoing.send_due()
    assert {row.state for row in letters.last_out()} == {"sent"}


def test_a_permanent_refusal_is_seen_and_marks_the_address(answered: int, sink: Sink) -> None:
    sink.says = "550 5.1.1 No such user"
    outgoing.send_due()
    row = letters.last_out(1)[0]
    assert (row.state, row.answer[:9]) == ("failed", "550 5.1.1")


def test_a_sender_that_dies_after_taking_a_letter_leaves_it_to_the_next(
    answered: int, sink: Sink, noon: datetime
) -> None:
    sending._take(50)
    assert outgoing.send_due() == 0
    with clock.frozen_at(noon + timedelta(minutes=6)):
        outgoing.send_due()
    assert {row.state for row in letters.last_out()} == {"sent"}


def test_nobody_listening_is_a_reason_to_wait(answered: int, app: Flask) -> None:
    mail = CheckedMail(server_from(f"smtp://127.0.0.1:{free_port()}"))
    mail.init_app(app)
    outgoing.use(SmtpTransport(mail), "http://localhost")
    outgoing.send_due()
    outgoing.use(LettersPage(), "http://localhost")
    assert {row.state for row in letters.last_out()} == {"waiting"}


@pytest.mark.parametrize(
    "subject", ["Bonjour\r\nBcc: victime@exemple.fr", "=?utf-8?q?Bonjour=0D=0ABcc:_victime@exemple.fr?="]
)
def test_a_subject_with_line_breaks_stays_one_header(
    app: Flask, run_jobs: Jobs, noon: datetime, actor: Callable[[Character], Actor], sink: Sink, subject: str
) -> None:
    opened = a_ticket(subject=subject)
    conversation.answer(opened.ticket_id, Word(body="Oui."), by=actor(KARIM))
    run_jobs()
    outgoing.send_due()
    letter = of_answer(sink)
    assert letter["Bcc"] is None
    assert "victime" in letter["Subject"]
