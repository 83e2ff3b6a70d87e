"""Questions that answer with lists of tickets: one page of a queue, the counts beside it, neighbours of a ticket."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from app.kernel.db import session
from app.kernel.keyset import ROWS, Place
from app.kernel.queries import fixed, read
from app.people.models import Person
from app.tickets.filters import Filter
from app.tickets.models import Leaving, Ticket, TicketTag

#: Counts beside the list stop here; beyond it the page says "99+".
CAP = 100
_TURNS = {"todo": ("ours",), "mine": ("ours",), "free": ("ours",), "late": ("ours",), "waiting": ("theirs",),
          "later": ("later",), "done": ("done",), "spam": ("away",),
          "open": ("ours", "theirs", "later", "crowd")}  # fmt: skip
#: Views of what waits for us to answer.
TO_DO = frozenset({"todo", "mine", "free", "late"})
#: A value, or the blank of a statement built once and filled in at each execution.
Who: TypeAlias = int | BindParameter[int]
When: TypeAlias = datetime | BindParameter[datetime]
_requester = aliased(Person)
_assignee = aliased(Person)


class Row(NamedTuple):
    """One line of a list, as plain values."""

    id: int
    number: int
    subject: str
    excerpt: str
    state: str
    priority: str
    language: str
    category: str | None
    due_at: datetime | None
    activity_at: datetime
    unread: bool
    requester: str
    assignee: str | None
    assignee_id: int | None
    version: int


#: Who asks and when, filled in at each execution, so that a statement once built serves every page.
_ME, _NOW = bindparam("me", type_=Ticket.id.type), bindparam("now", type_=Ticket.opened_at.type)


def page(filters: Filter, *, departments: Iterable[int], me: int, now: datetime, place: Place | None) -> list[Row]:
    """One page and one row more, so that the caller knows whether another follows."""
    wanted = tuple(_departments(filters, departments))
    if not wanted:
        return []
    query = _first_page(filters, wanted) if place is None else _page(filters, wanted, place)
    return [Row._make(row) for row in read(query, {"me": me, "now": now})]


@lru_cache(maxsize=256)
def _first_page(filters: Filter, departments: tuple[int, ...]) -> Select[*tuple[Any, ...]]:
    return _page(filters, departments, None)


def _page(filters: Filter, departments: tuple[int, ...], place: Place | None) -> Select[*tuple[Any, ...]]:
    parts = [_slice(filters, *one, _ME, _NOW, place) for one in product(departments, _TURNS[filters.view])]
    chosen = (
        union_all(*[select(part.subquery()) for part in parts]).subquery() if len(parts) > 1 else parts[0].subquery()
    )
    query = rows().join(chosen, chosen.c.id == Ticket.id)
    backwards = place is not None and place.backwards
    return query.order_by(*_order(filters, reverse=backwards)).limit(ROWS + 1)


def nearest(
    filters: Filter, departments: Iterable[int], *, me: int, now: datetime, place: Place | None, skip: int | None = None
) -> int | None:
    """The public number of the ticket right after, or before, a place; without a place, the first one."""
    slices = product(_departments(filters, departments), _TURNS[filters.view])
    parts = [_slice(filters, *one, me, now, place, limit=2 if skip else 1) for one in slices]
    if not parts:
        return None
    chosen = union_all(*[select(part.subquery()) for part in parts]).subquery()
    query = select(Ticket.number).join(chosen, chosen.c.id == Ticket.id)
    if skip is not None:
        query = query.where(Ticket.id != skip)
    backwards = place is not None and place.backwards
    return session.scalar(query.order_by(*_order(filters, reverse=backwards)).limit(1))


def counts(departments: Sequence[int], *, me: int, now: datetime, views: Iterable[str]) -> dict[str, int]:
    """How many tickets each view holds, capped, in one statement."""
    return counts_of({name: Filter(view=name) for name in views}, departments, me=me, now=now)


def counts_of(named: Mapping[str, Filter], departments: Iterable[int], *, me: int, now: datetime) -> dict[str, int]:
    """How many tickets each of some named filters holds, capped, in one statement."""
    mine = tuple(sorted(set(departments)))
    if not named or not mine:
        return dict.fromkeys(named, 0)
    row = read(_counted(tuple(named.values()), mine), {"me": me, "now": now}).one()
    return dict(zip(named, row, strict=True))


@lru_cache(maxsize=256)
def _counted(filters: tuple[Filter, ...], departments: tuple[int, ...]) -> Select[*tuple[Any, ...]]:
    return select(
        *[
            _capped(one, _departments(one, departments), _ME, _NOW).label(f"n{place}")
            for place, one in enumerate(filters)
        ]
    )


def fresh(filters: Filter, departments: Iterable[int], *, me: int, now: datetime, since: datetime) -> int:
    """How many tickets of a filter somebody wrote in after a moment and nobody has opened since, capped."""
    written = (Ticket.activity_at > since, Ticket.unread.is_(True))
    return session.scalar(select(_capped(filters, _departments(filters, departments), me, now, *written))) or 0


def position(filters: Filter, departments: Iterable[int], *, me: int, now: datetime, place: Place) -> tuple[int, int]:
    """How many tickets stand before a place in a list, and how many it holds; both capped, in one statement."""
    query = _positioned(filters, tuple(_departments(filters, departments)), place.moment is None)
    values = {"me": me, "now": now, "id": place.id} | ({} if place.moment is None else {"moment": place.moment})
    row = read(query, values).one()
    return row[0], row[1]


@lru_cache(maxsize=256)
def _positioned(filters: Filter, departments: tuple[int, ...], undated: bool) -> Select[int, int]:
    moment = None if undated else bindparam("moment", type_=Ticket.opened_at.type)
    before = _beyond(filters, moment, bindparam("id", type_=Ticket.id.type), backwards=True)
    return select(_capped(filters, departments, _ME, _NOW, before), _capped(filters, departments, _ME, _NOW))


def to_take(filters: Filter, departments: Iterable[int], *, me: int, now: datetime, skip: int | None) -> Ticket | None:
    """The first ticket of a filter that is free or one's own, held for whoever takes it."""
    query = select(Ticket).where(
        Ticket.department_id.in_(_departments(filters, departments)),
        or_(Ticket.assignee_id.is_(None), Ticket.assignee_id == me),
        *_conditions(filters, me, now),
    )
    if skip is not None:
        query = query.where(Ticket.id != skip)
    return session.scalar(query.order_by(*_order(filters)).limit(1).with_for_update(skip_locked=True, of=Ticket))


def count(filters: Filter, departments: Sequence[int], *, me: int, now: datetime) -> int:
    """How many tickets a filter holds, capped."""
    return session.scalar(select(_capped(filters, departments, me, now))) or 0


def ids(filters: Filter, *, departments: Iterable[int], me: int, now: datetime, limit: int) -> list[int]:
    """Ids of the first tickets of a filter, in its order."""
    query = select(Ticket.id).where(Ticket.department_id.in_(list(departments)), *_conditions(filters, me, now))
    return list(session.scalars(query.order_by(*_order(filters)).limit(limit)))


def rows() -> Select[*tuple[Any, ...]]:
    """What a line of any list needs, of all tickets."""
    return (
        select(
            Ticket.id, Ticket.number, Ticket.subject, Ticket.excerpt, Ticket.state, Ticket.priority, Ticket.language,
            Ticket.category, Ticket.due_at, Ticket.activity_at, Ticket.unread, _requester.name,
            _assignee.name.label("assignee_name"), Ticket.assignee_id, Ticket.version,
        )
        .join(_requester, _requester.id == Ticket.requester_id)
        .outerjoin(_assignee, _assignee.id == Ticket.assignee_id)
    )  # fmt: skip


def _departments(filters: Filter, departments: Iterable[int]) -> list[int]:
    allowed = sorted(set(departments))
    return [d for d in allowed if filters.department in {None, d}]


def _slice(
    filters: Filter,
    department: int,
    turn: str,
    me: Who,
    now: When,
    place: Place | None,
    limit: int = ROWS + 1,
) -> Select[Any]:
    # One department and one turn at a time, so that their index gives the order and nothing is sorted.
    query = select(Ticket.id).where(
        Ticket.department_id == department, Ticket.turn == turn, *_narrowing(filters, me, now)
    )
    if place is not None:
        query = query.where(_beyond(filters, place.moment, place.id, backwards=place.backwards))
    return query.order_by(*_order(filters, reverse=place is not None and place.backwards)).limit(limit)


def _conditions(filters: Filter, me: Who, now: When) -> list[ColumnElement[bool]]:
    turns = _TURNS[filters.view]
    turn = Ticket.turn == turns[0] if len(turns) == 1 else Ticket.turn.in_(fixed(turns))
    return [turn, *_narrowing(filters, me, now)]


def _of_view(view: str, me: Who, now: When) -> list[ColumnElement[bool]]:
    own = {
        "mine": Ticket.assignee_id == me, "free": Ticket.assignee_id.is_(None), "late": Ticket.due_at < now,
        "spam": Ticket.spam.is_(True),
    }  # fmt: skip
    tests = [own[view]] if view in own else []
    # What is answered is not to be done, though the answer may still be taken back.
    return [*tests, Ticket.id.not_in(select(Leaving.ticket_id))] if view in TO_DO else tests


def _narrowing(filters: Filter, me: Who, now: When) -> list[ColumnElement[bool]]:
    tests = _of_view(filters.view, me, now)
    for column, value in (
        (Ticket.category, filters.category), (Ticket.type, filters.type), (Ticket.priority, filters.priority),
        (Ticket.language, filters.language), (Ticket.order_code, filters.order), (Ticket.assignee_id, filters.assignee),
        (Ticket.performance_id, filters.performance), (Ticket.requester_id, filters.requester),
    ):  # fmt: skip
        if value is not None:
            tests.append(column == value)
    if filters.tag:
        tests.append(Ticket.id.in_(select(TicketTag.ticket_id).where(TicketTag.tag == filters.tag)))
    return tests


def _beyond(filters: Filter, moment: When | None, row_id: Who, *, backwards: bool) -> ColumnElement[bool]:
    column = Ticket.activity_at if filters.by_activity else Ticket.due_at
    if moment is None:  # rows without a due moment come last
        last = and_(column.is_(None), Ticket.id < row_id if backwards else Ticket.id > row_id)
        return or_(column.is_not(None), last) if backwards else last
    forwards = backwards if filters.by_activity else not backwards
    # The bound said once more by itself is what an index can seek; the alternative alone would scan a whole turn.
    if not forwards:
        return and_(column <= moment, or_(column < moment, Ticket.id < row_id))
    after = or_(column > moment, Ticket.id > row_id)
    if filters.by_activity:
        return and_(column >= moment, after)
    return or_(and_(column >= moment, after), column.is_(None))


def _order(filters: Filter, *, reverse: bool = False) -> tuple[ColumnElement[Any], ...]:
    if filters.by_activity:
        first, second = (Ticket.activity_at, Ticket.id)
        return (first.asc(), second.asc()) if reverse else (first.desc(), second.desc())
    if reverse:
        return Ticket.due_at.desc().nulls_first(), Ticket.id.desc()
    return Ticket.due_at.asc().nulls_last(), Ticket.id.asc()


def _capped(
    filters: Filter,
    departments: Sequence[int],
    me: Who,
    now: When,
    *more: ColumnElement[bool],
) -> Any:  # noqa: ANN401 - a scalar subquery
    inside = (
        select(literal(1))
        .where(Ticket.department_id.in_(fixed(departments)), *_conditions(filters, me, now), *more)
        .limit(CAP)
        .subquery()
    )
    return select(func.count()).select_from(inside).scalar_subquery()
