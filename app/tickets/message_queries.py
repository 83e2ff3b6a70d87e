"""Questions about messages and the files joined to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload, selectinload

from app.kernel.db import session
from app.kernel.queries import write_numbered
from app.tickets.models import Attachment, Message

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


def write_first_messages(rows: Sequence[dict[str, Any]]) -> list[int]:
    """Write the first message of each of some tickets; returns their ids in the order given."""
    return write_numbered(Message, rows, by=("ticket_id",))


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
