"""What opinions do when others speak."""

from __future__ import annotations

from collections.abc import Sequence

from app.satisfaction import service
from app.tickets.events import TicketSolved


def ask_for_opinion(events: Sequence[TicketSolved]) -> None:
    """A request was ended by us: ask how we did."""
    service.ask({e.ticket_id for e in events if not e.by_requester and not e.quiet})
