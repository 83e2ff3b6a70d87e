"""Questions about what lies around one ticket on the desk: drafts, colleagues who have it open, tickets beside it.

The two questions every such page asks are built once by each process and filled in at each execution.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, Row, Select, bindparam, case, exists, literal, or_, select, union_all

from app.kernel.db import session
from app.people.models import Person
from app.tickets.models import Draft, Message, Presence, Ticket, TicketLink

_TICKET, _PERSON = bindparam("ticket", type_=Ticket.id.type), bindparam("person", type_=Ticket.id.type)
_SINCE, _LIMIT = bindparam("since", type_=Ticket.opened_at.type), bindparam("limit", type_=Ticket.version.type)


def beside(ticket_id: int, person_id: int, since: datetime) -> Sequence[Row[*tuple[Any, ...]]]:
    """What one agent has typed on a ticket, and who else has it open, in one statement.

    Shape: rows (what, kind, text, at, typing), where what is `draft` or `present`.
    """
    return session.execute(_beside(), {"ticket": ticket_id, "person": person_id, "since": since}).all()


@cache
def _beside() -> CompoundSelect[*tuple[Any, ...]]:
    typed = select(
        literal("draft").label("what"), Draft.kind, Draft.body.label("text"), Draft.saved_at.label("at"),
        literal(False).label("typing"),
    ).where(Draft.ticket_id == _TICKET, Draft.person_id == _PERSON)  # fmt: skip
    writing = exists().where(
        Draft.ticket_id == _TICKET, Draft.person_id == Presence.person_id, Draft.saved_at >= _SINCE
    )
    others = (
        select(literal("present"), literal(""), Person.name, Presence.seen_at, or_(Presence.typing, writing))
        .join(Person, Person.id == Presence.person_id)
        .where(Presence.ticket_id == _TICKET, Presence.person_id != _PERSON, Presence.seen_at >= _SINCE)
    )
    return union_all(typed, others)


def company(ticket_id: int, requester_id: int, limit: int = 8) -> Sequence[Row[*tuple[Any, ...]]]:
    """Tickets that belong to one, then others of the same person, newest first.

    Shape: rows (kind, number, subject, state, opened_at, department_id), where kind is that of the link, or `other`.
    """
    return session.execute(_company(), {"ticket": ticket_id, "person": requester_id, "limit": limit}).all()


@cache
def _company() -> Select[*tuple[Any, ...]]:
    latest = (
        select(Ticket.id.label("id"), literal("other").label("kind"))
        .where(Ticket.requester_id == _PERSON, Ticket.id != _TICKET)
        .order_by(Ticket.id.desc())
        .limit(_LIMIT)
        .subquery()
    )
    near = union_all(
        select(TicketLink.other_id.label("id"), TicketLink.kind.label("kind")).where(TicketLink.ticket_id == _TICKET),
        select(TicketLink.ticket_id, TicketLink.kind).where(TicketLink.other_id == _TICKET),
        select(latest.c.id, latest.c.kind),
    ).subquery()
    query = select(
        near.c.kind, Ticket.number, Ticket.subject, Ticket.state, Ticket.opened_at, Ticket.department_id
    ).join(near, near.c.id == Ticket.id)
    return query.order_by(case((near.c.kind == "other", 1), else_=0), Ticket.id.desc())


def said_since(ticket_id: int, message_id: int, me: int) -> Sequence[str]:
    """Kinds of what others said in a ticket after a message, oldest first."""
    others = or_(Message.author_id.is_(None), Message.author_id != me)
    query = select(Message.kind).where(Message.ticket_id == ticket_id, Message.id > message_id, others)
    return session.scalars(query.order_by(Message.id)).all()
