"""Questions behind the desk's pages of incidents: figures, who stands where, how many wrote when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select

from app.incidents.models import Arrival, CrowdAnswer, CrowdRecipient, Incident, IncidentTicket
from app.kernel.db import session
from app.people.models import Person
from app.sla.models import Promise
from app.sla.targets import FIRST
from app.tickets.models import Message, Ticket

#: A row of columns, by the names given to them.
Columns: TypeAlias = Row[*tuple[Any, ...]]


def ended(limit: int, before: int | None = None) -> Sequence[Incident]:
    """Incidents that are over, the newest first."""
    query = select(Incident).where(Incident.ended_at.is_not(None))
    if before is not None:
        query = query.where(Incident.id < before)
    return session.scalars(query.order_by(Incident.id.desc()).limit(limit)).all()


def declared_about(performance_ids: Iterable[int]) -> Sequence[Incident]:
    """Incidents about any of some performances that were declared, the newest first."""
    query = select(Incident).where(
        Incident.performance_id.in_(list(performance_ids)), Incident.declared_at.is_not(None)
    )
    return session.scalars(query.order_by(Incident.id.desc()).limit(20)).all()


def standing(incident_ids: Iterable[int]) -> Sequence[Columns]:
    """How many requests stand how. Shape: (incident_id, stands, count)."""
    query = (
        select(IncidentTicket.incident_id, IncidentTicket.stands, func.count().label("count"))
        .where(IncidentTicket.incident_id.in_(list(incident_ids)))
        .group_by(IncidentTicket.incident_id, IncidentTicket.stands)
    )
    return session.execute(query).all()


def told_together(incident_id: int) -> int:
    """How many settled requests of an incident were answered with its crowd, and by nobody apart."""
    # Asked once for the whole crowd: a question for each request of it read every recipient as often as there are any.
    told = (
        select(CrowdRecipient.ticket_id)
        .join(CrowdAnswer, CrowdAnswer.id == CrowdRecipient.answer_id)
        .where(CrowdAnswer.incident_id == incident_id, CrowdRecipient.state == "said")
    )
    query = select(func.count()).select_from(IncidentTicket)
    query = query.where(IncidentTicket.incident_id == incident_id, IncidentTicket.stands == "settled")
    query = query.where(IncidentTicket.ticket_id.in_(told))
    return session.scalar(query) or 0


def people(incident_ids: Iterable[int]) -> dict[int, int]:
    """How many different people each incident concerns."""
    query = (
        select(IncidentTicket.incident_id, func.count(IncidentTicket.person_id.distinct()))
        .where(IncidentTicket.incident_id.in_(list(incident_ids)), IncidentTicket.stands != "out")
        .group_by(IncidentTicket.incident_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def answered(incident_id: int) -> int:
    """How many requests of an incident had their first answer."""
    query = (
        select(func.count())
        .select_from(IncidentTicket)
        .join(Promise, and_(Promise.ticket_id == IncidentTicket.ticket_id, Promise.kind == FIRST))
        .where(
            IncidentTicket.incident_id == incident_id, IncidentTicket.stands.not_in(("out", "folded")),
            Promise.settled_at.is_not(None), Promise.taken_minutes.is_not(None),
        )
    )  # fmt: skip
    return session.scalar(query) or 0


def _members() -> Select[*tuple[Any, ...]]:
    return (
        select(
            IncidentTicket.id.label("member_id"), IncidentTicket.ticket_id, IncidentTicket.person_id,
            IncidentTicket.stands, IncidentTicket.reason, IncidentTicket.confidence, IncidentTicket.exceptions,
            IncidentTicket.rank, IncidentTicket.joined_at, Ticket.number, Ticket.subject, Ticket.excerpt,
            Ticket.language, Ticket.state, Ticket.due_at, Person.name,
        )
        .join(Ticket, Ticket.id == IncidentTicket.ticket_id)
        .join(Person, Person.id == IncidentTicket.person_id)
    )  # fmt: skip


def exceptions(
    incident_id: int, departments: Iterable[int], limit: int, after: tuple[int, int] | None = None
) -> Sequence[Columns]:
    """Requests that a person must read, the gravest first; one more than asked for tells that others follow."""
    query = _members().where(*_read_by_people(incident_id, departments))
    query = query.where(_beyond(after)) if after else query
    return session.execute(query.order_by(IncidentTicket.rank, IncidentTicket.id).limit(limit + 1)).all()


def _beyond(place: tuple[int, int]) -> ColumnElement[bool]:
    """After a place in the order in which exceptions are read. Shape of the place: (rank, member's id)."""
    rank, number = place
    same = and_(IncidentTicket.rank == rank, IncidentTicket.id > number)
    return or_(IncidentTicket.rank > rank, same)


def _ahead(place: tuple[int, int]) -> ColumnElement[bool]:
    """Before such a place."""
    rank, number = place
    same = and_(IncidentTicket.rank == rank, IncidentTicket.id < number)
    return or_(IncidentTicket.rank < rank, same)


def _read_by_people(incident_id: int, departments: Iterable[int]) -> tuple[Any, ...]:
    return (
        IncidentTicket.incident_id == incident_id, IncidentTicket.stands == "exception",
        Ticket.department_id.in_(list(departments)), Ticket.turn.not_in(("done", "away")),
    )  # fmt: skip


def exception_beside(
    incident_id: int, departments: Iterable[int], place: tuple[int, int], *, backwards: bool
) -> int | None:
    """The number of the exception after, or before, a place. Shape of the place: (rank, member's id)."""
    at, beyond = (IncidentTicket.rank, IncidentTicket.id), _ahead(place) if backwards else _beyond(place)
    order = (at[0].desc(), at[1].desc()) if backwards else at
    query = select(Ticket.number).join(IncidentTicket, IncidentTicket.ticket_id == Ticket.id)
    return session.scalar(query.where(*_read_by_people(incident_id, departments), beyond).order_by(*order).limit(1))


def exception_place(incident_id: int, departments: Iterable[int], place: tuple[int, int]) -> tuple[int, int]:
    """How many exceptions stand before a place, and how many there are."""
    there = select(func.count()).select_from(IncidentTicket).join(Ticket, Ticket.id == IncidentTicket.ticket_id)
    there = there.where(*_read_by_people(incident_id, departments))
    return session.scalar(there.where(_ahead(place))) or 0, session.scalar(there) or 0


def members(incident_id: int, departments: Iterable[int], stands: str, after: int, limit: int) -> Sequence[Columns]:
    """Requests that stand one way, as they joined; one more than asked for tells that others follow."""
    query = _members().where(
        IncidentTicket.incident_id == incident_id, IncidentTicket.stands == stands, IncidentTicket.id > after,
        Ticket.department_id.in_(list(departments)),
    )  # fmt: skip
    return session.execute(query.order_by(IncidentTicket.id).limit(limit + 1)).all()


def written_by(incident_id: int, person_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """How much each person of an incident wrote. Shape: person to (requests, words)."""
    query = (
        select(IncidentTicket.person_id, func.count(IncidentTicket.ticket_id.distinct()), func.count(Message.id))
        .join(Message, and_(Message.ticket_id == IncidentTicket.ticket_id, Message.kind == "spectator"))
        .where(
            IncidentTicket.incident_id == incident_id, IncidentTicket.person_id.in_(list(person_ids)),
            IncidentTicket.stands != "out",
        )
        .group_by(IncidentTicket.person_id)
    )  # fmt: skip
    return {row[0]: (row[1], row[2]) for row in session.execute(query)}


def told_apart(ticket_ids: Iterable[int]) -> Sequence[Columns]:
    """Which of some requests a person must read, and why. Shape: (ticket_id, incident_id, exceptions)."""
    query = select(IncidentTicket.ticket_id, IncidentTicket.incident_id, IncidentTicket.exceptions)
    return session.execute(
        query.where(IncidentTicket.ticket_id.in_(list(ticket_ids)), IncidentTicket.stands == "exception")
    ).all()


def arrivals(kind: str, key: str, first: int, last: int) -> dict[int, int]:
    """To how many people something happened in each minute of a span, where to any."""
    query = select(Arrival.minute, Arrival.senders).where(
        Arrival.kind == kind, Arrival.key == key, Arrival.minute >= first, Arrival.minute <= last
    )
    return {row[0]: row[1] for row in session.execute(query)}


def joined(incident_id: int) -> list[tuple[datetime, str]]:
    """When each request of an incident was opened, and how it stands. Shape: pairs, the oldest first."""
    query = (
        select(Ticket.opened_at, IncidentTicket.stands)
        .join(IncidentTicket, IncidentTicket.ticket_id == Ticket.id)
        .where(IncidentTicket.incident_id == incident_id, IncidentTicket.stands != "out")
        .order_by(Ticket.opened_at)
    )
    return [(row[0], row[1]) for row in session.execute(query)]
