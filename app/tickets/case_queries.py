"""Questions of the page of one ticket: itself, what was said, drafts, colleagues who have it open, tickets beside it.

They are built once by each process and filled in at each execution, and answer with columns: this is the page the desk
reads most, and rows that nobody changes need not become objects that could be.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import CompoundSelect, Row, Select, bindparam, case, exists, literal, null, or_, select, union_all
from sqlalchemy.orm import aliased

from app.boxoffice.models import Performance, Production
from app.kernel.queries import read
from app.people.models import Address, Person
from app.tickets.models import Attachment, Draft, Message, Presence, Ticket, TicketLink, TicketTag

#: A row of columns, by the names given to them.
Columns: TypeAlias = Row[*tuple[Any, ...]]

_TICKET, _PERSON = bindparam("ticket", type_=Ticket.id.type), bindparam("person", type_=Ticket.id.type)
_SINCE, _LIMIT = bindparam("since", type_=Ticket.opened_at.type), bindparam("limit", type_=Ticket.version.type)


def case_row(number: int) -> Columns | None:
    """A ticket with its requester, assignee and performance, by public number."""
    return read(_case_row(), {"number": number}).one_or_none()


@cache
def _case_row() -> Select[*tuple[Any, ...]]:
    assignee = aliased(Person)
    return (
        select(
            Ticket.id, Ticket.number, Ticket.subject, Ticket.state, Ticket.turn, Ticket.priority, Ticket.language,
            Ticket.channel, Ticket.department_id, Ticket.category, Ticket.type, Ticket.requester_id, Ticket.assignee_id,
            Ticket.order_code, Ticket.performance_id, Ticket.answers, Ticket.due_at, Ticket.opened_at,
            Ticket.activity_at, Ticket.snoozed_until, Ticket.unread, Ticket.spam, Ticket.merged_into_id, Ticket.version,
            Person.name.label("requester"), Person.language.label("requester_language"), Person.phone,
            assignee.name.label("assignee"), Production.title_fr, Production.title_en, Performance.starts_at,
            Performance.status, Performance.hall, Performance.new_starts_at, Performance.sold_out,
            Performance.notice_fr, Performance.notice_en,
        )
        .join(Person, Person.id == Ticket.requester_id)
        .outerjoin(assignee, assignee.id == Ticket.assignee_id)
        .outerjoin(Performance, Performance.id == Ticket.performance_id)
        .outerjoin(Production, Production.id == Performance.production_id)
        .where(Ticket.number == bindparam("number"))
    )  # fmt: skip


def marks(ticket_id: int, requester_id: int) -> Sequence[Columns]:
    """Addresses of the requester, the oldest first, then tags by alphabet, in one statement.

    Shape: rows (what, word, confirmed_at, undeliverable, undeliverable_at, place), where what is `address` or `tag`.
    """
    return read(_marks(), {"ticket": ticket_id, "person": requester_id}).all()


@cache
def _marks() -> Select[*tuple[Any, ...]]:
    boxes = select(
        literal("address").label("what"), Address.email.label("word"), Address.confirmed_at, Address.undeliverable,
        Address.undeliverable_at, Address.id.label("place"),
    ).where(Address.person_id == _PERSON)  # fmt: skip
    tags = select(literal("tag"), TicketTag.tag, null(), null(), null(), literal(0)).where(
        TicketTag.ticket_id == _TICKET
    )
    both = union_all(boxes, tags).subquery()
    return select(both).order_by(both.c.what, both.c.place, both.c.word)


def said(ticket_id: int) -> Sequence[Columns]:
    """Everything said in a ticket, oldest first, one row for each file of a message, or one without any."""
    return read(_said(), {"ticket": ticket_id}).all()


@cache
def _said() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Message.id, Message.kind, Message.author_id, Person.name.label("author"), Message.channel, Message.at,
            Message.body, Message.held, Message.letter_id, Attachment.id.label("file_id"), Attachment.name,
            Attachment.type, Attachment.size, Attachment.sha256,
        )
        .outerjoin(Person, Person.id == Message.author_id)
        .outerjoin(Attachment, Attachment.message_id == Message.id)
        .where(Message.ticket_id == _TICKET)
        .order_by(Message.id, Attachment.id)
    )  # fmt: skip


def beside(ticket_id: int, person_id: int, since: datetime) -> Sequence[Columns]:
    """What one agent has typed on a ticket, and who else has it open, in one statement.

    Shape: rows (what, kind, text, at, typing), where what is `draft` or `present`.
    """
    return read(_beside(), {"ticket": ticket_id, "person": person_id, "since": since}).all()


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


def company(ticket_id: int, requester_id: int, limit: int = 8) -> Sequence[Columns]:
    """Tickets that belong to one, then others of the same person, newest first.

    Shape: rows (kind, number, subject, state, opened_at, department_id), where kind is that of the link, or `other`.
    """
    return read(_company(), {"ticket": ticket_id, "person": requester_id, "limit": limit}).all()


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
    return read(query.order_by(Message.id)).scalars().all()
