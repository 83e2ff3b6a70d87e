"""Questions that find tickets by what somebody has in hand: a number, an order, an address, a name, a word."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, or_, select

from app.kernel.db import session
from app.people.models import Address, Person
from app.tickets.list_queries import Row, rows
from app.tickets.models import Ticket


def matching(
    departments: Iterable[int], *, number: int | None, order: str | None, typed: str, folded: str, email: str,
    limit: int = 20,
) -> list[Row]:  # fmt: skip
    """Tickets by number, order code, or the requester's name or address as typed, newest first."""
    tests: list[ColumnElement[bool]] = []
    if number is not None:
        tests.append(Ticket.number == number)
    if order:
        tests.append(Ticket.order_code == order)
    if email:
        owners = select(Address.person_id).where(Address.email.startswith(email, autoescape=True))
        tests.append(Ticket.requester_id.in_(owners))
    elif len(folded) > 1:
        named = select(Person.id).where(
            or_(
                Person.name_folded.startswith(folded, autoescape=True),
                Person.name_folded.contains(" " + folded, autoescape=True),
            )
        )
        tests.append(Ticket.requester_id.in_(named))
        # SQLite knows no capitals beyond ASCII, so an accent at the beginning of a word is tried in both cases.
        spelt = sorted({typed, typed.lower(), typed.capitalize()})
        tests += [Ticket.subject.icontains(one, autoescape=True) for one in spelt]
    if not tests:
        return []
    query = rows().where(Ticket.department_id.in_(list(departments)), or_(*tests))
    query = query.order_by(Ticket.id.desc()).limit(limit)
    return [Row._make(row) for row in session.execute(query)]


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
