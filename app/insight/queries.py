"""Questions to the facts: what the dashboard reads, a fixed number of statements whatever the size of the house."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Executable, Select, bindparam, func, literal, select, union_all

from app.insight.cards import LateRow, Scope
from app.insight.histogram import counted
from app.insight.ledger import ALL, MEASURES, UNSORTED
from app.insight.models import BacklogFact, DayFact, DayMinutes, HourFact, JournalMark, VisitDay
from app.kernel.db import session
from app.people.models import Person
from app.sla.models import Promise
from app.sla.queries import OWED
from app.tickets.list_queries import CAP
from app.tickets.models import Ticket
from app.tickets.states import Turn


class Now(NamedTuple):
    """What is late and near, capped, and when the journal was last followed."""

    late: int
    near: int
    as_of: datetime | None


#: Sums by day, sums by category, histograms, arrivals, backlog and visits; built once, because building costs more than
#: asking.
_MINE: BindParameter[int] = bindparam("departments", expanding=True)
_CATEGORY: BindParameter[str] = bindparam("category")
_FIRST: BindParameter[date] = bindparam("first")
_LAST: BindParameter[date] = bindparam("last")
_DAYS = (
    select(DayFact.day, *[func.sum(getattr(DayFact, name)) for name in MEASURES])
    .where(DayFact.department_id.in_(_MINE), DayFact.channel == ALL, DayFact.day.between(_FIRST, _LAST))
    .where(DayFact.category == _CATEGORY)
    .group_by(DayFact.day)
)
_CATEGORIES = (
    select(DayFact.category, func.sum(DayFact.received), func.sum(DayFact.first_kept), func.sum(DayFact.first_late))
    .where(DayFact.department_id.in_(_MINE), DayFact.channel == ALL, DayFact.day.between(_FIRST, _LAST))
    .where(DayFact.category != ALL)
    .group_by(DayFact.category)
)
_CHANNELS = (
    select(DayFact.channel, func.sum(DayFact.received))
    .where(DayFact.department_id.in_(_MINE), DayFact.channel != ALL, DayFact.day.between(_FIRST, _LAST))
    .where(DayFact.category == ALL)
    .group_by(DayFact.channel)
)
_SPREADS = select(DayMinutes.day, DayMinutes.spread).where(
    DayMinutes.kind == bindparam("kind"), DayMinutes.department_id.in_(_MINE), DayMinutes.category == _CATEGORY,
    DayMinutes.day.between(_FIRST, _LAST),
)  # fmt: skip
_ARRIVALS = (
    select(HourFact.slot, func.sum(HourFact.count), func.min(HourFact.day))
    .where(HourFact.department_id.in_(_MINE), HourFact.category == _CATEGORY, HourFact.day.between(_FIRST, _LAST))
    .group_by(HourFact.slot)
)
_BACKLOG = (
    select(BacklogFact.day, BacklogFact.turn, func.sum(BacklogFact.count))
    .where(BacklogFact.department_id.in_(_MINE), BacklogFact.category == _CATEGORY)
    .group_by(BacklogFact.day, BacklogFact.turn)
)
_VISITS = select(VisitDay.day, VisitDay.visitors, VisitDay.alone).where(VisitDay.day.between(_FIRST, _LAST))


def _rows(statement: Executable, scope: Scope, **more: object) -> Sequence[Any]:
    given = {"departments": scope.departments, "category": scope.category or ALL, **more}
    return session.execute(statement, given).all()


def days(scope: Scope, first: date, last: date) -> dict[date, Counter[str]]:
    """Sums by day. Shape: day to a count for each measure."""
    rows = _rows(_DAYS, scope, first=first, last=last)
    return {row[0]: Counter(dict(zip(MEASURES, row[1:], strict=True))) for row in rows}


def by_category(scope: Scope) -> list[tuple[str, int, int, int]]:
    """What the period counted by category. Shape: (category, received, first_kept, first_late)."""
    rows = _rows(_CATEGORIES, scope, first=scope.period.first, last=scope.period.last)
    return [(slug, received, kept, late) for slug, received, kept, late in rows if scope.category in {None, slug}]


def by_channel(scope: Scope) -> dict[str, int]:
    """Received in the period, by channel, all categories together."""
    rows = _rows(_CHANNELS, scope, first=scope.period.first, last=scope.period.last)
    return {channel: count for channel, count in rows if count}


def spreads(scope: Scope, kind: str, first: date, last: date) -> dict[date, Counter[int]]:
    """Histograms of minutes by day."""
    found: dict[date, Counter[int]] = {}
    for day, spread in _rows(_SPREADS, scope, first=first, last=last, kind=kind):
        found.setdefault(day, Counter()).update(counted(spread))
    return found


def arrivals(scope: Scope, first: date, last: date) -> list[tuple[int, int, date]]:
    """Arrivals by slot of the week. Shape: (slot, count, first day that had any)."""
    return [(slot, count, day) for slot, count, day in _rows(_ARRIVALS, scope, first=first, last=last)]


def backlog(scope: Scope) -> list[tuple[date, str, int]]:
    """What is open now. Shape: (day it came, whose turn, count)."""
    return [(day, turn, count) for day, turn, count in _rows(_BACKLOG, scope)]


def visits(first: date, last: date) -> dict[date, Counter[str]]:
    """Visits of the help pages by day, those of the whole house. Shape: day to counts of `visitors` and `alone`."""
    rows = session.execute(_VISITS, {"first": first, "last": last})
    return {day: Counter(visitors=visitors, alone=alone) for day, visitors, alone in rows}


def now_line(scope: Scope, mark: str, now: datetime, soon: datetime) -> Now:
    """How many requests of ours are late or soon will be, each count stopping at the cap."""
    late = _capped(scope, Ticket.due_at < now)
    near = _capped(scope, Ticket.due_at.between(now, soon))
    as_of = select(JournalMark.at).where(JournalMark.name == mark).scalar_subquery()
    return Now(*session.execute(select(late, near, as_of)).one())


def late_rows(scope: Scope, now: datetime, soon: datetime, limit: int) -> tuple[LateRow, ...]:
    """The first requests of ours whose promise has passed or soon will, with the promise that is due."""
    slices = [_first_due(scope, department, soon, limit) for department in scope.departments]
    if not slices:
        return ()
    chosen = union_all(*[select(part.subquery()) for part in slices]).subquery()
    promise = (
        select(Promise.kind)
        .where(Promise.ticket_id == Ticket.id, Promise.state.in_(OWED))
        .order_by(Promise.due_at, Promise.id)
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(Ticket.id, Ticket.number, Ticket.subject, Ticket.category, promise, Ticket.due_at, Ticket.due_at < now,
               Person.name)
        .join(chosen, chosen.c.id == Ticket.id)
        .outerjoin(Person, Person.id == Ticket.assignee_id)
        .order_by(Ticket.due_at, Ticket.id)
        .limit(limit)
    )  # fmt: skip
    return tuple(LateRow(*row) for row in session.execute(query))


def _first_due(scope: Scope, department: int, soon: datetime, limit: int) -> Select[Any]:
    # One department at a time, so that its index gives the order and nothing is sorted.
    query = select(Ticket.id).where(Ticket.department_id == department, *_ours(scope), Ticket.due_at <= soon)
    return query.order_by(Ticket.due_at, Ticket.id).limit(limit)


def _capped(scope: Scope, test: ColumnElement[bool]) -> Any:  # noqa: ANN401 - a scalar subquery
    inside = select(literal(1)).where(Ticket.department_id.in_(scope.departments), *_ours(scope), test).limit(CAP)
    return select(func.count()).select_from(inside.subquery()).scalar_subquery()


def _ours(scope: Scope) -> list[ColumnElement[bool]]:
    tests: list[ColumnElement[bool]] = [Ticket.turn == Turn.OURS.value]
    if scope.category:
        tests.append(Ticket.category.is_(None) if scope.category == UNSORTED else Ticket.category == scope.category)
    return tests
