"""The full queue keeps the rules every queue keeps, on both databases."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import func, select

from app.demo import bulk, service
from app.kernel.access import spectator
from app.kernel.db import session
from app.kernel.events import revived
from app.kernel.journal import JournalEntry
from app.sla.models import Promise
from app.tickets.models import Message, Ticket
from app.tickets.opening import Draft, open_ticket
from app.tickets.states import State, turn_of
from app.triage.labels import TYPES

COUNT = 400


@pytest.fixture(scope="module")
def queue(demo_house: dict[str, Any]) -> list[Ticket]:
    """The tickets of the bulk, written in several chunks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bulk, "CHUNK", 170)
        service.seed(tickets=COUNT)
    return list(session.scalars(select(Ticket).where(Ticket.submission.startswith(bulk.MARK))))


def test_each_request_has_three_messages(queue: list[Ticket]) -> None:
    ids = [ticket.id for ticket in queue]
    spoken = Counter(session.scalars(select(Message.ticket_id).where(Message.ticket_id.in_(ids))))
    assert len(spoken) == COUNT
    assert set(spoken.values()) == {3}


def test_numbers_and_nonces_are_their_own(queue: list[Ticket]) -> None:
    assert len({ticket.number for ticket in queue}) == COUNT
    assert len({ticket.link_nonce for ticket in queue}) == COUNT


def test_states_come_in_their_shares(queue: list[Ticket]) -> None:
    assert all(ticket.turn == turn_of(State(ticket.state)) for ticket in queue)
    shares = Counter(ticket.turn for ticket in queue)
    assert 110 < shares["ours"] < 170
    assert 8 < shares["theirs"] < 36
    assert 205 < shares["done"] < 275


def test_types_lie_under_their_categories(queue: list[Ticket]) -> None:
    assert all(ticket.type in TYPES[ticket.category or ""] for ticket in queue)


def test_what_is_due_is_the_nearest_promise_owed(queue: list[Ticket]) -> None:
    owed = select(Promise.ticket_id, func.min(Promise.due_at)).where(Promise.state.in_(("running", "broken")))
    due = dict(session.execute(owed.group_by(Promise.ticket_id)).all())
    assert {ticket.id: ticket.due_at for ticket in queue} == {ticket.id: due.get(ticket.id) for ticket in queue}


def test_the_journal_tells_facts_as_their_events_do(queue: list[Ticket]) -> None:
    entries = session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc()).limit(300)).all()
    assert all(revived(entry.name, entry.data).values() == entry.data for entry in entries)
    assert {"TicketOpened", "TicketAnswered", "TicketSolved", "PromiseKept"} <= {entry.name for entry in entries}


def test_the_next_request_gets_a_number_of_its_own(queue: list[Ticket]) -> None:
    before = session.scalar(select(func.count()).select_from(Ticket)) or 0
    opened = open_ticket(Draft(email="lea@port.example", body="Bonjour"), by=spectator(None, door="portal"))
    assert session.scalar(select(func.count()).select_from(Ticket)) == before + 1
    assert opened.number not in {ticket.number for ticket in queue}
