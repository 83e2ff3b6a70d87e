"""Questions about how an answer to a crowd fares: who was told, whose letter left or came back, who replied."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, exists, func, select

from app.incidents.answer_queries import Columns
from app.incidents.models import CrowdRecipient
from app.kernel.queries import read
from app.mail.models import LetterOut
from app.people.models import Address, Person
from app.tickets.models import Message, Ticket

#: The letter that carried the message of a recipient; found by its ticket, which letters are indexed by.
_CARRIED = (LetterOut.ticket_id == CrowdRecipient.ticket_id) & (LetterOut.message_id == CrowdRecipient.message_id)
_WROTE = exists().where(
    Message.ticket_id == CrowdRecipient.ticket_id, Message.id > CrowdRecipient.message_id, Message.kind == "spectator",
    Message.held.is_(False),
)  # fmt: skip
_LOST = (
    exists()
    .where(LetterOut.message_id == CrowdRecipient.message_id, LetterOut.state.in_(("failed", "bounced")))
    .correlate(CrowdRecipient)
)
#: Whoever never received it replied to something else.
_REPLIED = _WROTE & ~_LOST


def tally(answer_id: int) -> Sequence[Columns]:
    """How many recipients stand how. Shape: rows (wave, state, why, count)."""
    query = select(CrowdRecipient.wave, CrowdRecipient.state, CrowdRecipient.why, func.count().label("people"))
    query = query.where(CrowdRecipient.answer_id == answer_id)
    return read(query.group_by(CrowdRecipient.wave, CrowdRecipient.state, CrowdRecipient.why)).all()


def letters(answer_id: int, since: datetime) -> Sequence[Columns]:
    """How the letters fare. Shape: rows (wave, domain, state, letters, lately); `lately` left since a moment."""
    lately = func.sum(case((LetterOut.sent_at >= since, 1), else_=0)).label("lately")
    query = (
        select(CrowdRecipient.wave, LetterOut.domain, LetterOut.state, func.count().label("letters"), lately)
        .join(LetterOut, _CARRIED)
        .where(CrowdRecipient.answer_id == answer_id, CrowdRecipient.state == "said")
        .group_by(CrowdRecipient.wave, LetterOut.domain, LetterOut.state)
    )
    return read(query).all()


def replied(answer_id: int) -> dict[int, int]:
    """How many people wrote back after they were told, by wave."""
    query = select(CrowdRecipient.wave, func.count().label("people")).where(
        CrowdRecipient.answer_id == answer_id, CrowdRecipient.state == "said", _REPLIED
    )
    return {row.wave: row.people for row in read(query.group_by(CrowdRecipient.wave))}


def replies(answer_id: int, limit: int) -> Sequence[str]:
    """What people wrote back after they were told."""
    query = select(Message.body).join(CrowdRecipient, CrowdRecipient.ticket_id == Message.ticket_id)
    query = query.where(
        CrowdRecipient.answer_id == answer_id, CrowdRecipient.state == "said", Message.id > CrowdRecipient.message_id,
        Message.kind == "spectator", Message.held.is_(False),
    )  # fmt: skip
    return [row.body for row in read(query.order_by(Message.id).limit(limit))]


def listed(
    answer_id: int, departments: Iterable[int], *, kind: str, after_id: int = 0, limit: int | None = None
) -> Sequence[Columns]:
    """Recipients in one state with the request each is answered in, in the order in which they were fixed.

    `kind` is waiting, said, skipped, replied, bounced, failed, or empty for all of them.
    """
    query = _listing().where(CrowdRecipient.answer_id == answer_id, CrowdRecipient.id > after_id)
    query = _of_kind(query.where(Ticket.department_id.in_(list(departments))), kind)
    return read(query.limit(limit) if limit else query).all()


def _listing() -> Select[*tuple[Any, ...]]:
    first = select(func.min(Address.id)).where(Address.person_id == CrowdRecipient.person_id).correlate(CrowdRecipient)
    return (
        select(
            CrowdRecipient.id, CrowdRecipient.wave, CrowdRecipient.state, CrowdRecipient.why, CrowdRecipient.revision,
            CrowdRecipient.said_at, Ticket.number, Ticket.subject, Ticket.language,
            Ticket.state.label("ticket_state"), Person.name, Person.phone, Address.email,
            LetterOut.state.label("letter"), LetterOut.answer.label("server"),
            ((CrowdRecipient.message_id.is_not(None)) & _REPLIED).label("replied"),
        )
        .join(Ticket, Ticket.id == CrowdRecipient.ticket_id)
        .join(Person, Person.id == CrowdRecipient.person_id)
        .outerjoin(Address, Address.id == first.scalar_subquery())
        .outerjoin(LetterOut, _CARRIED)
        .order_by(CrowdRecipient.id)
    )  # fmt: skip


def _of_kind(query: Select[*tuple[Any, ...]], kind: str) -> Select[*tuple[Any, ...]]:
    if kind == "replied":
        return query.where(CrowdRecipient.message_id.is_not(None), _REPLIED)
    if kind in {"bounced", "failed"}:
        return query.where(LetterOut.state == kind)
    return query.where(CrowdRecipient.state == kind) if kind else query
