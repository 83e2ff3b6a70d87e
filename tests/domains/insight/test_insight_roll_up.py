"""The journal becomes facts: once each, in any pieces, at any moment."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.insight import service
from app.insight.models import DayFact, JournalMark, TicketFact
from app.kernel import clock
from app.kernel.access import SYSTEM, Role
from app.kernel.db import session
from app.kernel.errors import Forbidden
from app.kernel.events import Event
from app.kernel.transaction import publish, transactional
from app.tickets import handling, placing
from app.tickets.events import TicketSolved
from app.tickets.models import Ticket
from tests.conftest import counted as statements
from tests.domains.insight.stories import a_fortnight, answered, asked, counted, department, facts, later, somebody

pytestmark = pytest.mark.usefixtures("app", "noon")


@transactional
def written(event: Event) -> None:
    publish(event)


def test_rolling_up_twice_changes_nothing():
    a_fortnight()
    counted()
    once = facts()
    assert service.roll_up() == 0
    assert facts() == once


@pytest.mark.parametrize("chunk", [1, 3, 7, 10_000])
def test_facts_do_not_depend_on_how_the_journal_is_cut(chunk: int):
    a_fortnight()
    counted()
    whole = facts()
    service.start_over(by=SYSTEM)
    assert not any(facts().values())
    while service.roll_up(chunk=chunk, turns=2):
        pass
    assert facts() == whole


def test_facts_do_not_depend_on_when_the_journal_was_read():
    ticket = asked(None)
    counted()
    placing.sort(ticket, category="seating", type=None, priority="high", by=somebody(Role.AGENT))
    counted()
    answered(ticket, after=5)
    counted()
    step_by_step = facts()
    service.start_over(by=SYSTEM)
    counted()
    assert facts() == step_by_step


def test_the_days_are_the_sum_of_the_tickets():
    tickets = a_fortnight()
    counted()
    received = session.scalar(select(func.sum(DayFact.received)).where(DayFact.category == "", DayFact.channel == ""))
    assert session.scalar(select(func.count()).select_from(TicketFact)) == len(tickets)
    assert received == len(tickets) - 2  # one was merged, one is spam


def test_a_ticket_moves_its_counts_to_its_new_department():
    ticket = asked()
    counted()
    placing.move(ticket, department("it"), by=somebody(Role.AGENT))
    counted()
    rows = session.execute(select(DayFact.department_id, func.sum(DayFact.received)).group_by(DayFact.department_id))
    assert {row[0]: row[1] for row in rows} == {department("billetterie"): 0, department("it"): 3}


def test_a_ticket_that_was_erased_is_passed_over():
    ticket = asked()
    counted()
    before = facts()
    written(TicketSolved(ticket_id=ticket + 999))
    assert service.roll_up() == 1
    assert facts() == before


def test_unknown_entries_are_read_and_change_nothing():
    ticket = asked()
    counted()
    before = facts()
    handling.tag(ticket, add=["vip"], by=somebody(Role.AGENT))
    assert service.roll_up() == 1
    assert facts() == before


def test_a_chunk_takes_the_same_statements_however_many_entries_it_holds():
    def needed() -> int:
        with statements() as seen:
            counted()
        return len(seen)

    asked()
    counted()
    answered(asked(), after=1)
    few = needed()
    for _ in range(12):
        answered(asked(), after=1)
    assert needed() == few <= 12


def test_the_mark_tells_when_the_journal_was_last_followed():
    counted()
    later(minutes=1)
    counted()
    assert session.scalar(select(JournalMark.at)) == clock.now()


def test_only_those_who_change_settings_may_start_over():
    with pytest.raises(Forbidden):
        service.start_over(by=somebody(Role.AGENT))


def test_the_backlog_follows_an_answer_that_also_takes_the_ticket():
    ticket = asked()
    counted()
    answered(ticket)
    counted()
    assert session.scalar(select(TicketFact.turn)) == "ours"
    assert session.scalar(select(Ticket.assignee_id)) is not None
