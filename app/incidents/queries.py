"""Questions about incidents and who belongs to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select

from app.incidents.models import Incident, IncidentStep, IncidentTicket
from app.kernel.db import session
from app.people.models import Department
from app.tickets.models import Message, Ticket

#: The states in which an incident concerns what comes in.
LIVE = ("proposed", "declared")
#: The states of a request that nobody has answered for good.
UNANSWERED = ("new", "open")
# Written once: a storm asks these for every group that comes in.
_MEMBERSHIPS = (
    select(IncidentTicket)
    .where(IncidentTicket.ticket_id.in_(bindparam("tickets", expanding=True)))
    .order_by(IncidentTicket.id)
)
_MEMBERS = (
    select(IncidentTicket)
    .where(
        IncidentTicket.incident_id == bindparam("incident"),
        IncidentTicket.person_id.in_(bindparam("people", expanding=True)),
    )
    .order_by(IncidentTicket.ticket_id)
)


def incident(incident_id: int) -> Incident | None:
    """One incident, to look at."""
    return session.get(Incident, incident_id)


def incident_to_change(incident_id: int) -> Incident | None:
    """One incident, held until the verb ends."""
    query = select(Incident).where(Incident.id == incident_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def live() -> Sequence[Incident]:
    """Incidents that concern what comes in, the oldest first."""
    return session.scalars(select(Incident).where(Incident.state.in_(LIVE)).order_by(Incident.id)).all()


def declared_held() -> Sequence[Incident]:
    """Declared incidents as they stand now; none of them can end before the verb does."""
    query = select(Incident).where(Incident.state == "declared").order_by(Incident.id).with_for_update(read=True)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def ended_since(moment: datetime) -> Sequence[Incident]:
    """Incidents that ended since a moment."""
    return session.scalars(select(Incident).where(Incident.ended_at >= moment).order_by(Incident.id)).all()


def spoken_in(ticket_ids: Iterable[int]) -> set[int]:
    """Requests in which we said something to the spectator."""
    wanted = list(ticket_ids)
    if not wanted:
        return set()
    return set(session.scalars(select(Message.ticket_id).where(Message.ticket_id.in_(wanted), Message.kind == "agent")))


def live_on(performance_id: int) -> Incident | None:
    """The live incident of a performance, if there is one."""
    query = select(Incident).where(Incident.performance_id == performance_id, Incident.state.in_(LIVE))
    return session.scalar(query)


def live_by_words(cause: str) -> Sequence[Incident]:
    """Live incidents of a cause that words alone name, the oldest first."""
    query = select(Incident).where(
        Incident.cause == cause, Incident.performance_id.is_(None), Incident.state.in_(LIVE)
    )  # fmt: skip
    return session.scalars(query.order_by(Incident.id).execution_options(populate_existing=True)).all()


def declarations() -> Sequence[IncidentStep]:
    """The steps by which live incidents were declared."""
    query = select(IncidentStep).join(Incident, Incident.id == IncidentStep.incident_id)
    return session.scalars(query.where(Incident.state == "declared", IncidentStep.what == "declared")).all()


def steps(incident_id: int) -> Sequence[IncidentStep]:
    """The timeline of one incident, from its first line."""
    return session.scalars(
        select(IncidentStep).where(IncidentStep.incident_id == incident_id).order_by(IncidentStep.id)
    ).all()


def steps_named(incident_id: int, what: str) -> Sequence[IncidentStep]:
    """The lines of one kind of an incident's timeline."""
    query = select(IncidentStep).where(IncidentStep.incident_id == incident_id, IncidentStep.what == what)
    return session.scalars(query.order_by(IncidentStep.id)).all()


def memberships(ticket_ids: Iterable[int]) -> Sequence[IncidentTicket]:
    """What incidents say of some requests, in the order in which they joined."""
    wanted = list(ticket_ids)
    if not wanted:
        return []
    return session.scalars(_MEMBERSHIPS, {"tickets": wanted}).all()


def members_of(incident_id: int, person_ids: Iterable[int]) -> Sequence[IncidentTicket]:
    """What some people have in one incident, each in the order of their requests."""
    wanted = list(person_ids)
    if not wanted:
        return []
    return session.scalars(_MEMBERS, {"incident": incident_id, "people": wanted}).all()


def crowd_of(incident_id: int, limit: int) -> list[int]:
    """Requests that stand in the crowd of an incident still."""
    query = (
        select(IncidentTicket.ticket_id)
        .join(Ticket, Ticket.id == IncidentTicket.ticket_id)
        .where(
            IncidentTicket.incident_id == incident_id,
            IncidentTicket.stands.in_(("crowd", "folded")),
            Ticket.crowd.is_(True),
        )
        .order_by(IncidentTicket.id)
    )
    return list(session.scalars(query.limit(limit)))


def newest_of(incident_id: int, stands: Sequence[str], limit: int) -> list[int]:
    """The newest requests of an incident that stand in one of some ways."""
    query = select(IncidentTicket.ticket_id).where(
        IncidentTicket.incident_id == incident_id, IncidentTicket.stands.in_(stands)
    )
    return list(session.scalars(query.order_by(IncidentTicket.id.desc()).limit(limit)))


def first_unanswered(moment: datetime) -> int | None:
    """The oldest request opened since a moment that nobody has answered."""
    # Whoever was opened since was active since: the index of what is ours by its last activity says where to begin.
    ours = Ticket.department_id.in_(select(Department.id))
    query = select(func.min(Ticket.id)).where(
        ours, Ticket.turn == "ours", Ticket.activity_at >= moment, Ticket.opened_at >= moment
    )
    return session.scalar(query)


def unanswered_after(ticket_id: int, moment: datetime, limit: int) -> list[int]:
    """Requests after one that were opened since a moment and that nobody has answered, by id."""
    query = select(Ticket.id).where(
        Ticket.id > ticket_id, Ticket.opened_at >= moment, Ticket.turn == "ours", Ticket.state == "new"
    )
    return list(session.scalars(query.order_by(Ticket.id).limit(limit)))
