"""What triage does when others speak."""

from __future__ import annotations

from collections.abc import Sequence

from app.tickets.events import TicketOpened
from app.triage import service


def sort(events: Sequence[TicketOpened]) -> None:
    """Requests were opened: sort them."""
    service.sort_tickets([e.ticket_id for e in events if e.sort], placed={e.ticket_id for e in events if e.placed})
