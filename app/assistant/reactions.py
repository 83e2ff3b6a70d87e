"""What the assistant does when others speak."""

from __future__ import annotations

from collections.abc import Sequence

from app.assistant import service
from app.tickets.events import TicketSorted


def first_answer(events: Sequence[TicketSorted]) -> None:
    """A request was sorted by triage: say that it arrived and when it will be answered."""
    service.acknowledge({e.ticket_id for e in events if not e.by_person})
