"""Requests join the incident they are about, and leave it when it ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from app.incidents import queries, surfaces
from app.incidents.events import CrowdGrew, CrowdShrank, TicketJoinedIncident, TicketLeftIncident
from app.incidents.models import IncidentTicket
from app.kernel import clock
from app.kernel.db import session
from app.kernel.transaction import publish, transactional
from app.tickets import queries as tickets
from app.tickets import standing
from app.tickets.models import Ticket

#: Requests that join or go back to the queues in one transaction.
GROUP = 200
#: What came in so long before an incident was noticed may be about it already.
BEFORE = timedelta(hours=24)


@transactional
def match(ticket_ids: Iterable[int]) -> None:
    """Let requests join the declared incident of their performance; those an agent took out stay out."""
    by_show = {one.performance_id: one.id for one in surfaces.declared() if one.performance_id is not None}
    if not by_show:
        return
    rows = tickets.cards(ticket_ids)
    there = {row.ticket_id for row in queries.memberships(rows)}
    pairs = [
        (row, by_show[row.performance_id])
        for key, row in rows.items()
        if key not in there and row.performance_id and row.performance_id in by_show and not row.away
    ]
    session.add_all(_membership(row, incident_id) for row, incident_id in pairs)
    standing.join_crowd(row for row, _incident in pairs)
    for row, incident_id in pairs:
        publish(TicketJoinedIncident(ticket_id=row.id, incident_id=incident_id, reason="performance", stands="crowd"))


@transactional
def gather(incident_id: int, *, after_id: int = 0) -> None:
    """Let what came in before an incident was declared join it, a group at a time."""
    row = queries.incident(incident_id)
    if row is None or row.state != "declared":
        return
    ids = queries.unanswered_since(row.noticed_at - BEFORE, after_id=after_id, limit=GROUP)
    match(ids)
    if len(ids) == GROUP:
        publish(CrowdGrew(incident_id=incident_id, after_id=ids[-1]))


def _membership(row: Ticket, incident_id: int) -> IncidentTicket:
    return IncidentTicket(
        incident_id=incident_id, ticket_id=row.id, person_id=row.requester_id, joined_at=clock.now(),
        reason="performance", confidence=1.0, stands="crowd", exceptions=[], rank=0, novelty=None,
        lifted=[], before=None, apart=False,
    )  # fmt: skip


@transactional
def release(ends: Sequence[tuple[int, str]]) -> None:
    """Let requests of ended incidents stand in the queues again, a group at a time."""
    for incident_id, how in ends:
        ids = queries.crowd_of(incident_id, limit=GROUP)
        standing.leave_crowd(tickets.cards(ids).values())
        for ticket_id in ids:
            publish(TicketLeftIncident(ticket_id=ticket_id, incident_id=incident_id, why=how))
        if len(ids) == GROUP:
            publish(CrowdShrank(incident_id=incident_id, how=how))
