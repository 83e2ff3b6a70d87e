"""Questions of a rehearsal: what to cancel, and how every letter of the storm stands afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.boxoffice.models import Performance
from app.boxoffice.service import PerformanceCard, performance_card
from app.incidents.models import CrowdRecipient, IncidentTicket
from app.kernel.access import Actor, Role
from app.kernel.db import session
from app.kernel.queries import read
from app.mail.models import LetterIn, LetterOut
from app.people.models import Address, Department
from app.tickets.models import Message, Ticket

#: Soon enough to matter, late enough that nobody stands at the door.
_FROM, _UNTIL = timedelta(days=2), timedelta(days=12)
_IN_ONE = 500


class Fate(NamedTuple):
    """What became of one stored letter, and where its request stands."""

    letter_id: int
    fate: str
    ticket_id: int | None
    #: Messages that came of it; one is right, or none where nothing is said.
    messages: int


class Standing(NamedTuple):
    """Where a request stands: its turn, the request it was folded into, and how an incident counts it."""

    turn: str
    into_id: int | None
    stands: str | None
    reason: str | None
    exceptions: Sequence[str]


def manager(colleagues: Sequence[Mapping[str, Any]]) -> Actor | None:
    """The demo's manager, who sees every department that answers spectators."""
    email = next(row["email"] for row in colleagues if "manager" in row["roles"])
    person_id = session.scalar(select(Address.person_id).where(Address.email == email))
    departments = session.scalars(select(Department.id)).all()
    roles = frozenset({Role.STAFF, Role.MANAGER})
    return Actor(roles, person_id, frozenset(departments), door="desk") if person_id else None


def show_to_cancel(now: datetime) -> PerformanceCard | None:
    """A performance some days away that is still on."""
    query = (
        select(Performance)
        .where(Performance.status == "scheduled", Performance.starts_at.between(now + _FROM, now + _UNTIL))
        .options(joinedload(Performance.production))
    )
    row = session.scalar(query.order_by(Performance.starts_at).limit(1))
    return performance_card(row) if row else None


def fates(letter_ids: Sequence[int]) -> list[Fate]:
    """What became of stored letters, in the order given; those that are not there are left out."""
    said = select(func.count()).where(Message.letter_id == LetterIn.id).correlate(LetterIn).scalar_subquery()
    columns = select(LetterIn.id, LetterIn.fate, LetterIn.ticket_id, said)
    return [Fate(*row) for some in _groups(letter_ids) for row in read(columns.where(LetterIn.id.in_(some)))]


def standings(ticket_ids: Sequence[int]) -> dict[int, Standing]:
    """Where requests stand."""
    columns = select(
        Ticket.id, Ticket.turn, Ticket.merged_into_id, IncidentTicket.stands, IncidentTicket.reason,
        IncidentTicket.exceptions,
    ).outerjoin(IncidentTicket, IncidentTicket.ticket_id == Ticket.id)  # fmt: skip
    return {
        row[0]: Standing(row[1], row[2], row[3], row[4], row[5] or ())
        for some in _groups(ticket_ids)
        for row in read(columns.where(Ticket.id.in_(some)))
    }


def acknowledged(since: datetime) -> dict[str, list[tuple[str, datetime]]]:
    """Acknowledgements written since a moment, by address. Shape: pairs (kind, written at)."""
    query = select(LetterOut.to_email, LetterOut.kind, LetterOut.created_at)
    query = query.where(LetterOut.created_at >= since, LetterOut.kind.in_(("received", "incident")))
    found: dict[str, list[tuple[str, datetime]]] = {}
    for email, kind, at in read(query.order_by(LetterOut.id)):
        found.setdefault(email, []).append((kind, at))
    return found


def told_twice(answer_id: int) -> int:
    """People who were sent more than one letter of an answer to a crowd."""
    letters = select(LetterOut.to_email).join(CrowdRecipient, CrowdRecipient.message_id == LetterOut.message_id)
    letters = letters.where(CrowdRecipient.answer_id == answer_id, LetterOut.kind == "answer")
    twice = letters.group_by(LetterOut.to_email).having(func.count() > 1).subquery()
    return session.scalar(select(func.count()).select_from(twice)) or 0


def reached(answer_id: int) -> set[int]:
    """People of an answer to a crowd who were told, or left out for a reason that stands beside them."""
    query = select(CrowdRecipient.person_id).where(
        CrowdRecipient.answer_id == answer_id, CrowdRecipient.state.in_(("said", "skipped"))
    )
    return set(session.scalars(query))


def still_waiting(incident_id: int) -> int:
    """Requests of an incident that stand in its crowd as if they were to be answered with it still."""
    query = select(func.count()).select_from(IncidentTicket).join(Ticket, Ticket.id == IncidentTicket.ticket_id)
    return session.scalar(query.where(IncidentTicket.incident_id == incident_id, Ticket.turn == "crowd")) or 0


def _groups(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    wanted = list(ids)
    for start in range(0, len(wanted), _IN_ONE):
        yield wanted[start : start + _IN_ONE]
