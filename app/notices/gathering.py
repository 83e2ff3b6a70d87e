"""Who is told of what happened in requests: whoever has the request, and whoever is named."""

from __future__ import annotations

from collections.abc import Sequence

from app.notices import service
from app.notices.service import News
from app.tickets import message_queries
from app.tickets import queries as tickets


def assigned(given: Sequence[tuple[int, int, int | None, int]]) -> None:
    """Requests were given to colleagues. Shape: (ticket, to whom, by whom, version of the ticket)."""
    service.note(
        News(person_id, "assigned", f"assigned:{ticket_id}:{version}", ticket_id, by_id)
        for ticket_id, person_id, by_id, version in given
    )


def mentioned(named: Sequence[tuple[int, int, Sequence[int]]]) -> None:
    """Notes name colleagues. Shape: (ticket, message, whom)."""
    words = message_queries.messages(message_id for _, message_id, _ in named)
    service.note(
        News(person_id, "mentioned", f"mentioned:{message_id}", ticket_id, words[message_id].author_id)
        for ticket_id, message_id, persons in named
        for person_id in persons
        if message_id in words
    )


def replied(pairs: Sequence[tuple[int, int]]) -> None:
    """Spectators wrote. Shape: (ticket, message)."""
    cards = tickets.cards(ticket_id for ticket_id, _ in pairs)
    words = message_queries.messages(message_id for _, message_id in pairs)
    service.note(
        News(assignee, "replied", f"replied:{message_id}", ticket_id, words[message_id].author_id)
        for ticket_id, message_id in pairs
        if message_id in words and (assignee := cards[ticket_id].assignee_id) is not None
    )
