"""One answer said in many requests at once, with all that follows from each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.transaction import publish
from app.tickets import conversation, message_queries
from app.tickets.events import TicketAnswered
from app.tickets.models import Ticket
from app.tickets.opening import excerpt_of
from app.tickets.states import State, after_answer


@dataclass(frozen=True, slots=True)
class Saying:
    """What is said in one request, under a key that lets it be said once only."""

    ticket: Ticket
    body: str
    key: str


def say(sayings: Sequence[Saying], *, then: State | None, by: Actor) -> list[int]:
    """Answer in each of some tickets, which the caller holds; inside a verb only. Returns the messages' ids in order.

    Nobody becomes responsible for any of them, and nobody is asked for an opinion.
    """
    moment = clock.now()
    # Plain rows: a crowd is thousands, and nobody needs these messages as objects now.
    ids = message_queries.write_messages([_row(one, moment, by) for one in sayings])
    for one, message_id in zip(sayings, ids, strict=True):
        ticket = one.ticket
        before = State(ticket.state)
        conversation.leave(ticket, after_answer(before, then), moment)
        ticket.excerpt = excerpt_of(one.body)
        publish(TicketAnswered(ticket_id=ticket.id, message_id=message_id, state=ticket.state, together=True), by=by)
        conversation.tell_course(ticket, before, by, quiet=True, together=True)
    return ids


def unsay(message_ids: Iterable[int]) -> None:
    """Let messages that nobody was sent be notes under no key, hidden from spectators; inside a verb only."""
    message_queries.unsay(message_ids)


def take_up(tickets: Iterable[Ticket], *, before: State, by: Actor) -> None:
    """Open tickets again that an answer had left in a state and that was not said after all; inside a verb only."""
    for ticket in tickets:
        conversation.leave(ticket, State.OPEN, ticket.activity_at)
        conversation.tell_course(ticket, before, by)


def _row(one: Saying, moment: datetime, by: Actor) -> dict[str, Any]:
    return {
        "ticket_id": one.ticket.id, "kind": "agent", "author_id": by.person_id, "channel": "web", "at": moment,
        "body": conversation.as_shown(one.body), "letter_id": None, "held": False, "submission": one.key,
    }  # fmt: skip
