"""Promises: made at opening, tightened but never moved later, stopped while we wait."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask import Flask

from app.kernel import clock
from app.kernel.access import SYSTEM, Actor, Role
from app.sla import promised
from app.sla import service as sla
from app.tickets import conversation, handling, placing
from app.tickets import queries as tickets
from app.tickets.conversation import Word
from app.tickets.states import State
from tests.cast import KARIM, Character
from tests.makers import a_ticket

Known = Callable[[Character], Actor]


def first(ticket_id: int) -> promised.PromiseCard:
    return next(card for card in promised.promises(ticket_id) if card.kind == "first")


def solution(ticket_id: int) -> promised.PromiseCard:
    return next(card for card in promised.promises(ticket_id) if card.kind == "solution")


def due_of(ticket_id: int) -> datetime | None:
    row = tickets.card(ticket_id)
    assert row is not None
    return row.due_at


def test_opening_promises_a_first_answer_and_a_solution(app: Flask, noon: datetime) -> None:
    opened = a_ticket()
    # S2: 390 minutes of opening; Tuesday 14:30 leaves 240, Wednesday 11 November is a holiday, Thursday to 14:30.
    assert first(opened.ticket_id).due_at == datetime(2026, 11, 12, 13, 30, tzinfo=UTC)
    assert solution(opened.ticket_id).due_at > first(opened.ticket_id).due_at


def test_the_queue_runs_by_the_next_promise(app: Flask, noon: datetime) -> None:
    opened = a_ticket()
    row = tickets.card(opened.ticket_id)
    assert row is not None
    assert row.due_at == first(opened.ticket_id).due_at


def test_urgency_tightens_a_promise(app: Flask, noon: datetime) -> None:
    opened = a_ticket()
    placing.sort(opened.ticket_id, category="ticket_not_received", type="eticket_missing", priority="urgent", by=SYSTEM)
    assert first(opened.ticket_id).due_at == noon + timedelta(minutes=30)
    assert [step[1] for step in first(opened.ticket_id).steps] == ["started", "tightened"]


def test_a_promise_already_told_never_moves_later(app: Flask, noon: datetime) -> None:
    opened = a_ticket(type="eticket_missing")
    before = first(opened.ticket_id).due_at
    placing.sort(opened.ticket_id, category="venue_info", type="practical_info", priority="low", by=SYSTEM)
    assert first(opened.ticket_id).due_at == before


def test_an_answer_in_time_keeps_the_first_promise(app: Flask, noon: datetime, actor: Known) -> None:
    opened = a_ticket()
    with clock.frozen_at(noon + timedelta(hours=1)):
        conversation.answer(opened.ticket_id, Word(body="Bonjour."), by=actor(KARIM))
    card = first(opened.ticket_id)
    assert (card.state, card.taken_minutes) == ("kept", 60)


def test_an_answer_too_late_is_told_as_late(app: Flask, noon: datetime, actor: Known) -> None:
    opened = a_ticket()
    with clock.frozen_at(noon + timedelta(days=7)):
        sla.sweep()
        assert first(opened.ticket_id).state == "broken"
        conversation.answer(opened.ticket_id, Word(body="Bonjour."), by=actor(KARIM))
        assert first(opened.ticket_id).state == "late"


def test_the_clock_stops_while_the_spectator_is_awaited(app: Flask, noon: datetime, actor: Known) -> None:
    opened = a_ticket()
    karim = actor(KARIM)
    with clock.frozen_at(noon + timedelta(hours=1)):
        conversation.answer(opened.ticket_id, Word(body="Quel rang ?"), then=State.WAITING, by=karim)
        due = solution(opened.ticket_id).due_at
        row = tickets.card(opened.ticket_id)
        assert row is not None
        assert row.due_at is None
    with clock.frozen_at(noon + timedelta(hours=3)):
        conversation.write_again(
            opened.ticket_id, Word(body="Rang H."), by=Actor(roles=frozenset({"spectator"}), ticket_id=opened.ticket_id)
        )  # type: ignore[arg-type]
    assert solution(opened.ticket_id).due_at == due + timedelta(hours=2) or solution(opened.ticket_id).due_at > due


def test_solving_settles_everything(app: Flask, noon: datetime, actor: Known) -> None:
    opened = a_ticket()
    handling.solve(opened.ticket_id, by=actor(KARIM))
    assert {card.state for card in promised.promises(opened.ticket_id)} == {"kept"}


def test_reopening_promises_a_solution_anew(app: Flask, noon: datetime, actor: Known) -> None:
    opened = a_ticket()
    karim = actor(KARIM)
    handling.solve(opened.ticket_id, by=karim)
    with clock.frozen_at(noon + timedelta(days=2)):
        handling.reopen(opened.ticket_id, by=karim)
    assert solution(opened.ticket_id).state == "running"
    assert solution(opened.ticket_id).due_at > noon + timedelta(days=2)


def test_sweeping_twice_breaks_a_promise_once(app: Flask, noon: datetime) -> None:
    a_ticket()
    with clock.frozen_at(noon + timedelta(days=30)):
        assert sla.sweep() == 2
        assert sla.sweep() == 0


def test_spam_is_owed_nothing(app: Flask, noon: datetime, actor: Known) -> None:
    opened = a_ticket()
    handling.mark_spam(opened.ticket_id, by=actor(KARIM))
    row = tickets.card(opened.ticket_id)
    assert row is not None
    assert row.due_at is None
    assert {card.state for card in promised.promises(opened.ticket_id)} == {"void"}


def test_a_word_left_open_after_waiting_starts_the_clock_again(app: Flask, noon: datetime, actor: Known) -> None:
    opened, karim = a_ticket(), actor(KARIM)
    conversation.answer(opened.ticket_id, Word(body="Quel rang ?"), then=State.WAITING, by=karim)
    conversation.answer(opened.ticket_id, Word(body="Je cherche encore."), then=State.OPEN, by=karim)
    assert solution(opened.ticket_id).state == "running"
    assert due_of(opened.ticket_id) == solution(opened.ticket_id).due_at


def test_a_question_after_the_end_promises_a_solution_anew(app: Flask, noon: datetime, actor: Known) -> None:
    opened, karim = a_ticket(), actor(KARIM)
    handling.solve(opened.ticket_id, by=karim)
    conversation.answer(opened.ticket_id, Word(body="Et quel rang ?"), then=State.WAITING, by=karim)
    assert solution(opened.ticket_id).state == "paused"
    holder = Actor(roles=frozenset({Role.SPECTATOR}), ticket_id=opened.ticket_id)
    conversation.write_again(opened.ticket_id, Word(body="Rang H."), by=holder)
    assert solution(opened.ticket_id).state == "running"
    assert due_of(opened.ticket_id) == solution(opened.ticket_id).due_at


def test_what_waits_for_the_spectator_waits_still_after_a_mark_of_spam(
    app: Flask, noon: datetime, actor: Known
) -> None:
    opened, karim = a_ticket(), actor(KARIM)
    conversation.answer(opened.ticket_id, Word(body="Quel rang ?"), then=State.WAITING, by=karim)
    handling.mark_spam(opened.ticket_id, by=karim)
    handling.mark_spam(opened.ticket_id, spam=False, by=karim)
    assert solution(opened.ticket_id).state == "paused"
    assert due_of(opened.ticket_id) is None


def test_what_ended_as_spam_is_owed_nothing_once_it_is_back(app: Flask, noon: datetime, actor: Known) -> None:
    opened, karim = a_ticket(), actor(KARIM)
    handling.mark_spam(opened.ticket_id, by=karim)
    handling.solve(opened.ticket_id, by=karim)
    handling.mark_spam(opened.ticket_id, spam=False, by=karim)
    assert due_of(opened.ticket_id) is None
    handling.reopen(opened.ticket_id, by=karim)
    assert solution(opened.ticket_id).state == "running"


def test_spam_taken_up_again_is_owed_nothing_until_it_is_no_spam(app: Flask, noon: datetime, actor: Known) -> None:
    opened, karim = a_ticket(), actor(KARIM)
    handling.solve(opened.ticket_id, by=karim)
    handling.mark_spam(opened.ticket_id, by=karim)
    handling.reopen(opened.ticket_id, by=karim)
    assert due_of(opened.ticket_id) is None
    handling.mark_spam(opened.ticket_id, spam=False, by=karim)
    assert solution(opened.ticket_id).state == "running"


def test_a_pause_makes_no_missed_promise_good(app: Flask, noon: datetime, actor: Known) -> None:
    opened, karim = a_ticket(), actor(KARIM)
    with clock.frozen_at(noon + timedelta(days=7)):  # and nobody has swept
        conversation.answer(opened.ticket_id, Word(body="Quel rang ?"), then=State.WAITING, by=karim)
        assert [step[1] for step in solution(opened.ticket_id).steps] == ["started", "broken", "paused"]
        handling.solve(opened.ticket_id, by=karim)
        assert solution(opened.ticket_id).state == "late"


def test_a_promise_paused_in_time_is_kept_however_long_we_waited(app: Flask, noon: datetime, actor: Known) -> None:
    opened, karim = a_ticket(), actor(KARIM)
    conversation.answer(opened.ticket_id, Word(body="Quel rang ?"), then=State.WAITING, by=karim)
    with clock.frozen_at(noon + timedelta(days=30)):
        handling.solve(opened.ticket_id, by=karim)
    assert solution(opened.ticket_id).state == "kept"
