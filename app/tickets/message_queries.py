"""Questions about messages and the files joined to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, delete, exists, func, select, update
from sqlalchemy.orm import aliased, joinedload, selectinload

from app.kernel.db import session
from app.kernel.queries import fixed, read, write_numbered
from app.people.models import Person
from app.tickets.models import Attachment, Leaving, Mention, Message, Ticket

# Built once by each process: every letter and every page of the queue asks these.
_MESSAGES = select(Message).where(Message.id.in_(bindparam("ids", expanding=True)))
_first = aliased(Message)
_FIRST_WORDS = select(Message.ticket_id, Message.body).where(
    Message.id.in_(
        select(func.min(_first.id))
        .where(_first.ticket_id.in_(bindparam("tickets", expanding=True)))
        .group_by(_first.ticket_id)
    )
)
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
    """Write one message in each of some tickets; returns their ids in the order given."""
    return write_numbered(Message, rows, by=("ticket_id",))


def unsay(message_ids: Iterable[int]) -> dict[int, Row[int, datetime, str]]:
    """Make notes of messages, and free the keys under which they were said. Shape: id to (id, at, body)."""
    wanted = Message.id.in_(list(message_ids))
    found = {row.id: row for row in session.execute(select(Message.id, Message.at, Message.body).where(wanted))}
    session.execute(update(Message).where(wanted).values(kind="note", submission=None))
    return found


def last_words(ticket_ids: Iterable[int]) -> dict[int, Row[int, int, str, datetime, str]]:
    """What spectator or agent said last in each ticket. Shape: ticket to (id, ticket_id, kind, at, body)."""
    spoken = (Message.kind.in_(("spectator", "agent")), Message.held.is_(False))
    last = select(func.max(Message.id)).where(Message.ticket_id.in_(list(ticket_ids)), *spoken)
    query = select(Message.id, Message.ticket_id, Message.kind, Message.at, Message.body)
    found = session.execute(query.where(Message.id.in_(last.group_by(Message.ticket_id))))
    return {row.ticket_id: row for row in found}


def with_answers(ticket_ids: Iterable[int]) -> list[int]:
    """Those of some tickets in which an agent answered."""
    query = select(Message.ticket_id).where(Message.ticket_id.in_(list(ticket_ids)), Message.kind == "agent")
    return list(session.scalars(query.distinct()))


def hold(message_ids: Iterable[int]) -> dict[int, str]:
    """Messages held until the verb ends, always taken in the same order. Shape: id to kind."""
    query = select(Message.id, Message.kind).where(Message.id.in_(sorted(set(message_ids)))).order_by(Message.id)
    return {row.id: row.kind for row in session.execute(query.with_for_update())}


def messages(message_ids: Iterable[int]) -> dict[int, Message]:
    """Messages by id."""
    return {row.id: row for row in session.scalars(_MESSAGES, {"ids": list(message_ids)})}


def answered_words(message_ids: Iterable[int]) -> dict[int, str]:
    """What the requester had said last when each of some messages was written, by the id of that message."""
    earlier, answer = aliased(Message), aliased(Message)
    last = (
        select(func.max(earlier.id))
        .where(earlier.ticket_id == answer.ticket_id, earlier.id < answer.id)
        .where(earlier.kind == "spectator", earlier.held.is_(False), earlier.author_id == Ticket.requester_id)
        .scalar_subquery()
    )
    query = (
        select(answer.id, Message.body)
        .join(Ticket, Ticket.id == answer.ticket_id)
        .join(Message, Message.id == last)
        .where(answer.id.in_(list(message_ids)))
    )
    return {row.id: row.body for row in session.execute(query)}


def first_words(ticket_ids: Iterable[int]) -> dict[int, str]:
    """What the first message of each ticket says."""
    return {row.ticket_id: row.body for row in read(_FIRST_WORDS, {"tickets": list(ticket_ids)})}


def attachment(attachment_id: int) -> Attachment | None:
    """One file with the message it hangs on."""
    return session.scalar(
        select(Attachment).where(Attachment.id == attachment_id).options(joinedload(Attachment.message))
    )


def files_of(message_id: int) -> Sequence[Attachment]:
    """Files joined to one message."""
    query = select(Attachment).where(Attachment.message_id == message_id).order_by(Attachment.id)
    return session.scalars(query).all()


def mentions(message_ids: Iterable[int]) -> Sequence[Row[int, str]]:
    """Whom messages name. Shape: rows (message id, name), by name."""
    query = select(Mention.message_id, Person.name).join(Person, Person.id == Mention.person_id)
    return session.execute(query.where(Mention.message_id.in_(list(message_ids))).order_by(Person.name_folded)).all()


def leaving_to_change(message_id: int) -> Leaving | None:
    """What is to follow from an answer not said yet, held until the transaction ends; None once it was said."""
    return session.get(Leaving, message_id, with_for_update=True, populate_existing=True)


def leaving_due(moment: datetime, limit: int) -> Sequence[int]:
    """Answers whose moment has come, oldest first."""
    query = select(Leaving.message_id).where(Leaving.leaves_at <= moment)
    return session.scalars(query.order_by(Leaving.leaves_at, Leaving.message_id).limit(limit)).all()


def leaving_moments(message_ids: Iterable[int]) -> dict[int, datetime]:
    """When answers not said yet are said, by message."""
    query = select(Leaving.message_id, Leaving.leaves_at).where(Leaving.message_id.in_(list(message_ids)))
    return {row.message_id: row.leaves_at for row in session.execute(query)}


def answer_leaves(ticket_id: int) -> bool:
    """Whether an answer in this ticket is not said yet."""
    return session.scalar(select(Leaving.message_id).where(Leaving.ticket_id == ticket_id).limit(1)) is not None


def leave_from(ticket_ids: Iterable[int]) -> set[int]:
    """Which of some tickets have an answer that is not said yet."""
    return set(session.scalars(select(Leaving.ticket_id).where(Leaving.ticket_id.in_(list(ticket_ids)))))


def leaving_in(ticket_id: int) -> Sequence[Message]:
    """Answers in a ticket that are not said yet, oldest first, held until the transaction ends."""
    query = select(Message).join(Leaving, Leaving.message_id == Message.id).where(Leaving.ticket_id == ticket_id)
    return session.scalars(query.order_by(Message.id).with_for_update(of=Message)).all()


def let_stand(message_id: int) -> None:
    """Let an answer that was to be said wait no longer, and stay."""
    session.execute(delete(Leaving).where(Leaving.message_id == message_id))


def last_leaving(ticket_id: int, author_id: int) -> int | None:
    """The newest answer of one agent in a ticket that is not said yet."""
    query = select(Leaving.message_id).join(Message, Message.id == Leaving.message_id)
    query = query.where(Leaving.ticket_id == ticket_id, Message.author_id == author_id)
    return session.scalar(query.order_by(Leaving.message_id.desc()).limit(1))


def spectator_wrote_after(message: Message) -> bool:
    """Whether the spectator's side said something after a message."""
    later = select(Message.id).where(
        Message.ticket_id == message.ticket_id, Message.id > message.id, Message.kind == "spectator",
        Message.held.is_(False),
    )  # fmt: skip
    return session.scalar(later.limit(1)) is not None


def forget(message_id: int) -> None:
    """Remove a message that was never said."""
    for table, column in ((Leaving, Leaving.message_id), (Attachment, Attachment.message_id), (Message, Message.id)):
        session.execute(delete(table).where(column == message_id))


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
        .where(Message.id.in_(select(Message.id).where(_held(department_ids)).order_by(Message.id).limit(limit).subquery().select()))
    )  # fmt: skip
    return read(query.order_by(Message.id)).all()


def held_count(department_ids: Iterable[int]) -> int:
    """How many held words of departments wait."""
    return read(_held_count(tuple(sorted(department_ids)))).scalar() or 0


@lru_cache(maxsize=64)  # every page of the queue asks it
def _held_count(department_ids: tuple[int, ...]) -> Select[int]:
    return select(func.count()).select_from(Message).where(_held(department_ids))


def _held(department_ids: Iterable[int]) -> ColumnElement[bool]:
    # The few held messages come first, not the many tickets of a department, with which a planner without statistics
    # would begin.
    return Message.held & exists().where(
        Ticket.id == Message.ticket_id, Ticket.spam.is_(False), Ticket.department_id.in_(fixed(department_ids))
    )


def message_to_change(message_id: int) -> Message | None:
    """One message as it stands now, held until the transaction ends."""
    return session.get(Message, message_id, with_for_update=True, populate_existing=True)


def others_of(ticket_id: int, message_id: int) -> Sequence[Message]:
    """What was said in a ticket besides one message, oldest first."""
    query = select(Message).where(Message.ticket_id == ticket_id, Message.id != message_id)
    return session.scalars(query.order_by(Message.id)).all()
