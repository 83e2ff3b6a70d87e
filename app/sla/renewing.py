"""A new moment that a person sets once a promise was missed; the promise stays broken, whatever becomes of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid
from app.kernel.transaction import publish, transactional
from app.sla import queries, service
from app.sla.events import NewDeadlinePassed, PromiseRenewed
from app.tickets import access, departing

#: How far ahead a new moment may lie.
FURTHEST = timedelta(days=366)


@transactional
def renew(ticket_id: int, moment: datetime, *, by: Actor) -> None:
    """Set a new moment for whatever was promised on a ticket and not kept in time.

    Raises:
        Invalid: field `moment`, when it is not to come, or beyond a year.
        Conflict: nothing is late, or an answer leaves any second.
    """
    by.must(Permission.TICKET_ANSWER)
    ticket, now = access.desk_card(by, ticket_id), clock.now()
    if not now < moment < now + FURTHEST:
        raise Invalid({"moment": "past" if moment <= now else "too_far"})
    if departing.leaves(ticket.id):
        raise Conflict("answer_leaves")
    rows = queries.promises_of([ticket.id])[ticket.id]
    for row in rows:
        if row.state == "running" and row.due_at < now:
            service.broke(row, now)
    late = [row for row in rows if row.state == "broken" and row.due_at < now]
    if not late:
        raise Conflict("not_late")
    for row in late:
        row.due_at, row.renewed, row.near = moment, True, False
        session.add(service.step(row, "renewed", now))
    service.write_due({ticket.id: [row for row in rows if row.state in queries.OWED]})
    ticket.version += 1
    publish(PromiseRenewed(ticket_id=ticket.id, due=moment.isoformat()), by=by)


@transactional
def sweep(*, limit: int = 500) -> int:
    """Notice new moments that have passed. Returns how many."""
    moment = clock.now()
    rows = queries.renewed_before(moment, limit)
    for row in rows:
        row.renewed = False
        session.add(service.step(row, "missed", moment))
        publish(NewDeadlinePassed(ticket_id=row.ticket_id, kind=row.kind, due=row.due_at.isoformat()))
    return len(rows)
