"""Questions about promises."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, and_, bindparam, exists, or_, select, update

from app.kernel.db import session
from app.kernel.queries import read, unsought, write, write_numbered
from app.sla.models import Promise, PromiseStep, SlaClass
from app.tickets.models import Leaving, Message

#: An answer was given before the moment of a promise and leaves any second: it is kept, unless it is taken back.
_ANSWERED = exists().where(
    Leaving.ticket_id == Promise.ticket_id, Message.id == Leaving.message_id, Message.at <= Promise.due_at
)
OWED = ("running", "paused", "broken")

# Built once by each process: every request asks these.
_OF_TICKETS = Promise.ticket_id.in_(bindparam("tickets", expanding=True))
_PROMISES = select(Promise).where(_OF_TICKETS).order_by(Promise.id)
_promises = cast(Table, Promise.__table__)
_TICKING = select(
    Promise.id, Promise.ticket_id, Promise.kind, Promise.state, Promise.sla_class, Promise.minutes,
    Promise.started_at, Promise.due_at,
).where(_OF_TICKETS, unsought(Promise.state).in_(("running", "broken")))  # fmt: skip
_TIGHTEN = (
    update(_promises)
    .where(_promises.c.id == bindparam("promise_id"))
    .values(sla_class=bindparam("sla_class"), minutes=bindparam("minutes"), due_at=bindparam("due_at"), near=False)
)
_DUE = select(Promise.ticket_id, Promise.due_at).where(_OF_TICKETS, Promise.kind == bindparam("kind"))


def classes() -> Sequence[SlaClass]:
    """All classes in the order of the house."""
    return session.scalars(select(SlaClass).order_by(SlaClass.position, SlaClass.code)).all()


def sla_class(code: str) -> SlaClass | None:
    """One class."""
    return session.get(SlaClass, code)


def promises_of(ticket_ids: Iterable[int]) -> dict[int, list[Promise]]:
    """Promises by ticket."""
    found: dict[int, list[Promise]] = {ticket_id: [] for ticket_id in ticket_ids}
    for row in session.scalars(_PROMISES, {"tickets": list(found)}):
        found[row.ticket_id].append(row)
    return found


class Ticking(NamedTuple):
    """A promise whose moment comes, or has passed, as plain values."""

    id: int
    ticket_id: int
    kind: str
    state: str
    sla_class: str
    minutes: int
    started_at: datetime
    due_at: datetime


def ticking(ticket_ids: Iterable[int]) -> list[Ticking]:
    """What runs or is broken on tickets."""
    session.flush()  # other reactions to the same facts may have changed some
    return [Ticking(*row) for row in read(_TICKING, {"tickets": list(ticket_ids)})]


def tighten(rows: Sequence[dict[str, Any]]) -> None:
    """Write what promises become. Shape: dictionaries of promise_id, sla_class, minutes and due_at."""
    session.connection().execute(_TIGHTEN, rows)
    changed = {row["promise_id"] for row in rows}
    for row in session.identity_map.values():
        if isinstance(row, Promise) and row.id in changed:
            session.expire(row)


def due_moments(ticket_ids: Iterable[int], kind: str) -> dict[int, datetime]:
    """When one of the two promises is due, by ticket."""
    return {row.ticket_id: row.due_at for row in read(_DUE, {"tickets": list(ticket_ids), "kind": kind})}


def steps_of(promise_ids: Iterable[int]) -> dict[int, list[PromiseStep]]:
    """The explanation of promises, oldest line first."""
    found: dict[int, list[PromiseStep]] = {promise_id: [] for promise_id in promise_ids}
    for row in session.scalars(
        select(PromiseStep).where(PromiseStep.promise_id.in_(list(found))).order_by(PromiseStep.id)
    ):
        found[row.promise_id].append(row)
    return found


def due_before(moment: datetime, limit: int) -> Sequence[Promise]:
    """Running promises whose moment has passed, oldest first."""
    query = select(Promise).where(Promise.state == "running", Promise.due_at < moment, ~_ANSWERED)
    return session.scalars(query.order_by(Promise.due_at).limit(limit)).all()


def near_between(moment: datetime, until: datetime, limit: int) -> Sequence[Promise]:
    """Promises that run, or were given a new moment, end soon and were not announced."""
    awaited = or_(Promise.state == "running", and_(Promise.state == "broken", Promise.renewed))
    query = select(Promise).where(
        awaited, Promise.due_at >= moment, Promise.due_at < until, Promise.near.is_(False), ~_ANSWERED
    )
    return session.scalars(query.order_by(Promise.due_at).limit(limit)).all()


def renewed_before(moment: datetime, limit: int) -> Sequence[Promise]:
    """Promises missed once whose new moment has passed too, oldest first."""
    query = select(Promise).where(Promise.state == "broken", Promise.renewed, Promise.due_at < moment, ~_ANSWERED)
    return session.scalars(query.order_by(Promise.due_at).limit(limit)).all()


def recent_first_minutes(since: datetime) -> Sequence[int]:
    """Opening minutes of first answers settled since a moment."""
    query = select(Promise.taken_minutes).where(
        Promise.kind == "first", Promise.settled_at >= since, Promise.taken_minutes.is_not(None)
    )
    return [minutes for minutes in session.scalars(query.limit(2000)) if minutes is not None]


def write_promises(rows: Sequence[dict[str, Any]]) -> list[int]:
    """Write promises; returns their ids in the order given."""
    return write_numbered(Promise, rows, by=("ticket_id", "kind"))


def write_steps(rows: Sequence[dict[str, Any]]) -> None:
    """Write lines of explanation."""
    write(PromiseStep, rows)
