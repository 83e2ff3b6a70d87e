"""While an answer waits to leave: no list asks for one, a promise it keeps is kept, and spam or a merge draws it back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.kernel import clock, journal
from app.kernel.access import Actor
from app.mail import queries as letters
from app.sla import promised
from app.sla import service as sla
from app.tickets import cases, conversation, departing, handling, lists, merging, queries
from app.tickets.conversation import Word
from app.tickets.files import store
from app.tickets.filters import Filter
from app.tickets.opening import Opened
from app.tickets.states import State
from tests.cast import KARIM, NADIA, Character
from tests.makers import a_ticket

Act = Callable[[Character], Actor]
Jobs = Callable[[], int]
WORDS = "Bonjour, vous serez remboursée."


@pytest.fixture
def karim(app: Flask, noon: datetime, actor: Act) -> Iterator[Actor]:
    departing.wait(20)
    yield actor(KARIM)
    departing.wait(0)


@pytest.fixture
def opened(karim: Actor, run_jobs: Jobs) -> Opened:
    made = a_ticket()
    run_jobs()
    return made


def give(opened: Opened, by: Actor, *, then: State | None = None, word: Word | None = None) -> int:
    return departing.answer(opened.ticket_id, word or Word(body=WORDS), then=then, by=by)


def in_view(name: str, by: Actor) -> list[int]:
    return [row.id for row in lists.page(Filter(view=name), by=by).rows]


def depart() -> int:
    clock.advance(timedelta(seconds=20))
    return departing.depart_due()


def states(opened: Opened) -> list[str]:
    return [card.state for card in promised.promises(opened.ticket_id)]


@pytest.mark.parametrize("view", ["todo", "free", "late"])
def test_what_is_answered_stands_in_no_list_of_things_to_do(opened: Opened, karim: Actor, view: str) -> None:
    clock.advance(timedelta(days=5))
    assert opened.ticket_id in in_view(view, karim)
    message = give(opened, karim)
    assert opened.ticket_id not in in_view(view, karim)
    assert lists.counts({view: Filter(view=view)}, by=karim) == {view: 0}
    assert opened.ticket_id in in_view("open", karim)
    departing.take_back(opened.ticket_id, message, by=karim)
    assert opened.ticket_id in in_view(view, karim)


def before_due(opened: Opened, seconds: int) -> None:
    row = queries.card(opened.ticket_id)
    assert row is not None
    assert row.due_at is not None
    clock.advance(row.due_at - clock.now() - timedelta(seconds=seconds))


@pytest.mark.parametrize(("then", "kept"), [(None, "kept"), (State.WAITING, "kept"), (State.SOLVED, "kept")])
def test_a_promise_that_ends_while_the_answer_waits_is_kept(
    opened: Opened, karim: Actor, then: State | None, kept: str
) -> None:
    before_due(opened, 10)
    give(opened, karim, then=then)
    clock.advance(timedelta(seconds=15))
    assert sla.sweep() == 0
    clock.advance(timedelta(seconds=5))
    assert departing.depart_due() == 1
    assert states(opened)[0] == kept


def test_a_promise_whose_answer_is_taken_back_is_broken(opened: Opened, karim: Actor) -> None:
    before_due(opened, 10)
    message = give(opened, karim)
    clock.advance(timedelta(seconds=15))
    departing.take_back(opened.ticket_id, message, by=karim)
    assert sla.sweep() == 1
    assert states(opened)[0] == "broken"


def test_an_answer_given_too_late_is_late(opened: Opened, karim: Actor) -> None:
    before_due(opened, -10)
    give(opened, karim)
    assert depart() == 1
    assert states(opened)[0] == "late"


def test_an_answer_that_could_not_leave_for_hours_is_late(opened: Opened, karim: Actor) -> None:
    before_due(opened, 10)
    give(opened, karim)
    clock.advance(timedelta(hours=3))
    assert departing.depart_due() == 1
    assert states(opened)[0] == "late"


def test_spam_draws_the_answer_back(opened: Opened, karim: Actor, actor: Act, run_jobs: Jobs) -> None:
    give(opened, karim)
    handling.mark_spam(opened.ticket_id, by=actor(NADIA))
    assert depart() == 0
    run_jobs()
    assert [row for row in letters.last_out() if row.kind == "answer"] == []
    assert cases.beside(opened.ticket_id, by=karim).drafts["reply"].body == WORDS
    assert [entry.data["why"] for entry in journal.about(opened.ticket_id) if entry.name == "AnswerTakenBack"] == [
        "spam"
    ]
    assert [word.kind for word in cases.case_for(karim, opened.number).said] == ["spectator"]


def test_a_merge_brings_the_draft_to_the_request_that_lives_on(opened: Opened, karim: Actor) -> None:
    other = a_ticket(body="Encore moi")
    conversation.keep_draft(other.ticket_id, "reply", "Déjà tapé.", by=karim)
    give(opened, karim)
    merging.merge(opened.ticket_id, other.ticket_id, by=karim)
    assert depart() == 0
    assert cases.beside(other.ticket_id, by=karim).drafts["reply"].body == f"{WORDS}\n\nDéjà tapé."
    assert cases.beside(opened.ticket_id, by=karim).drafts == {}


def test_no_file_of_a_drawn_back_answer_is_lost(opened: Opened, karim: Actor) -> None:
    kept = store("plan.png", "image/png", b"x")
    give(opened, karim, word=Word(body=WORDS, files=(kept,)))
    handling.mark_spam(opened.ticket_id, by=karim)
    note = cases.case_for(karim, opened.number).said[-1]
    assert (note.kind, [file.name for file in note.files]) == ("note", ["plan.png"])
    assert not departing.leaves(opened.ticket_id)


def test_taking_the_mark_off_sends_nothing(opened: Opened, karim: Actor) -> None:
    give(opened, karim)
    handling.mark_spam(opened.ticket_id, by=karim)
    handling.mark_spam(opened.ticket_id, spam=False, by=karim)
    assert depart() == 0
    assert opened.ticket_id in in_view("todo", karim)
