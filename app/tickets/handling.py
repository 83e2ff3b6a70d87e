"""Handling: tag, put off, solve, reopen, mark as spam; and one verb on several tickets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime

from app.kernel import clock
from app.kernel.access import SYSTEM, Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from app.kernel.transaction import publish, transactional
from app.tickets import access, departing, queries
from app.tickets.events import (
    TicketMarkedSpam,
    TicketReopened,
    TicketResumed,
    TicketSnoozed,
    TicketSolved,
    TicketTagged,
)
from app.tickets.models import Ticket, TicketTag
from app.tickets.states import State, turn_of

_TAG = re.compile(r"[\w][\w \-'’]{0,38}")


@transactional
def tag(ticket_id: int, *, add: Iterable[str] = (), remove: Iterable[str] = (), by: Actor) -> None:
    """Put tags on and take tags off.

    Raises:
        Invalid: a tag that is empty, too long or holds odd characters.
    """
    by.must(Permission.TICKET_TAG)
    ticket = access.desk_card(by, ticket_id)
    there = queries.tags_of(ticket.id)
    fresh = sorted({_tidy_tag(word) for word in add} - there)
    gone = sorted({_tidy_tag(word) for word in remove} & there)
    session.add_all(TicketTag(ticket_id=ticket.id, tag=word) for word in fresh)
    queries.untag(ticket.id, gone)
    if fresh or gone:
        ticket.version += 1
        publish(TicketTagged(ticket_id=ticket.id, added=fresh, removed=gone), by=by)


def _tidy_tag(word: str) -> str:
    clean = " ".join(word.lower().split())
    if not _TAG.fullmatch(clean):
        raise Invalid({"tag": "tag"})
    return clean


@transactional
def snooze(ticket_id: int, until: datetime, *, by: Actor) -> None:
    """Put a ticket off until a moment; it comes back by itself, an ended one too.

    Raises:
        Invalid: the moment has passed.
    """
    by.must(Permission.TICKET_SNOOZE)
    ticket = access.desk_card(by, ticket_id)
    if until <= clock.now():
        raise Invalid({"until": "past"})
    ended = ticket.state == State.SOLVED
    _set_state(ticket, State.SNOOZED)
    ticket.snoozed_until, ticket.solved_at = until, None
    if ended:
        publish(TicketReopened(ticket_id=ticket.id), by=by)
    publish(TicketSnoozed(ticket_id=ticket.id, until=until.isoformat()), by=by)


@transactional
def wake(*, limit: int = 200) -> int:
    """Bring back the tickets whose time has come. Returns how many."""
    rows = queries.to_wake(clock.now(), limit)
    for ticket in rows:
        _set_state(ticket, State.OPEN)
        ticket.snoozed_until, ticket.unread = None, True
        publish(TicketResumed(ticket_id=ticket.id), by=SYSTEM)
    return len(rows)


@transactional
def solve(ticket_id: int, *, by: Actor) -> None:
    """End a request without a word."""
    by.must(Permission.TICKET_SOLVE)
    ticket = access.desk_card(by, ticket_id)
    if ticket.state == State.SOLVED:
        return
    _set_state(ticket, State.SOLVED)
    ticket.solved_at, ticket.unread = clock.now(), False
    publish(TicketSolved(ticket_id=ticket.id), by=by)


@transactional
def close_as_requester(ticket_id: int, *, by: Actor) -> None:
    """The spectator needs no answer any more."""
    by.must(Permission.TICKET_WRITE)
    ticket = access.card_for(by, ticket_id)
    if ticket.state == State.SOLVED:
        return
    _set_state(ticket, State.SOLVED)
    ticket.solved_at, ticket.unread = clock.now(), False
    publish(TicketSolved(ticket_id=ticket.id, by_requester=True), by=by)


@transactional
def reopen(ticket_id: int, *, unreached: bool = False, by: Actor) -> None:
    """Take an ended or put-off request up again; `unreached` because the answer that ended it did not arrive."""
    by.must(Permission.TICKET_WRITE)
    ticket = access.card_for(by, ticket_id)
    before = State(ticket.state)
    if before in {State.NEW, State.OPEN}:
        return
    _set_state(ticket, State.OPEN)
    ticket.solved_at, ticket.snoozed_until = None, None
    if before is State.SOLVED:
        publish(TicketReopened(ticket_id=ticket.id, unreached=unreached), by=by)
    else:
        publish(TicketResumed(ticket_id=ticket.id), by=by)


@transactional
def mark_spam(ticket_id: int, *, spam: bool = True, by: Actor) -> None:
    """Take a ticket out of every queue, or put it back."""
    by.must(Permission.TICKET_SOLVE)
    ticket = access.desk_card(by, ticket_id)
    if spam:
        departing.draw_back(ticket, ticket, "spam", by=by)
    ticket.spam = spam
    ticket.turn = turn_of(State(ticket.state), away=ticket.away, crowd=ticket.crowd)
    ticket.version += 1
    publish(TicketMarkedSpam(ticket_id=ticket.id, spam=spam), by=by)


def in_bulk(ticket_ids: Iterable[int], verb: Callable[[int], None]) -> tuple[list[int], dict[int, str]]:
    """Do one verb on several tickets, each in its own transaction. Shape: (done ids, refused id to code)."""
    done: list[int] = []
    refused: dict[int, str] = {}
    for ticket_id in ticket_ids:
        try:
            verb(ticket_id)
        except (NotFound, Forbidden, Invalid, Conflict) as problem:
            refused[ticket_id] = _code(problem)
        else:
            done.append(ticket_id)
    return done, refused


def _code(problem: Problem) -> str:
    return next(iter(problem.fields.values())) if isinstance(problem, Invalid) else problem.code


def _set_state(ticket: Ticket, state: State) -> None:
    ticket.state = state
    ticket.turn = turn_of(state, away=ticket.away, crowd=ticket.crowd)
    ticket.activity_at = clock.now()
    ticket.version += 1


def note_due(due: dict[int, datetime | None]) -> None:
    """Keep the next due moment of tickets in their rows; inside a verb only, called by promises."""
    queries.set_due(due)
