"""Questions that find tickets by whose they are, or by their ids."""

from __future__ import annotations

from collections.abc import Iterable

from app.kernel.db import session
from app.tickets.list_queries import Row, rows
from app.tickets.models import Ticket


def of_requester(person_id: int, departments: Iterable[int] | None, *, limit: int) -> list[Row]:
    """One person's tickets, newest first; limited to some departments when given."""
    query = rows().where(Ticket.requester_id == person_id)
    if departments is not None:
        query = query.where(Ticket.department_id.in_(list(departments)))
    return [Row._make(row) for row in session.execute(query.order_by(Ticket.id.desc()).limit(limit))]


def of_ids(ticket_ids: Iterable[int], departments: Iterable[int]) -> list[Row]:
    """Tickets by their ids, limited to some departments, what is due first to begin with."""
    query = rows().where(Ticket.id.in_(list(ticket_ids)), Ticket.department_id.in_(list(departments)))
    return [Row._make(row) for row in session.execute(query.order_by(Ticket.due_at.asc().nulls_last(), Ticket.id))]
