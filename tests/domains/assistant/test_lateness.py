"""A promise that was missed: a person sets a new moment, the spectator is told once, and nothing is made good by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask

from app.assistant import lateness
from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.mail import queries as letters
from app.mail.models import LetterOut
from app.sla import promised, renewing
from app.sla import service as sla
from app.tickets import conversation, departing, handling
from app.tickets import queries as tickets
from app.tickets.conversation import Word
from app.tickets.opening import Opened
from app.tickets.states import State
from tests.cast import HUGO, KARIM, LEA, SAMI, Character
from tests.makers import a_ticket

Act = Callable[[Character], Actor]


@pytest.fixture
def karim(app: Flask, noon: object, actor: Act) -> Actor:
    return actor(KARIM)


@pytest.fixture
def late(karim: Actor, run_jobs: Callable[[], int]) -> Opened:
    made = a_ticket(subject="Places perdues")
    run_jobs()
    clock.advance(timedelta(days=5))
    sla.sweep()
    return made


def renew(opened: Opened, by: Actor, *, hours: float = 26, words: str = "", submission: str | None = None) -> bool:
    at = clock.now() + timedelta(hours=hours)
    return lateness.promise_anew(
        opened.ticket_id, at, words=words, trace="Nouvelle échéance.", submission=submission, by=by
    )


def apologies() -> list[LetterOut]:
    return [row for row in letters.last_out(50) if row.kind == "late"]


def first(opened: Opened) -> promised.PromiseCard:
    return promised.promises(opened.ticket_id)[0]


def test_the_spectator_is_told_of_the_delay_and_of_the_moment_a_person_set(late: Opened, karim: Actor) -> None:
    assert renew(late, karim, words="Le guichet était fermé.")
    (letter,) = apologies()
    assert letter.subject == f"Nous avons pris du retard sur votre demande [#{late.number}]"
    assert "Vous aurez une réponse avant demain 16\u00a0h\u00a030." in letter.text
    assert "Le guichet était fermé." in letter.text
    assert "Karim Oulmane, Opéra de Valmorin" in letter.text
    assert letter.to_email == LEA


def test_one_apology_a_request_however_often_the_moment_moves(late: Opened, karim: Actor) -> None:
    assert renew(late, karim)
    clock.advance(timedelta(days=3))
    assert not renew(late, karim)
    assert len(apologies()) == 1


def test_the_missed_promise_stays_missed_and_its_explanation_tells_all(late: Opened, karim: Actor) -> None:
    before = first(late).due_at
    renew(late, karim)
    card = first(late)
    assert (card.state, card.due_at) == ("broken", clock.now() + timedelta(hours=26))
    assert [step[1] for step in card.steps][-2:] == ["broken", "renewed"]
    assert [step[4] for step in card.steps][-2:] == [before, card.due_at]
    row = tickets.card(late.ticket_id)
    assert row is not None
    assert row.due_at == card.due_at
    conversation.answer(late.ticket_id, Word(body="Voilà."), by=karim)
    assert first(late).state == "late"


def test_the_new_moment_may_be_missed_once_more(late: Opened, karim: Actor) -> None:
    renew(late, karim)
    assert renewing.sweep() == 0
    clock.advance(timedelta(hours=27))
    assert (renewing.sweep(), renewing.sweep()) == (2, 0)  # the first answer and the solution
    assert first(late).steps[-1][1] == "missed"


def test_the_clock_of_the_new_moment_stops_while_the_spectator_is_awaited(late: Opened, karim: Actor) -> None:
    renew(late, karim, hours=4)
    conversation.answer(late.ticket_id, Word(body="Quelle date ?"), then=State.WAITING, by=karim)
    clock.advance(timedelta(days=2))
    handling.reopen(late.ticket_id, by=karim)
    row = tickets.card(late.ticket_id)
    assert row is not None
    assert row.due_at == clock.now() + timedelta(hours=4)


def test_pressing_twice_does_it_once(late: Opened, karim: Actor) -> None:
    for _ in range(2):
        renew(late, karim, submission="k" * 32)
    assert [step[1] for step in first(late).steps].count("renewed") == 1


@pytest.mark.parametrize(("hours", "code"), [(-1, "past"), (0, "past"), (24 * 400, "too_far")])
def test_a_moment_that_cannot_be_is_refused(late: Opened, karim: Actor, hours: float, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        renew(late, karim, hours=hours)
    assert refused.value.fields == {"moment": code}
    assert apologies() == []


def test_nothing_is_renewed_that_is_not_late(karim: Actor) -> None:
    with pytest.raises(Conflict):
        renew(a_ticket(), karim)
    assert apologies() == []


def test_only_who_answers_there_sets_the_moment(late: Opened, actor: Act) -> None:
    with pytest.raises(NotFound):
        renew(late, actor(HUGO))
    with pytest.raises(Forbidden):
        renew(late, actor(SAMI))


@pytest.fixture
def patient(app: Flask) -> Iterator[None]:
    departing.wait(20)
    yield
    departing.wait(0)


def test_no_new_moment_is_set_while_an_answer_leaves(patient: None, late: Opened, karim: Actor) -> None:
    departing.answer(late.ticket_id, Word(body="Voilà."), by=karim)
    with pytest.raises(Conflict, match="answer_leaves"):
        renew(late, karim)
    assert apologies() == []


def test_an_answer_that_leaves_spares_a_new_moment(patient: None, late: Opened, karim: Actor) -> None:
    renew(late, karim)
    clock.advance(timedelta(hours=26) - timedelta(seconds=5))
    departing.answer(late.ticket_id, Word(body="Voilà."), by=karim)
    clock.advance(timedelta(seconds=10))
    assert renewing.sweep() == 0
