"""Questions about how the people of an incident wait, and how fast they are answered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import exists, func, select

from app.incidents.models import IncidentTicket
from app.kernel.db import session
from app.kernel.queries import unsought
from app.sla.models import Promise
from app.sla.targets import FIRST
from app.tickets.models import Ticket


def waiting_before(incident_id: int, member_id: int, *, start: int = 0) -> int:
    """How many, of those from member `start` on, stood in the crowd before a member and wait for their first answer."""
    query = (
        select(func.count())
        .select_from(IncidentTicket)
        .join(Ticket, Ticket.id == IncidentTicket.ticket_id)
        .where(
            IncidentTicket.incident_id == incident_id, IncidentTicket.stands == "crowd", IncidentTicket.id >= start,
            IncidentTicket.id < member_id, Ticket.turn == "crowd", Ticket.state == "new",
        )
    )  # fmt: skip
    return session.scalar(query) or 0


def newest_members(incident_ids: Iterable[int]) -> dict[int, int]:
    """The member of each incident that joined it last."""
    newest = func.max(IncidentTicket.id)
    query = select(IncidentTicket.incident_id, newest).where(IncidentTicket.incident_id.in_(list(incident_ids)))
    return {row[0]: row[1] for row in session.execute(query.group_by(IncidentTicket.incident_id))}


def answered_since(incident_id: int, moment: datetime) -> tuple[int, datetime | None]:
    """How many of an incident had their first answer since a moment, and when the first of them had it."""
    # From the promises to the members, not the other way: in the first hours of a storm hardly any is settled.
    member = exists().where(IncidentTicket.incident_id == incident_id, IncidentTicket.ticket_id == Promise.ticket_id)
    row = session.execute(
        select(func.count(), func.min(Promise.settled_at)).where(
            Promise.kind == FIRST, Promise.settled_at >= moment, Promise.taken_minutes.is_not(None), member
        )
    ).one()
    return row[0], row[1]


def first_answers_since(moment: datetime) -> int:
    """How many requests of any kind had their first answer since a moment."""
    query = select(func.count()).where(
        Promise.kind == FIRST, Promise.settled_at >= moment, Promise.taken_minutes.is_not(None)
    )
    return session.scalar(query) or 0


def promised(ticket_ids: Iterable[int]) -> dict[int, datetime]:
    """When each request's first answer is due, as far as it is owed."""
    query = select(Promise.ticket_id, Promise.due_at).where(
        Promise.ticket_id.in_(list(ticket_ids)),
        Promise.kind == FIRST,
        unsought(Promise.state).in_(("running", "broken")),
    )
    return {row[0]: row[1] for row in session.execute(query)}
