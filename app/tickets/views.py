"""Saved views: a filter under a name, one's own or shared with a department."""

from __future__ import annotations

from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Invalid, NotFound
from app.kernel.transaction import transactional
from app.tickets import queries
from app.tickets.filters import Filter
from app.tickets.models import SavedView


@transactional
def save_view(name: str, filters: Filter, *, department_id: int | None = None, by: Actor) -> int:
    """Keep a filter under a name. Returns its id.

    Raises:
        Invalid: the name is empty or too long.
    """
    by.must(Permission.VIEW_SHARE if department_id is not None else Permission.VIEW_SAVE)
    clean = " ".join(name.replace("\x00", "").split())
    if not clean or len(clean) > 60:
        raise Invalid({"name": "empty" if not clean else "too_long"})
    if department_id is not None and department_id not in by.departments:
        raise Invalid({"department": "unknown_choice"})
    row = SavedView(
        owner_id=by.person_id or 0, department_id=department_id, name=clean, filters=filters.plain(), position=0
    )
    session.add(row)
    session.flush()
    return row.id


@transactional
def delete_view(view_id: int, *, by: Actor) -> None:
    """Remove a view one owns, or one shared with one's department when one may share."""
    row = queries.saved_view(view_id)
    shared = row is not None and row.department_id in by.departments and by.may(Permission.VIEW_SHARE)
    if row is None or not (row.owner_id == by.person_id or shared):
        raise NotFound("view")
    session.delete(row)


def views_for(by: Actor) -> list[tuple[int, str, Filter, bool]]:
    """The views somebody sees. Shape: (id, name, filter, shared)."""
    rows = queries.saved_views(by.person_id or 0, by.departments)
    return [(row.id, row.name, Filter(**row.filters), row.department_id is not None) for row in rows]
