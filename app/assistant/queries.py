"""Questions about spectators who are awaited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, CompoundSelect, Select, exists, func, select, union_all

from app.assistant.models import Awaited, WaitingRule
from app.kernel.db import session
from app.mail.models import LetterIn, LetterOut
from app.people.models import Address
from app.tickets.models import Leaving, Message, Ticket

#: What became of letters that somebody wrote and nobody could read yet.
_UNREAD = ("waiting", "slow", "unparsed")


Tests = tuple[ColumnElement[bool], ...]


class Notice(NamedTuple):
    """How the letter fares that tells a spectator of an end."""

    state: str
    sent_at: datetime | None


def rules() -> Sequence[WaitingRule]:
    """What departments said themselves."""
    return session.scalars(select(WaitingRule)).all()


def rule_of(department_id: int) -> WaitingRule | None:
    """What one department said itself."""
    return session.get(WaitingRule, department_id)


def awaited(ticket_id: int) -> Awaited | None:
    """Since when the spectator of a request is awaited."""
    return session.get(Awaited, ticket_id)


def asked(before: datetime, steps: Iterable[str], *, after: datetime | None = None) -> Tests:
    """What tells requests that wait since before a moment, and have come to certain steps only."""
    since = Awaited.since <= before
    return (since if after is None else since & (Awaited.since > after), Awaited.step.in_(list(steps)))


def ending(moment: datetime) -> Tests:
    """What tells requests whose spectators were told of an end that has come."""
    return (Awaited.step == "warned", Awaited.ends_at <= moment)


def due(department_id: int, tests: Tests, limit: int) -> Sequence[int]:
    """Requests of a department that wait for their spectators and pass some tests, the longest first."""
    query = _waiting(select(Ticket.id), tests).where(Ticket.department_id == department_id)
    return session.scalars(query.order_by(Awaited.since).limit(limit)).all()


def to_change(ticket_id: int, tests: Tests) -> tuple[Awaited, Ticket] | None:
    """One of these if it is so still and nobody else holds it, held until the transaction ends."""
    query = _waiting(select(Awaited, Ticket), tests).where(Ticket.id == ticket_id)
    row = session.execute(query.with_for_update(of=Ticket, skip_locked=True)).first()
    return (row[0], row[1]) if row is not None else None


def _waiting(query: Select[*tuple[Any, ...]], tests: Tests) -> Select[*tuple[Any, ...]]:
    # What is held, or leaves, may be the word that is awaited, or our own next one.
    held = exists().where(Message.ticket_id == Ticket.id, Message.held)
    leaves = exists().where(Leaving.ticket_id == Ticket.id)
    return (
        query.join_from(Awaited, Ticket, Ticket.id == Awaited.ticket_id)
        .where(Ticket.state == "waiting", *tests, ~held, ~leaves, Ticket.requester_id.not_in(_writers()))
        .where(Ticket.spam.is_(False), Ticket.merged_into_id.is_(None))
    )


def _writers() -> CompoundSelect[int]:
    # A letter that is stored and not filed yet may be that word too; where its writer was not read, the envelope tells.
    unread = LetterIn.fate.in_(_UNREAD) & LetterIn.aside_at.is_(None)
    return union_all(
        *(
            select(Address.person_id).join(LetterIn, Address.email == email).where(unread)
            for email in (LetterIn.sender, func.lower(LetterIn.envelope_from))
        )
    )


def notice(letter_id: int | None) -> Notice | None:
    """How the letter fares that tells of an end."""
    query = select(LetterOut.state, LetterOut.sent_at).where(LetterOut.id == letter_id)
    row = session.execute(query).first()
    return Notice(*row) if row is not None else None


def last_answer(ticket_id: int) -> str:
    """What was last answered in a request, or nothing."""
    query = select(Message.body).where(Message.ticket_id == ticket_id, Message.kind == "agent")
    return session.scalar(query.order_by(Message.id.desc()).limit(1)) or ""
