"""What triage does when others speak."""

from __future__ import annotations

from collections.abc import Sequence

from app.tickets.events import TicketAnswered, TicketOpened
from app.triage import answered, service


def sort(events: Sequence[TicketOpened]) -> None:
    """Requests were opened: sort them."""
    service.sort_tickets([e.ticket_id for e in events if e.sort], placed={e.ticket_id for e in events if e.placed})


def note_sources(events: Sequence[TicketAnswered]) -> None:
    """Agents answered: note what the answers were made of; one to a crowd teaches nothing about each request."""
    answered.note({e.ticket_id: (e.message_id, e.canned) for e in events if not e.together})
