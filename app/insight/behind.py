"""The tickets behind a figure: a filter of the desk's own lists where one exists, else a page of rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from app.insight import list_queries
from app.insight.cards import Scope
from app.insight.ledger import UNSORTED
from app.insight.list_queries import BehindRow
from app.kernel.access import Actor, Permission
from app.kernel.errors import NotFound
from app.kernel.keyset import ROWS, Place
from app.tickets.filters import Filter

#: Figures of the present moment, and the list of the desk that holds the same tickets.
_VIEWS = {"open_now": "open", "ours": "todo", "free": "free", "theirs": "waiting", "later": "later", "late_now": "late"}


@dataclass(frozen=True, slots=True)
class Page:
    """One page of tickets, newest day first, and where its neighbours begin."""

    rows: tuple[BehindRow, ...]
    previous: Place | None
    following: Place | None


def filter_behind(figure: str, scope: Scope) -> Filter | None:
    """The desk's filter that lists the tickets of a figure, or None when `tickets_behind` must be asked.

    The desk has no word for what nobody has sorted, and narrows to one department or to none.
    """
    view = _VIEWS.get(figure)
    if view is None or scope.category == UNSORTED:
        return None
    department = scope.departments[0] if len(scope.departments) == 1 else None
    return Filter(view=view, category=scope.category, department=department)


def tickets_behind(figure: str, by: Actor, scope: Scope, place: Place | None = None) -> Page:
    """A page of the tickets that a figure counted in a period.

    Raises:
        Forbidden: reading figures is not reading requests.
        NotFound: the figure names no tickets.
    """
    by.must(Permission.DASHBOARD_READ)
    by.must(Permission.TICKET_READ)
    if figure not in list_queries.BEHIND:
        raise NotFound("figure")
    found = list_queries.behind(figure, scope, _day_of(place))
    more, rows = len(found) > ROWS, found[:ROWS]
    if place is not None and place.backwards:
        rows.reverse()
        return Page(tuple(rows), _place(rows[0], backwards=True) if more else None, _place(rows[-1]) if rows else None)
    return Page(
        tuple(rows),
        _place(rows[0], backwards=True) if rows and place is not None else None,
        _place(rows[-1]) if more else None,
    )


def _place(row: BehindRow, *, backwards: bool = False) -> Place:
    return Place(datetime.combine(row.day, time(), UTC), row.id, backwards)


def _day_of(place: Place | None) -> tuple[date, int, bool] | None:
    if place is None or place.moment is None:
        return None
    return place.moment.date(), place.id, place.backwards
