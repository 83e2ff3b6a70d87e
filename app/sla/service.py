"""Start, tighten, pause, resume, keep and break promises; every change leaves a line of explanation."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.kernel import clock
from app.kernel.db import session
from app.kernel.transaction import publish, transactional
from app.sla import queries
from app.sla.counting import due_moment, own_target, taken, target_of
from app.sla.events import PromiseBroken, PromiseKept, PromiseNear
from app.sla.models import Promise, PromiseStep
from app.sla.targets import FIRST, NEAR_MINUTES, SOLUTION, Target
from app.tickets import handling


@dataclass(frozen=True, slots=True)
class Start:
    """What is needed to promise something on a ticket."""

    ticket_id: int
    type: str | None
    priority: str
    at: datetime


@transactional
def start(starts: Sequence[Start]) -> None:
    """Promise a first answer and a solution on tickets just opened."""
    due: dict[int, datetime | None] = {}
    rows: list[dict[str, Any]] = []
    for one in starts:
        target = target_of(one.type, one.priority)
        for kind in (FIRST, SOLUTION):
            moment = due_moment(target, kind, one.at)
            rows.append(_promise(one, kind, target, moment))
            due[one.ticket_id] = min(due.get(one.ticket_id) or moment, moment)
    # Written as plain rows: opening is the hottest verb, and nobody needs these as objects now.
    ids = queries.write_promises(rows)
    steps = ({**row, "promise_id": promise_id} for row, promise_id in zip(rows, ids, strict=True))
    queries.write_steps([_step_row(step, "started", step["started_at"]) for step in steps])
    handling.note_due(due)


def _promise(one: Start, kind: str, target: Target, moment: datetime) -> dict[str, Any]:
    return {
        "ticket_id": one.ticket_id, "kind": kind, "sla_class": target.sla_class, "state": "running",
        "minutes": target.minutes(kind), "started_at": one.at, "due_at": moment, "paused_minutes": 0, "near": False,
    }  # fmt: skip


def _step_row(row: Mapping[str, Any], what: str, at: datetime) -> dict[str, Any]:
    return {
        "promise_id": row["promise_id"], "at": at, "what": what, "sla_class": row["sla_class"],
        "minutes": row["minutes"], "due_at": row["due_at"],
    }  # fmt: skip


def step(row: Promise, what: str, at: datetime) -> PromiseStep:
    """A line of a promise's explanation, not written yet."""
    return PromiseStep(
        promise_id=row.id, at=at, what=what, sla_class=row.sla_class, minutes=row.minutes, due_at=row.due_at
    )


@transactional
def retime(changes: Sequence[tuple[int, str | None, str]]) -> None:
    """Let type and priority tighten what is owed; a promise already told never moves later.

    Shape of `changes`: (ticket id, type, priority).
    """
    targets = {ticket_id: target_of(kind_code, priority) for ticket_id, kind_code, priority in changes}
    told = queries.ticking(targets)
    tightened = [one for row in told if (one := _tightened(row, targets[row.ticket_id])) is not None]
    if not tightened:
        return
    # Written as plain rows: sorting hundreds of letters tightens hundreds of promises at once.
    queries.tighten(tightened)
    moment = clock.now()
    queries.write_steps([_step_row(one, "tightened", moment) for one in tightened])
    sooner = {one["promise_id"]: one["due_at"] for one in tightened}
    due: dict[int, datetime | None] = {}
    for row in told:
        own = sooner.get(row.id, row.due_at)
        due[row.ticket_id] = min(due.get(row.ticket_id) or own, own)
    handling.note_due({one["ticket_id"]: due[one["ticket_id"]] for one in tightened})


def _tightened(row: queries.Ticking, target: Target) -> dict[str, Any] | None:
    """What a running promise becomes under a target, if that is due sooner than was told."""
    minutes = target.minutes(row.kind)
    if row.state != "running" or (target.sla_class, minutes) == (row.sla_class, row.minutes):
        return None
    moment = due_moment(target, row.kind, row.started_at)
    if moment >= row.due_at:
        return None
    return {
        "promise_id": row.id, "ticket_id": row.ticket_id, "sla_class": target.sla_class, "minutes": minutes,
        "due_at": moment,
    }  # fmt: skip


@transactional
def pause(given: Mapping[int, datetime | None]) -> None:
    """Stop the clocks: we wait for the spectator. Shape: ticket to when we asked, if not now."""
    owed, moment = _owed(given), clock.now()
    for row in _rows(owed):
        asked = given[row.ticket_id] or moment
        if row.state == "running" and row.due_at < asked:
            broke(row, moment)  # the sweep may not have come by yet: a pause makes no missed promise good
        if row.state in {"running", "broken"}:
            row.state, row.paused_at = "paused", asked
            session.add(step(row, "paused", moment))
    write_due(owed)


@transactional
def resume(ticket_ids: Iterable[int]) -> None:
    """Start the clocks again; what is due moves by the opening time that passed."""
    owed = _owed(ticket_ids)
    for row in _rows(owed):
        if row.state == "paused" and row.paused_at is not None:
            _resume_one(row)
    write_due(owed)


def _resume_one(row: Promise) -> None:
    target = own_target(row)
    moment, stopped = clock.now(), row.paused_at or clock.now()
    row.paused_minutes += taken(target, stopped, moment)
    row.state = "running" if row.broken_at is None else "broken"
    if row.broken_at is None:
        left = taken(target, stopped, row.due_at)
        row.due_at = due_moment(target, row.kind, moment, minutes=left)
    elif row.renewed:  # a moment of somebody's choice, which need not lie in opening hours
        row.due_at += moment - stopped
    row.paused_at = None
    session.add(step(row, "resumed", moment))


@transactional
def keep_first(given: Mapping[int, datetime | None]) -> None:
    """A human answered: the first promise is settled. Shape: ticket to when the answer was given, if not now."""
    _settle(given, {FIRST})


@transactional
def keep_all(given: Mapping[int, datetime | None]) -> None:
    """The request ended: everything owed is settled. Shape: ticket to when its end was decided, if not now."""
    _settle(given, {FIRST, SOLUTION})


def _settle(given: Mapping[int, datetime | None], kinds: set[str]) -> None:
    owed = _owed(given)
    moment = clock.now()
    for row in _rows(owed):
        if row.kind not in kinds:
            continue
        stopped = row.paused_at if row.state == "paused" else given[row.ticket_id]
        late = row.broken_at is not None or (stopped or moment) > row.due_at
        end = row.paused_at or moment
        row.taken_minutes = max(0, taken(own_target(row), row.started_at, end) - row.paused_minutes)
        row.state, row.settled_at, row.paused_at = "late" if late else "kept", moment, None
        session.add(step(row, row.state, moment))
        publish(PromiseKept(ticket_id=row.ticket_id, kind=row.kind, late=late, minutes=row.taken_minutes))
    write_due(owed)


@transactional
def owe_again(ticket_ids: Iterable[int], *, answered: Collection[int], since: datetime) -> None:
    """What an answer settled or put off since a moment is owed as before: it reached nobody.

    Nothing is given for the time between, for nobody knew of it. `answered` are those that another answer was given in.
    """
    found = queries.promises_of(ticket_ids)
    for row in _rows(found):
        ended = {"kept": row.settled_at, "late": row.settled_at, "paused": row.paused_at}.get(row.state)
        if ended is not None and ended >= since and (row.kind == SOLUTION or row.ticket_id not in answered):
            _owe_again(row)
    write_due({ticket_id: [row for row in rows if row.state in queries.OWED] for ticket_id, rows in found.items()})


def _owe_again(row: Promise) -> None:
    row.state = "running" if row.broken_at is None else "broken"
    row.settled_at, row.taken_minutes, row.paused_at = None, None, None
    session.add(step(row, "owed", clock.now()))


@transactional
def reopen(ticket_ids: Iterable[int]) -> None:
    """The request lives again: a solution is promised anew from now."""
    moment = clock.now()
    due: dict[int, list[Promise]] = {}
    for ticket_id, rows in queries.promises_of(ticket_ids).items():
        for row in rows:
            if row.kind == SOLUTION and row.state not in queries.OWED:
                _restart(row, moment)
        due[ticket_id] = [row for row in rows if row.state in queries.OWED]
    write_due(due)


def _restart(row: Promise, moment: datetime) -> None:
    row.state, row.started_at, row.settled_at, row.taken_minutes = "running", moment, None, None
    row.broken_at, row.paused_at, row.near, row.renewed, row.paused_minutes = None, None, False, False, 0
    row.due_at = due_moment(own_target(row), row.kind, moment)
    session.add(step(row, "reopened", moment))


@transactional
def void(ticket_ids: Iterable[int]) -> None:
    """Nothing is owed any more: spam or merged."""
    owed = _owed(ticket_ids)
    for row in _rows(owed):
        row.state = "void"
        session.add(step(row, "void", clock.now()))
    handling.note_due(dict.fromkeys(owed))


@transactional
def revive(ticket_ids: Iterable[int]) -> None:
    """What was void is owed again: the ticket came back from spam or out of a merge."""
    found = queries.promises_of(ticket_ids)
    for row in _rows(found):
        if row.state == "void":
            owed = "running" if row.broken_at is None else "broken"
            row.state = owed if row.paused_at is None else "paused"
            session.add(step(row, row.state if row.paused_at else "resumed", clock.now()))
    write_due({ticket_id: [row for row in rows if row.state in queries.OWED] for ticket_id, rows in found.items()})


@transactional
def sweep(*, limit: int = 500) -> int:
    """Notice promises whose moment has passed or is near. Returns how many were broken."""
    moment = clock.now()
    broken = queries.due_before(moment, limit)
    for row in broken:
        broke(row, moment)
    for row in queries.near_between(moment, moment + timedelta(minutes=NEAR_MINUTES), limit):
        row.near = True
        publish(PromiseNear(ticket_id=row.ticket_id, kind=row.kind, due=row.due_at.isoformat()))
    return len(broken)


def broke(row: Promise, moment: datetime) -> None:
    """Note that the moment of a promise has passed; inside a verb only."""
    row.state, row.broken_at = "broken", row.due_at
    session.add(step(row, "broken", moment))
    publish(PromiseBroken(ticket_id=row.ticket_id, kind=row.kind, due=row.due_at.isoformat()))


def _owed(ticket_ids: Iterable[int]) -> dict[int, list[Promise]]:
    found = queries.promises_of(ticket_ids)
    return {ticket_id: [row for row in rows if row.state in queries.OWED] for ticket_id, rows in found.items()}


def _rows(owed: Mapping[int, list[Promise]]) -> list[Promise]:
    return [row for rows in owed.values() for row in rows]


def write_due(owed: Mapping[int, list[Promise]]) -> None:
    """Keep the next moment of what is owed in the rows of tickets; inside a verb only. Shape: promises by ticket."""
    handling.note_due({ticket_id: _next_due(rows) for ticket_id, rows in owed.items()})


def _next_due(rows: Iterable[Promise]) -> datetime | None:
    return min((row.due_at for row in rows if row.state in {"running", "broken"}), default=None)
