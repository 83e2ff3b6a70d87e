"""An article counts for an answer when that leaves with its address: not when inserted, not when taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.incidents import answering
from app.incidents.filling import Words
from app.kernel import clock
from app.kernel.access import SYSTEM, Actor
from app.kernel.db import session
from app.knowledge import signals, voting, whole
from app.tickets import conversation, departing
from app.tickets.conversation import Word
from app.tickets.models import Message
from app.tickets.opening import Opened
from tests import crowds
from tests.cast import INES, KARIM, Character
from tests.domains.knowledge.texts import a_text, shelved
from tests.makers import a_ticket

Act = Callable[[Character], Actor]


@pytest.fixture
def patient() -> Iterator[None]:
    departing.wait(20)
    yield
    departing.wait(0)


@pytest.fixture
def opened(noon: object, kb: Path, patient: None, run_jobs: Callable[[], int]) -> Opened:
    shelved(kb, a_text(), a_text("other"))
    made = a_ticket()
    run_jobs()
    return made


@pytest.fixture
def karim(actor: Act) -> Actor:
    return actor(KARIM)


def words() -> str:
    """An answer with the article's address in it, wherever that is."""
    card = next(card for card in whole.whole().cards if card.slug == "lost-scarf")
    return f"Bonjour,\n\nVoyez http://localhost{card.path} et http://localhost{card.path}?x=1#s-quand."


def counted(slug: str = "lost-scarf") -> int:
    session.rollback()
    found = signals.signals(slug, "fr", by=SYSTEM)
    assert found is not None
    return found.sendings


def left(run_jobs: Callable[[], int]) -> int:
    """How often it counts once everything that waited has left."""
    clock.advance(timedelta(seconds=25))
    departing.depart_due()
    run_jobs()
    return counted()


def test_it_counts_when_the_answer_leaves(opened: Opened, karim: Actor, run_jobs: Callable[[], int]) -> None:
    departing.answer(opened.ticket_id, Word(body=words()), by=karim)
    run_jobs()
    assert counted() == 0
    assert left(run_jobs) == 1
    assert counted("other") == 0


def test_it_does_not_count_in_a_draft(opened: Opened, karim: Actor, run_jobs: Callable[[], int]) -> None:
    conversation.keep_draft(opened.ticket_id, "reply", words(), by=karim)
    assert left(run_jobs) == 0


def test_it_does_not_count_when_the_answer_is_taken_back(
    opened: Opened, karim: Actor, run_jobs: Callable[[], int]
) -> None:
    message = departing.answer(opened.ticket_id, Word(body=words()), by=karim)
    departing.take_back(opened.ticket_id, message, by=karim)
    assert left(run_jobs) == 0


def test_told_twice_it_counts_once_and_a_second_answer_again(
    opened: Opened, karim: Actor, run_jobs: Callable[[], int]
) -> None:
    departing.answer(opened.ticket_id, Word(body=words()), by=karim)
    assert left(run_jobs) == 1
    article = next(card.id for card in whole.whole().cards if card.slug == "lost-scarf")
    voting.count_sent({10**6: [article]})
    voting.count_sent({10**6: [article]})
    assert counted() == 2
    departing.answer(opened.ticket_id, Word(body=words() + " Encore."), by=karim)
    assert left(run_jobs) == 3


def test_an_answer_to_a_crowd_does_not_count_however_many_hear_it(
    opened: Opened, actor: Act, run_jobs: Callable[[], int]
) -> None:
    by = actor(INES)
    incident = crowds.an_incident(by)
    people = crowds.a_crowd(incident, 3)
    answer = crowds.a_written_answer(incident, by, by_itself=True, words=Words(words(), words()))
    answering.start(answer, seen_version=crowds.row_of(answer).version, by=by)
    run_jobs()
    said = [message.body for key in people for message in session.query(Message).filter_by(ticket_id=key)]
    assert sum("/aide/" in body for body in said) == 3
    assert counted() == 0
