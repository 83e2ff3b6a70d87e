"""Taking the next request without choosing: the first that is free or already one's own, by what is due."""

from __future__ import annotations

from dataclasses import replace

from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.transaction import transactional
from app.tickets import list_queries, placing
from app.tickets.filters import Filter

#: Views in which there is something to take; from any other one, the next comes from everything that waits for us.
_TAKEN_FROM = {"todo", "mine", "free", "late"}


@transactional
def take_next(filters: Filter, *, skip: int | None = None, by: Actor) -> int | None:
    """Take the next request of a list and return its number, or None when nothing is left.

    `skip` is the id of a request one is just leaving. Two colleagues who press at once get two requests.
    """
    by.must(Permission.TICKET_ASSIGN)
    wanted = filters if filters.view in _TAKEN_FROM else replace(filters, view="todo")
    row = list_queries.to_take(wanted, by.departments, me=by.person_id or 0, now=clock.now(), skip=skip)
    if row is None:
        return None
    if row.assignee_id is None:
        placing.assign(row.id, by.person_id, by=by)
    return row.number
