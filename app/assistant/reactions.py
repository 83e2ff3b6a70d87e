"""What the assistant does when others speak."""

from __future__ import annotations

from collections.abc import Sequence

from app.assistant import service, waiting
from app.tickets.events import TicketMarkedSpam, TicketPaused, TicketSorted, TicketUnmerged


def first_answer(events: Sequence[TicketSorted]) -> None:
    """A request was sorted by triage: say that it arrived and when it will be answered."""
    service.acknowledge({e.ticket_id for e in events if not e.by_person})


def wait_for_spectator(events: Sequence[TicketPaused]) -> None:
    """Something was asked of the spectator: count the days."""
    waiting.wait({e.ticket_id for e in events})


def wait_unmerged(events: Sequence[TicketUnmerged]) -> None:
    """Out of a merge again: the spectator has all the days anew."""
    waiting.wait_again({e.ticket_id for e in events})


def wait_unless_spam(events: Sequence[TicketMarkedSpam]) -> None:
    """Back from spam: the spectator has all the days anew."""
    waiting.wait_again({e.ticket_id for e in events if not e.spam})
