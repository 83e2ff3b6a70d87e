"""An answer may be taken back until it leaves, as if it had never been given; once it has left, all follows from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.kernel import clock, journal
from app.kernel.access import Actor, spectator
from app.kernel.errors import Conflict, Forbidden, NotFound
from app.mail import queries as letters
from app.sla import promised
from app.sla import queries as promises
from app.sla import service as sla
from app.tickets import cases, conversation, departing, handling, message_queries, queries, taking, tracking
from app.tickets.conversation import Word
from app.tickets.files import store
from app.tickets.filters import Filter
from app.tickets.models import Ticket
from app.tickets.opening import Opened
from app.tickets.states import State
from tests.cast import KARIM, NADIA, SAMI, Character
from tests.makers import a_ticket

Act = Callable[[Character], Actor]
WORDS = "Bonjour, vous serez remboursée."


@pytest.fixture
def patient(app: Flask, noon: datetime) -> Iterator[None]:
    departing.wait(20)
    yield
    departing.wait(0)


@pytest.fixture
def opened(patient: None, run_jobs: Callable[[], int]) -> Opened:
    made = a_ticket()
    run_jobs()
    return made


def given(opened: Opened, karim: Actor, *, then: State | None = None, words: str = WORDS) -> int:
    return departing.answer(opened.ticket_id, Word(body=words), then=then, by=karim)


def everything(ticket_id: int, requester: Actor) -> dict[str, object]:
    """All that anybody could see, or count, of a request; but for its version, and what is in the drafts."""
    row = queries.card(ticket_id)
    assert row is not None
    columns = {name: getattr(row, name) for name in Ticket.__table__.columns.keys() if name != "version"}  # noqa: SIM118
    return {
        "row": columns,
        "promises": promised.promises(ticket_id),
        "rows": [vars(one) | {"_sa_instance_state": 0} for one in promises.promises_of([ticket_id])[ticket_id]],
        "seen": tracking.tracked(requester, ticket_id),
        "letters": [row.id for row in letters.last_out()],
        "journal": [one.name for one in journal.about(ticket_id) if one.name != "AnswerTakenBack"],
        "said": [(one.kind, one.body) for one in cases.case_for(KARIM_SEES[0], row.number).said],
    }


KARIM_SEES: list[Actor] = []


@pytest.fixture
def karim(actor: Act) -> Iterator[Actor]:
    KARIM_SEES.append(actor(KARIM))
    yield KARIM_SEES[0]
    KARIM_SEES.clear()


def lea(opened: Opened) -> Actor:
    return spectator(None, door="portal", ticket_id=opened.ticket_id)


@pytest.mark.parametrize("then", [None, State.WAITING, State.SOLVED])
@pytest.mark.parametrize("start", ["new", "waiting", "snoozed", "solved"])
def test_an_answer_taken_back_was_never_given(
    opened: Opened, karim: Actor, run_jobs: Callable[[], int], start: str, then: State | None
) -> None:
    bring_to(start, opened, karim)
    run_jobs()
    before = everything(opened.ticket_id, lea(opened))
    message = given(opened, karim, then=then)
    clock.advance(timedelta(seconds=19))
    departing.depart_due()
    run_jobs()
    departing.take_back(opened.ticket_id, message, by=karim)
    clock.advance(timedelta(seconds=30))
    departing.depart_due()
    run_jobs()
    assert everything(opened.ticket_id, lea(opened)) == before
    assert cases.beside(opened.ticket_id, by=karim).drafts["reply"].body == WORDS


def bring_to(state: str, opened: Opened, karim: Actor) -> None:
    if state == "waiting":
        conversation.answer(opened.ticket_id, Word(body="Quelle date ?"), then=State.WAITING, by=karim)
    if state == "snoozed":
        handling.snooze(opened.ticket_id, clock.now() + timedelta(days=2), by=karim)
    if state == "solved":
        handling.solve(opened.ticket_id, by=karim)


@pytest.mark.parametrize("then", [None, State.WAITING, State.SOLVED])
def test_an_answer_that_leaves_is_as_if_it_had_been_given_then(
    opened: Opened, karim: Actor, run_jobs: Callable[[], int], then: State | None
) -> None:
    other = a_ticket(email="autre@exemple.fr")
    run_jobs()
    given(opened, karim, then=then)
    clock.advance(timedelta(seconds=20))
    assert departing.depart_due() == 1
    conversation.answer(other.ticket_id, Word(body=WORDS), then=then, by=karim)
    run_jobs()
    one, two = (everything(made.ticket_id, lea(made)) for made in (opened, other))
    assert one["journal"] == two["journal"]
    assert one["said"] == two["said"]
    for name in ("state", "turn", "assignee_id", "unread", "solved_at"):
        assert one["row"][name] == two["row"][name], name  # type: ignore[index]
    assert [(p.kind, p.state) for p in promised.promises(opened.ticket_id)] == [
        (p.kind, p.state) for p in promised.promises(other.ticket_id)
    ]
    assert departing.depart_due() == 0


def test_nobody_outside_sees_an_answer_that_may_be_taken_back(opened: Opened, karim: Actor) -> None:
    given(opened, karim, then=State.SOLVED)
    seen = tracking.tracked(lea(opened), opened.ticket_id)
    assert [one.kind for one in seen.exchanges] == ["spectator"]
    assert seen.state != "solved"
    assert seen.first_answer_at is None
    assert [one.kind for one in cases.case_for(karim, opened.number).said] == ["spectator", "leaving"]


def test_the_first_answer_is_owed_until_it_leaves(opened: Opened, karim: Actor) -> None:
    due = promised.promises(opened.ticket_id)[0].due_at
    clock.advance(due - clock.now() - timedelta(seconds=5))
    message = given(opened, karim)
    clock.advance(timedelta(seconds=10))
    departing.take_back(opened.ticket_id, message, by=karim)
    sla.sweep()
    assert promised.promises(opened.ticket_id)[0].state == "broken"


def test_what_has_left_cannot_be_taken_back(opened: Opened, karim: Actor) -> None:
    message = given(opened, karim)
    clock.advance(timedelta(seconds=20))
    departing.depart_due()
    with pytest.raises(Conflict):
        departing.take_back(opened.ticket_id, message, by=karim)
    assert [one.kind for one in cases.case_for(karim, opened.number).said] == ["spectator", "agent"]


def test_taking_back_twice_gives_the_words_back_once(opened: Opened, karim: Actor) -> None:
    message = given(opened, karim)
    departing.take_back(opened.ticket_id, message, by=karim)
    with pytest.raises(Conflict):
        departing.take_back(opened.ticket_id, message, by=karim)
    assert cases.beside(opened.ticket_id, by=karim).drafts["reply"].body == WORDS


def test_words_typed_meanwhile_are_kept_below(opened: Opened, karim: Actor) -> None:
    message = given(opened, karim)
    conversation.keep_draft(opened.ticket_id, "reply", "Et aussi :", by=karim)
    departing.take_back(opened.ticket_id, message, by=karim)
    assert cases.beside(opened.ticket_id, by=karim).drafts["reply"].body == f"{WORDS}\n\nEt aussi :"


def test_files_come_back_with_the_words(opened: Opened, karim: Actor) -> None:
    file = store("plan.txt", "text/plain", b"rang C")
    word = Word(body=WORDS, files=(file,))
    message = departing.answer(opened.ticket_id, word, by=karim)
    assert departing.take_back(opened.ticket_id, message, by=karim) == (file,)
    assert message_queries.files_of(message) == []


def test_a_word_of_the_spectator_in_between_is_not_closed_over(opened: Opened, karim: Actor) -> None:
    given(opened, karim, then=State.SOLVED)
    conversation.write_again(opened.ticket_id, Word(body="Attendez, j’oubliais !"), by=lea(opened))
    clock.advance(timedelta(seconds=20))
    departing.depart_due()
    case = cases.case_for(karim, opened.number)
    assert (case.state, case.unread) == ("open", True)
    assert [one.kind for one in case.said] == ["spectator", "agent", "spectator"]
    row = queries.card(opened.ticket_id)
    assert row is not None
    assert row.excerpt.startswith("Attendez")


def test_what_a_colleague_decided_in_between_stands(opened: Opened, karim: Actor, actor: Act) -> None:
    given(opened, karim, then=State.WAITING)
    handling.solve(opened.ticket_id, by=actor(NADIA))
    clock.advance(timedelta(seconds=20))
    departing.depart_due()
    assert cases.case_for(karim, opened.number).state == "solved"


def test_a_form_pressed_twice_gives_one_answer(opened: Opened, karim: Actor) -> None:
    word = Word(body=WORDS, submission="clef-1")
    first = departing.answer(opened.ticket_id, word, by=karim)
    assert departing.answer(opened.ticket_id, word, by=karim) == first
    clock.advance(timedelta(seconds=20))
    assert departing.depart_due() == 1


def test_a_colleague_who_did_not_see_it_is_stopped(opened: Opened, karim: Actor, actor: Act) -> None:
    seen = cases.case_for(karim, opened.number).version
    given(opened, karim)
    with pytest.raises(Conflict):
        departing.answer(opened.ticket_id, Word(body="Moi aussi."), seen_version=seen, by=actor(NADIA))


def test_only_those_who_may_answer_take_back(opened: Opened, karim: Actor, actor: Act) -> None:
    message = given(opened, karim)
    with pytest.raises((Forbidden, NotFound)):
        departing.take_back(opened.ticket_id, message, by=actor(SAMI))
    with pytest.raises((Forbidden, NotFound)):
        departing.take_back(opened.ticket_id, message, by=lea(opened))


def test_an_answer_of_another_request_is_not_taken_back_here(opened: Opened, karim: Actor) -> None:
    message, other = given(opened, karim), a_ticket(email="autre@exemple.fr")
    with pytest.raises(NotFound):
        departing.take_back(other.ticket_id, message, by=karim)


def test_a_whole_batch_is_taken_back_one_by_one(opened: Opened, karim: Actor) -> None:
    given(opened, karim)
    departing.take_back_last(opened.ticket_id, by=karim)
    with pytest.raises(Conflict):
        departing.take_back_last(opened.ticket_id, by=karim)


def test_the_next_request_to_take_is_none_that_has_just_been_answered(opened: Opened, karim: Actor) -> None:
    message_id = given(opened, karim)
    assert taking.take_next(Filter(view="todo"), by=karim) is None
    departing.take_back(opened.ticket_id, message_id, by=karim)
    assert taking.take_next(Filter(view="todo"), by=karim) == opened.number


def test_a_question_written_in_time_stops_the_clock_in_time(opened: Opened, actor: Act) -> None:
    solution = promised.promises(opened.ticket_id)[1]
    clock.advance(solution.due_at - clock.now() - timedelta(seconds=5))
    departing.answer(opened.ticket_id, Word(body="Quel rang ?"), then=State.WAITING, by=actor(KARIM))
    clock.advance(timedelta(seconds=21))
    assert departing.depart_due() == 1
    assert [step[1] for step in promised.promises(opened.ticket_id)[1].steps] == ["started", "paused"]
