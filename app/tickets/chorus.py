"""One answer said in many requests at once, with all that follows from each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.transaction import publish
from app.tickets import conversation, message_queries
from app.tickets.events import AnswersUnsaid, TicketAnswered
from app.tickets.models import Ticket
from app.tickets.opening import excerpt_of
from app.tickets.states import State, after_answer, turn_of


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


@dataclass(frozen=True, slots=True)
class Unsaying:
    """What was said in one request and reached nobody, and the state the request was in before."""

    ticket: Ticket
    message_id: int
    before: State


def unsay(unsayings: Sequence[Unsaying], *, then: State | None, by: Actor) -> list[Ticket]:
    """Take back what was said in tickets, which the caller holds; inside a verb only.

    The messages become notes under no key, hidden from spectators. Returns the tickets that stand again as they did;
    the others were changed by something else since, and stay.
    """
    if not unsayings:
        return []
    said = message_queries.unsay(one.message_id for one in unsayings)
    tickets = [one.ticket.id for one in unsayings]
    last = message_queries.last_words(tickets)
    back, solved = [], []
    for one in unsayings:
        ticket, left, word = one.ticket, State(one.ticket.state), last.get(one.ticket.id)
        if ticket.excerpt == excerpt_of(said[one.message_id].body):
            ticket.excerpt = excerpt_of(word.body) if word else ""
            ticket.activity_at = word.at if word else ticket.activity_at
            ticket.unread = word is not None and word.kind == "spectator"
        by_hand = word is not None and word.kind == "agent" and word.id > one.message_id
        if by_hand or left != after_answer(one.before, then):
            continue
        _stand_again(ticket, one.before)
        back.append(ticket)
        solved += [ticket.id] if left is State.SOLVED and one.before is not left else []
    publish(
        AnswersUnsaid(
            ticket_ids=tickets, since=min(word.at for word in said.values()).isoformat(), solved=solved,
            answered=message_queries.with_answers(tickets),
        ),
        by=by,
    )  # fmt: skip
    return back


def _stand_again(ticket: Ticket, state: State) -> None:
    ticket.state = state
    ticket.turn = turn_of(state, away=ticket.away, crowd=ticket.crowd)
    ticket.solved_at = ticket.activity_at if state is State.SOLVED else None
    ticket.version += 1


def _row(one: Saying, moment: datetime, by: Actor) -> dict[str, Any]:
    return {
        "ticket_id": one.ticket.id, "kind": "agent", "author_id": by.person_id, "channel": "web", "at": moment,
        "body": conversation.as_shown(one.body), "letter_id": None, "held": False, "submission": one.key,
    }  # fmt: skip
