"""Somebody who is owed money writes: answered within a minute, waits for their own choice, and ends with it."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from playwright.sync_api import Page, expect

from app.kernel import clock
from app.kernel.db import session
from app.tickets.models import Ticket
from app.worker import loop
from tests.cast import LEA
from tests.journeys.choices import a_cancelled_evening
from tests.journeys.house import House
from tests.journeys.letters import link_in, text_of

pytestmark = pytest.mark.browser

MINUTE = timedelta(minutes=1)
SUBJECT = "Mes places du mois prochain"
ASKS = "Bonjour,\n\nLa Traviata est annulée. Je demande le remboursement de mes deux places.\n\nLéa Fontanel"
NEWS = "Bonjour,\n\nOù en est le remboursement de La Traviata, qui a été annulée ? Avez-vous des nouvelles ?\n\nLéa"


def written(words: str, number: int) -> EmailMessage:
    """A letter of Léa's."""
    letter = EmailMessage(policy=SMTP)
    letter["From"], letter["To"] = f"Léa Fontanel <{LEA}>", "billetterie@valmorin.example"
    letter["Subject"], letter["Message-ID"] = SUBJECT, f"<avoir-{number}@exemple.fr>"
    letter["Date"] = clock.now()
    letter.set_content(words, cte="quoted-printable")
    return letter


@contextmanager
def its_own_signals() -> Iterator[None]:
    """The worker listens to signals; afterwards those who ran it do again."""
    before = {name: signal.getsignal(name) for name in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def worked(house: House) -> list[EmailMessage]:
    """The worker works, second by second, until a letter came to Léa, for a minute at most; then it ends what it began."""
    before, until = len(house.sink.to(LEA)), clock.now() + MINUTE
    with its_own_signals():
        while len(house.sink.to(LEA)) == before and clock.now() < until:
            loop.run(house.app, once=True)
            clock.advance(timedelta(seconds=1))
        loop.run(house.app, once=True)
    assert clock.now() < until, "nothing came within a minute"
    return house.sink.to(LEA, before)


def states(house: House) -> list[str]:
    """The states of Léa's requests, the oldest first."""
    with house.app.app_context():
        asked = session.query(Ticket.state).filter_by(subject=SUBJECT).order_by(Ticket.id)
        return [row[0] for row in asked]


def test_a_request_of_who_is_owed_money_is_answered_within_a_minute_and_ends_with_the_choice(
    house: House, lea: Page
) -> None:
    a_cancelled_evening(house, LEA)
    worked(house)
    house.wait(hours=25)
    house.deliver(written(ASKS, 1))
    (answer,) = worked(house)
    assert LEA in answer["To"]
    assert "Vous n’avez pas encore choisi" in text_of(answer)
    assert "120,00 €" in text_of(answer)
    assert states(house) == ["waiting"]
    lea.goto(link_in(answer, "/c/"))
    lea.locator("button[name=tout][value=refund_card]").tap()
    lea.get_by_role("button", name="Confirmer et recevoir mes 120,00").tap()
    expect(lea.get_by_role("main")).to_contain_text("Succès : votre choix est enregistré")
    (recap,) = worked(house)
    assert "Remboursement sur la carte : 120,00 €" in text_of(recap)
    assert states(house) == ["solved"]
    house.wait(hours=25)
    house.deliver(written(NEWS, 2))
    (news,) = worked(house)
    assert "Votre choix est noté" in text_of(news)
    lea.goto(link_in(news, "/c/"))
    expect(lea.get_by_role("heading", name="Votre choix est enregistré")).to_be_visible()
    expect(lea.get_by_role("listitem").filter(has_text="Choix reçu")).to_be_visible()
    assert states(house) == ["solved", "solved"]
