"""Handling: sort, assign, tag, put off, solve, reopen, merge; every verb that is not a word in the conversation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from app.catalogue import service as catalogue
from app.kernel import clock
from app.kernel.access import SYSTEM, Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from app.kernel.transaction import publish, transactional
from app.people import colleagues
from app.people import service as people
from app.tickets import access, queries
from app.tickets.events import (
    TicketAssigned,
    TicketMarkedSpam,
    TicketMerged,
    TicketMoved,
    TicketReopened,
    TicketResumed,
    TicketSnoozed,
    TicketSolved,
    TicketSorted,
    TicketTagged,
    TicketUnmerged,
)
from app.tickets.models import Ticket, TicketLink, TicketTag
from app.tickets.states import Priority, State, turn_of

_TAG = re.compile(r"[\w][\w \-'’]{0,38}")


@transactional
def sort(ticket_id: int, *, category: str | None, type: str | None, priority: str, by: Actor) -> None:
    """Say what a ticket is about and how soon it must be looked at; its department follows the category.

    Raises:
        Invalid: an unknown category, type or priority.
    """
    by.must(Permission.TICKET_SORT)
    sorted_([(access.desk_card(by, ticket_id), category, type, priority)], by=by)


def sorted_(rows: Sequence[tuple[Ticket, str | None, str | None, str]], *, by: Actor) -> None:
    """Sort many tickets already obtained; inside a verb only."""
    for ticket, category, kind, priority in rows:
        _check_sorting(category, kind, priority)
        card = catalogue.category(category)
        if card is not None and not _internal(ticket):
            _hand_over(ticket, card.department_id)
        ticket.category, ticket.type, ticket.priority = category, kind, priority
        ticket.version += 0 if by.system else 1
        publish(
            TicketSorted(ticket_id=ticket.id, category=category, type=kind, priority=priority, by_person=not by.system),
            by=by,
        )


def _hand_over(ticket: Ticket, department_id: int) -> None:
    if ticket.department_id == department_id:
        return
    ticket.department_id = department_id
    if ticket.assignee_id is not None and colleagues.refusal(ticket.assignee_id, department_id):
        ticket.assignee_id = None


def _check_sorting(category: str | None, kind: str | None, priority: str) -> None:
    wrong = {}
    if category and catalogue.category(category) is None:
        wrong["category"] = "unknown_choice"
    card = catalogue.request_type(kind)
    if kind and (card is None or card.category != category):
        wrong["type"] = "unknown_choice"
    if priority not in set(Priority):
        wrong["priority"] = "unknown_choice"
    if wrong:
        raise Invalid(wrong)


def _internal(ticket: Ticket) -> bool:
    return any(d.id == ticket.department_id and d.internal for d in people.departments())


@transactional
def assign(ticket_id: int, assignee_id: int | None, *, by: Actor) -> None:
    """Give a ticket to a colleague who answers in its department, or to nobody.

    Raises:
        Invalid: the account is closed, or its holder does not answer there.
    """
    by.must(Permission.TICKET_ASSIGN)
    ticket = access.desk_card(by, ticket_id)
    refusal = colleagues.refusal(assignee_id, ticket.department_id) if assignee_id is not None else None
    if refusal is not None:
        raise Invalid({"assignee": refusal})
    if ticket.assignee_id == assignee_id:
        return
    ticket.assignee_id = assignee_id
    ticket.version += 1
    publish(TicketAssigned(ticket_id=ticket.id, assignee_id=assignee_id), by=by)


@transactional
def move(ticket_id: int, department_id: int, *, by: Actor) -> None:
    """Give a ticket to another department; it leaves one's sight if one does not work there."""
    by.must(Permission.TICKET_ASSIGN)
    ticket = access.desk_card(by, ticket_id)
    if department_id not in {card.id for card in people.departments()}:
        raise Invalid({"department": "unknown_choice"})
    if ticket.department_id == department_id:
        return
    ticket.department_id, ticket.assignee_id = department_id, None
    ticket.version += 1
    publish(TicketMoved(ticket_id=ticket.id, department_id=department_id), by=by)


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
    """Put a ticket off until a moment; it comes back by itself.

    Raises:
        Invalid: the moment has passed.
    """
    by.must(Permission.TICKET_SNOOZE)
    ticket = access.desk_card(by, ticket_id)
    if until <= clock.now():
        raise Invalid({"until": "past"})
    _set_state(ticket, State.SNOOZED)
    ticket.snoozed_until = until
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
def reopen(ticket_id: int, *, by: Actor) -> None:
    """Take an ended or put-off request up again."""
    by.must(Permission.TICKET_WRITE)
    ticket = access.card_for(by, ticket_id)
    before = State(ticket.state)
    if before in {State.NEW, State.OPEN}:
        return
    _set_state(ticket, State.OPEN)
    ticket.solved_at, ticket.snoozed_until = None, None
    if before is State.SOLVED:
        publish(TicketReopened(ticket_id=ticket.id), by=by)
    else:
        publish(TicketResumed(ticket_id=ticket.id), by=by)


@transactional
def mark_spam(ticket_id: int, *, spam: bool = True, by: Actor) -> None:
    """Take a ticket out of every queue, or put it back."""
    by.must(Permission.TICKET_SOLVE)
    ticket = access.desk_card(by, ticket_id)
    ticket.spam = spam
    ticket.turn = turn_of(State(ticket.state), away=ticket.away)
    ticket.version += 1
    publish(TicketMarkedSpam(ticket_id=ticket.id, spam=spam), by=by)


@transactional
def merge(ticket_id: int, into_id: int, *, by: Actor) -> None:
    """Fold a ticket into another of the same requester; nobody is written to.

    Raises:
        Invalid: into itself, or another requester's.
        NotFound: either is out of sight.
    """
    by.must(Permission.TICKET_MERGE)
    ticket, into = access.desk_card(by, ticket_id), access.desk_card(by, into_id)
    if ticket.id == into.id or into.merged_into_id is not None or ticket.merged_into_id is not None:
        raise Invalid({"into": "merge_same"})
    if ticket.requester_id != into.requester_id:
        raise Invalid({"into": "merge_other_requester"})
    ticket.merged_into_id = into.id
    ticket.turn = turn_of(State.SOLVED, away=True)
    ticket.version += 1
    into.version += 1
    session.add(TicketLink(ticket_id=ticket.id, other_id=into.id, kind="merged"))
    publish(TicketMerged(ticket_id=ticket.id, into_id=into.id), by=by)


@transactional
def unmerge(ticket_id: int, *, by: Actor) -> None:
    """Undo a merge."""
    by.must(Permission.TICKET_MERGE)
    ticket = access.desk_card(by, ticket_id)
    if ticket.merged_into_id is None:
        raise Conflict("not_merged")
    before = ticket.merged_into_id
    queries.unlink(ticket.id, before)
    ticket.merged_into_id = None
    ticket.turn = turn_of(State(ticket.state), away=ticket.spam)
    ticket.version += 1
    publish(TicketUnmerged(ticket_id=ticket.id, from_id=before), by=by)


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
    ticket.turn = turn_of(state, away=ticket.away)
    ticket.activity_at = clock.now()
    ticket.version += 1


def note_due(due: dict[int, datetime | None]) -> None:
    """Keep the next due moment of tickets in their rows; inside a verb only, called by promises."""
    queries.set_due(due)
