"""Questions about messages and the files joined to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.orm import joinedload, selectinload

from app.kernel.db import session
from app.kernel.queries import write_numbered
from app.people.models import Person
from app.tickets.models import Attachment, Message, Ticket

# Built once by each process: every letter asks this.
_MESSAGES = select(Message).where(Message.id.in_(bindparam("ids", expanding=True)))
_PUBLIC = ("spectator", "agent", "system")


def public_messages(ticket_id: int) -> Sequence[Message]:
    """What the requester may read, oldest first; notes and held words are never even loaded."""
    return session.scalars(
        select(Message)
        .where(Message.ticket_id == ticket_id, Message.kind.in_(_PUBLIC), Message.held.is_(False))
        .order_by(Message.id)
        .options(joinedload(Message.author), selectinload(Message.attachments))
    ).all()


def message_by_submission(key: str) -> Message | None:
    """The message a form has already sent."""
    return session.scalar(select(Message).where(Message.submission == key))


def first_message_id(ticket_id: int) -> int:
    """The id of a ticket's first word."""
    return session.scalars(select(Message.id).where(Message.ticket_id == ticket_id).order_by(Message.id).limit(1)).one()


def message(message_id: int) -> Message | None:
    """One message."""
    return session.get(Message, message_id)


def write_messages(rows: Sequence[dict[str, Any]]) -> list[int]:
    """Write messages; returns their ids in the order given."""
    return write_numbered(Message, rows)


def messages(message_ids: Iterable[int]) -> dict[int, Message]:
    """Messages by id."""
    return {row.id: row for row in session.scalars(_MESSAGES, {"ids": list(message_ids)})}


def first_words(ticket_ids: Iterable[int]) -> dict[int, Message]:
    """The first message of each ticket."""
    rows = session.scalars(select(Message).where(Message.ticket_id.in_(list(ticket_ids))).order_by(Message.id.desc()))
    return {row.ticket_id: row for row in rows}


def attachment(attachment_id: int) -> Attachment | None:
    """One file with the message it hangs on."""
    return session.scalar(
        select(Attachment).where(Attachment.id == attachment_id).options(joinedload(Attachment.message))
    )


def held_in(department_ids: Iterable[int], limit: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Held words of departments, oldest first.

    Shape: rows (id, at, body, letter_id, author_id, author, ticket_id, number, subject).
    """
    query = (
        select(
            Message.id, Message.at, Message.body, Message.letter_id, Message.author_id, Person.name.label("author"),
            Message.ticket_id, Ticket.number, Ticket.subject,
        )
        .join(Ticket, Ticket.id == Message.ticket_id)
        .outerjoin(Person, Person.id == Message.author_id)
        .where(Message.held, Ticket.spam.is_(False), Ticket.department_id.in_(list(department_ids)))
    )  # fmt: skip
    return session.execute(query.order_by(Message.id).limit(limit)).all()


def held_count(department_ids: Iterable[int]) -> int:
    """How many held words of departments wait."""
    query = select(func.count()).select_from(Message).join(Ticket, Ticket.id == Message.ticket_id)
    mine = Ticket.department_id.in_(list(department_ids))
    return session.scalar(query.where(Message.held, Ticket.spam.is_(False), mine)) or 0


def message_to_change(message_id: int) -> Message | None:
    """One message as it stands now, held until the transaction ends."""
    return session.get(Message, message_id, with_for_update=True, populate_existing=True)


def others_of(ticket_id: int, message_id: int) -> Sequence[Message]:
    """What was said in a ticket besides one message, oldest first."""
    query = select(Message).where(Message.ticket_id == ticket_id, Message.id != message_id)
    return session.scalars(query.order_by(Message.id)).all()
