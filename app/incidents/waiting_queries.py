"""Questions about how the people of an incident wait, and how fast they are answered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select

from app.incidents.models import IncidentTicket
from app.kernel.db import session
from app.kernel.queries import unsought
from app.sla.models import Promise
from app.sla.targets import FIRST
from app.tickets.models import Ticket


def waiting_before(incident_id: int, member_id: int) -> int:
    """How many stood in the crowd before a member joined it, and wait for their first answer still."""
    query = (
        select(func.count())
        .select_from(IncidentTicket)
        .join(Ticket, Ticket.id == IncidentTicket.ticket_id)
        .where(
            IncidentTicket.incident_id == incident_id, IncidentTicket.stands == "crowd", IncidentTicket.id < member_id,
            Ticket.turn == "crowd", Ticket.state == "new",
        )
    )  # fmt: skip
    return session.scalar(query) or 0


def answered_since(incident_id: int, moment: datetime) -> tuple[int, datetime | None]:
    """How many of an incident had their first answer since a moment, and when the first of them had it."""
    row = session.execute(
        select(func.count(), func.min(Promise.settled_at))
        .join(IncidentTicket, IncidentTicket.ticket_id == Promise.ticket_id)
        .where(
            IncidentTicket.incident_id == incident_id, Promise.kind == FIRST, Promise.settled_at >= moment,
            Promise.taken_minutes.is_not(None),
        )
    ).one()  # fmt: skip
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
