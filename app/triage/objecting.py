"""Objecting to being sorted by a model: noted for a person, withdrawn again; from then on rules and colleagues sort."""

from __future__ import annotations

from app.kernel import audit, clock
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.transaction import transactional
from app.tickets import access
from app.triage import queries
from app.triage.models import SortingObjection


@transactional
def note(ticket_id: int, *, by: Actor) -> None:
    """Note that whoever wrote a request objects. Once noted, noting it again changes nothing.

    What they write is sorted by rules from now on, nothing is learned from what they wrote, and the next night a model
    that learned from it is replaced.
    """
    by.must(Permission.TICKET_SORT)
    person = access.desk_card(by, ticket_id).requester_id
    if queries.objection_of(person) is None:
        session.add(SortingObjection(person_id=person, at=clock.now(), noted_by_id=by.person_id))
        audit.note("sorting_objected", f"person:{person}", {}, by=by)


@transactional
def withdraw(ticket_id: int, *, by: Actor) -> None:
    """Take back the objection of whoever wrote a request."""
    by.must(Permission.TICKET_SORT)
    person = access.desk_card(by, ticket_id).requester_id
    row = queries.objection_of(person)
    if row is not None:
        session.delete(row)
        audit.note("sorting_objection_withdrawn", f"person:{person}", {}, by=by)
