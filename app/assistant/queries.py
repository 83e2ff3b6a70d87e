"""Questions about spectators who are awaited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select

from app.assistant.models import Awaited, WaitingRule
from app.kernel.db import session
from app.tickets.models import Leaving, Message, Ticket


def rules() -> Sequence[WaitingRule]:
    """What departments said themselves."""
    return session.scalars(select(WaitingRule)).all()


def rule_of(department_id: int) -> WaitingRule | None:
    """What one department said itself."""
    return session.get(WaitingRule, department_id)


def awaited(ticket_id: int) -> Awaited | None:
    """Since when the spectator of a request is awaited."""
    return session.get(Awaited, ticket_id)


def asked_before(
    department_id: int, before: datetime, steps: Iterable[str], limit: int, *, after: datetime | None = None
) -> Sequence[tuple[Awaited, Ticket]]:
    """Requests of a department that wait since before a moment and have come to certain steps only."""
    tests = [Awaited.since <= before, Awaited.step.in_(list(steps))]
    return _waiting(department_id, limit, *tests, *([Awaited.since > after] if after is not None else []))


def to_end(department_id: int, moment: datetime, limit: int) -> Sequence[tuple[Awaited, Ticket]]:
    """Requests of a department whose spectators were told of an end that has come."""
    return _waiting(department_id, limit, Awaited.step == "warned", Awaited.ends_at <= moment)


def _waiting(department_id: int, limit: int, *tests: ColumnElement[bool]) -> Sequence[tuple[Awaited, Ticket]]:
    # What is held, or leaves, may be the word that is awaited, or our own next one.
    held = exists().where(Message.ticket_id == Ticket.id, Message.held)
    leaves = exists().where(Leaving.ticket_id == Ticket.id)
    query = (
        select(Awaited, Ticket)
        .join(Ticket, Ticket.id == Awaited.ticket_id)
        .where(Ticket.department_id == department_id, Ticket.state == "waiting", *tests, ~held, ~leaves)
        .where(Ticket.spam.is_(False), Ticket.merged_into_id.is_(None))
    )
    rows = session.execute(query.order_by(Awaited.since).limit(limit).with_for_update(of=Ticket, skip_locked=True))
    return [(row[0], row[1]) for row in rows]


def last_answers(ticket_ids: Iterable[int]) -> dict[int, str]:
    """What was last answered in each request."""
    last = select(func.max(Message.id)).where(Message.ticket_id.in_(list(ticket_ids)), Message.kind == "agent")
    rows = session.execute(
        select(Message.ticket_id, Message.body).where(Message.id.in_(last.group_by(Message.ticket_id)))
    )
    return {row.ticket_id: row.body for row in rows}
