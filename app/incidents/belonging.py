"""What agents say of one request or one person in an incident: it belongs, it does not, it was dealt with, it folds."""

from __future__ import annotations

from app.incidents import folding, queries
from app.incidents.events import TicketJoinedIncident, TicketLeftIncident
from app.incidents.exceptions import in_order, rank
from app.incidents.models import Incident, IncidentTicket
from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, NotFound
from app.kernel.transaction import publish, transactional
from app.tickets import access, standing
from app.tickets import queries as tickets
from app.tickets.models import Ticket


@transactional
def take_out(incident_id: int, ticket_id: int, *, by: Actor) -> None:
    """Say that a request does not belong: it stands in the queue again, and never joins this incident by itself.

    Raises:
        NotFound: the request is out of sight, or no member.
    """
    row, card = _member(incident_id, ticket_id, by)
    _must_live(incident_id)
    if row.stands == "out":
        return
    if row.stands == "folded":
        _take_apart(incident_id, row.person_id, by, only=ticket_id)
    row.stands = "out"
    standing.leave_crowd([card])
    publish(TicketLeftIncident(ticket_id=ticket_id, incident_id=incident_id, why="taken_out"), by=by)


@transactional
def put_in(incident_id: int, ticket_id: int, *, by: Actor) -> None:
    """Say that a request belongs: its crowd answers for it, and no other one does.

    Raises:
        NotFound: the request or the incident is out of sight.
        Conflict: the incident is not declared, or the request was folded or put away meanwhile.
    """
    by.must(Permission.INCIDENT_WORK)
    card = access.desk_card(by, ticket_id)
    _must_live(incident_id)
    if card.away:
        raise Conflict("changed_meanwhile", version=card.version)
    members = {row.incident_id: row for row in queries.memberships([ticket_id])}
    for other in members.values():
        if other.incident_id != incident_id and other.stands in folding.FOLDABLE:
            other.stands = "out"
            publish(TicketLeftIncident(ticket_id=ticket_id, incident_id=other.incident_id, why="taken_out"), by=by)
    row = members.get(incident_id) or _new(incident_id, card)
    row.stands, row.reason, row.confidence, row.exceptions, row.lifted, row.rank = "crowd", "agent", 1.0, [], [], 0
    standing.join_crowd([card])
    publish(
        TicketJoinedIncident(ticket_id=ticket_id, incident_id=incident_id, reason="agent", stands="crowd"), by=by
    )  # fmt: skip


@transactional
def settle(incident_id: int, ticket_id: int, *, by: Actor) -> None:
    """Say that an exception was dealt with by a person.

    Raises:
        NotFound: the request is out of sight, or no member.
        Conflict: it is no exception any more.
    """
    row, card = _member(incident_id, ticket_id, by)
    if row.stands == "settled":
        return
    if row.stands != "exception":
        raise Conflict("changed_meanwhile", version=card.version)
    row.stands = "settled"


@transactional
def pull_out(incident_id: int, ticket_id: int, *, by: Actor) -> None:
    """Make a request of the crowd an exception by hand: a person answers it.

    Raises:
        NotFound: the request is out of sight, or no member.
        Conflict: it does not stand in the crowd any more.
    """
    row, card = _member(incident_id, ticket_id, by)
    _must_live(incident_id)
    if row.stands == "exception":
        return
    if row.stands not in {"crowd", "settled"}:
        raise Conflict("changed_meanwhile", version=card.version)
    row.stands, row.exceptions = "exception", in_order([*row.exceptions, "by_hand"])
    row.rank = rank(row.exceptions, row.novelty)
    standing.leave_crowd([card])


@transactional
def fold(incident_id: int, person_id: int, *, by: Actor) -> int:
    """Fold all a person's requests in an incident into the first that nobody has answered. Returns how many folded.

    Raises:
        NotFound: one of them is out of sight.
        Conflict: fewer than two can be folded.
    """
    by.must(Permission.INCIDENT_WORK)
    rows = [row for row in queries.members_of(incident_id, [person_id]) if row.stands in folding.FOLDABLE]
    cards = {row.ticket_id: access.desk_card(by, row.ticket_id) for row in rows}
    free = [row for row in rows if not cards[row.ticket_id].away and cards[row.ticket_id].state in queries.UNANSWERED]
    home = cards[free[0].ticket_id].department_id if free else 0
    free = [row for row in free if cards[row.ticket_id].department_id == home]
    if len(free) < 2:
        raise Conflict("changed_meanwhile")
    for row in free:
        row.apart = False
    folding.fold_into([(row, free[0]) for row in free[1:]], cards, by=by)
    return len(free) - 1


@transactional
def unfold(incident_id: int, person_id: int, *, by: Actor) -> int:
    """Let a person's folded requests stand by themselves as they did. Returns how many came apart.

    Raises:
        NotFound: one of them is out of sight.
    """
    by.must(Permission.INCIDENT_WORK)
    return _take_apart(incident_id, person_id, by)


def _take_apart(incident_id: int, person_id: int, by: Actor, *, only: int | None = None) -> int:
    rows = queries.members_of(incident_id, [person_id])
    chosen = {row.ticket_id for row in rows if row.stands == "folded" and only in {None, row.ticket_id}}
    cards = {row.ticket_id: access.desk_card(by, row.ticket_id) for row in rows}
    folding.take_apart(rows, chosen, cards, live=_incident(incident_id).state == "declared", by=by)
    return len(chosen)


def stood_apart(ticket_ids: list[int], *, by: Actor) -> None:
    """Requests were taken out of a merge by hand: those that had been folded stand as they did; inside a verb only."""
    rows = [row for row in queries.memberships(ticket_ids) if row.stands == "folded"]
    for row in rows:
        members = queries.members_of(row.incident_id, [row.person_id])
        cards = tickets.cards_to_change(one.ticket_id for one in members)
        live = _incident(row.incident_id).state == "declared"
        folding.take_apart(members, {row.ticket_id}, cards, live=live, by=by)


def _member(incident_id: int, ticket_id: int, by: Actor) -> tuple[IncidentTicket, Ticket]:
    by.must(Permission.INCIDENT_WORK)
    card = access.desk_card(by, ticket_id)
    row = next((one for one in queries.memberships([ticket_id]) if one.incident_id == incident_id), None)
    if row is None:
        raise NotFound("incident")
    return row, card


def _new(incident_id: int, card: Ticket) -> IncidentTicket:
    row = IncidentTicket(
        incident_id=incident_id, ticket_id=card.id, person_id=card.requester_id, joined_at=clock.now(), novelty=None,
        before=None, apart=False,
    )  # fmt: skip
    session.add(row)
    return row


def answered_by_hand(ticket_ids: list[int]) -> None:
    """Colleagues answered or ended requests one by one: no crowd answers for these any more; inside a verb only."""
    rows = [row for row in queries.memberships(ticket_ids) if row.stands in folding.FOLDABLE]
    cards = tickets.cards_to_change(row.ticket_id for row in rows)
    for row in rows:
        row.stands = "settled"
    standing.leave_crowd(cards.values())


def _must_live(incident_id: int) -> None:
    row = queries.incident_to_change(incident_id)
    if row is None:
        raise NotFound("incident")
    if row.state != "declared":
        raise Conflict("incident_ended")


def _incident(incident_id: int) -> Incident:
    row = queries.incident(incident_id)
    if row is None:
        raise NotFound("incident")
    return row
