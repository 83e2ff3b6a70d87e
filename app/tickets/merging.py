"""Merging: a ticket folded into another one of the same requester, and taken out again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.kernel.access import Actor, Permission
from app.kernel.errors import Conflict, Invalid
from app.kernel.transaction import publish, transactional
from app.tickets import access, departing, message_queries, queries
from app.tickets.events import TicketMerged, TicketUnmerged
from app.tickets.models import Ticket
from app.tickets.states import State, turn_of


@transactional
def merge(ticket_id: int, into_id: int, *, by: Actor) -> None:
    """Fold a ticket into another of the same requester; nobody is written to.

    Raises:
        Invalid: into itself, or another requester's.
        NotFound: either is out of sight.
    """
    by.must(Permission.TICKET_MERGE)
    ticket, into = access.desk_card(by, ticket_id), access.desk_card(by, into_id)
    if ticket.id == into.id or into.merged_into_id is not None or ticket.merged_into_id is not None:
        raise Invalid({"into": "merge_same"})
    if ticket.requester_id != into.requester_id:
        raise Invalid({"into": "merge_other_requester"})
    folded([(ticket, into)], by=by)


def folded(pairs: Sequence[tuple[Ticket, Ticket]], *, by: Actor) -> dict[int, str]:
    """Fold tickets already obtained into others of the same requester, many at once; inside a verb only.

    Returns:
        How some of them were linked to the other before, by ticket.
    """
    leaving = message_queries.leave_from(ticket.id for ticket, _into in pairs)
    before = queries.link_all([(ticket.id, into.id) for ticket, into in pairs], "merged")
    for ticket, into in pairs:
        if ticket.id in leaving:
            departing.draw_back(ticket, into, "merged", by=by)
        ticket.merged_into_id = into.id
        ticket.turn = turn_of(State.SOLVED, away=True)
        ticket.version += 1
        into.version += 1
        publish(TicketMerged(ticket_id=ticket.id, into_id=into.id), by=by)
    return before


@transactional
def unmerge(ticket_id: int, *, by: Actor) -> None:
    """Undo a merge."""
    by.must(Permission.TICKET_MERGE)
    ticket = access.desk_card(by, ticket_id)
    if ticket.merged_into_id is None:
        raise Conflict("not_merged")
    unfolded([ticket], {}, by=by)


def unfolded(rows: Sequence[Ticket], links: Mapping[int, str], *, by: Actor) -> None:
    """Take merged tickets already obtained out again, linked to the other as `links` says; inside a verb only."""
    for ticket in rows:
        into = ticket.merged_into_id
        if into is None:
            continue
        if ticket.id in links:
            queries.link(ticket.id, into, links[ticket.id])
        else:
            queries.unlink(ticket.id, into)
        ticket.merged_into_id = None
        ticket.turn = turn_of(State(ticket.state), away=ticket.spam, crowd=ticket.crowd)
        ticket.version += 1
        publish(TicketUnmerged(ticket_id=ticket.id, from_id=into), by=by)
