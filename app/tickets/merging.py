"""Merging: a ticket folded into another one of the same requester, and taken out again."""

from __future__ import annotations

from app.kernel.access import Actor, Permission
from app.kernel.errors import Conflict, Invalid
from app.kernel.transaction import publish, transactional
from app.tickets import access, departing, queries
from app.tickets.events import TicketMerged, TicketUnmerged
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
    departing.draw_back(ticket, into, "merged", by=by)
    ticket.merged_into_id = into.id
    ticket.turn = turn_of(State.SOLVED, away=True)
    ticket.version += 1
    into.version += 1
    queries.link(ticket.id, into.id, "merged")
    publish(TicketMerged(ticket_id=ticket.id, into_id=into.id), by=by)


@transactional
def unmerge(ticket_id: int, *, by: Actor) -> None:
    """Undo a merge."""
    by.must(Permission.TICKET_MERGE)
    ticket = access.desk_card(by, ticket_id)
    if ticket.merged_into_id is None:
        raise Conflict("not_merged")
    before = ticket.merged_into_id
    queries.unlink(ticket.id, before)
    ticket.merged_into_id = None
    ticket.turn = turn_of(State(ticket.state), away=ticket.spam)
    ticket.version += 1
    publish(TicketUnmerged(ticket_id=ticket.id, from_id=before), by=by)
