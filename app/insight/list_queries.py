"""Questions that answer with tickets: those behind a figure, page by page, and all of one day, for exports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from app.insight.cards import Scope
from app.insight.ledger import ALL, LOW_MARK, MEASURES
from app.insight.models import DayFact, TicketFact
from app.kernel.db import session
from app.kernel.keyset import ROWS
from app.people.models import Person
from app.tickets.models import Ticket
from app.tickets.states import Turn


@dataclass(frozen=True, slots=True)
class _Behind:
    """Which day of a ticket's facts a figure goes by, and what else must hold."""

    day: InstrumentedAttribute[Any]
    also: ColumnElement[bool] | None = None


#: The figures that name tickets, each by its day.
BEHIND: Mapping[str, _Behind] = {
    "received": _Behind(TicketFact.received_on),
    "solved": _Behind(TicketFact.solved_on),
    "reopened": _Behind(TicketFact.reopened_on),
    "one_answer": _Behind(TicketFact.solved_on, TicketFact.answers == 1),
    "first_kept": _Behind(TicketFact.first_on, TicketFact.first_late.is_(False)),
    "first_late": _Behind(TicketFact.first_on, TicketFact.first_late.is_(True)),
    "opinions": _Behind(TicketFact.marked_on),
    "low_marks": _Behind(TicketFact.marked_on, TicketFact.mark <= LOW_MARK),
}


class BehindRow(NamedTuple):
    """One ticket behind a figure; `day` is the day it counts on."""

    id: int
    day: date
    number: int
    subject: str
    category: str | None
    state: str
    priority: str
    first_minutes: int | None
    first_late: bool
    mark: int | None
    assignee: str | None


class ExportRow(NamedTuple):
    """One ticket of an export: no name, no address, no word of anybody."""

    number: int
    opened_at: Any
    department_id: int
    category: str | None
    type: str | None
    channel: str
    priority: str
    state: str
    answers: int
    first_on: date | None
    first_late: bool
    first_minutes: int | None
    solution_on: date | None
    solution_late: bool
    solution_minutes: int | None
    solved_on: date | None
    reopened_on: date | None
    mark: int | None


def behind(figure: str, scope: Scope, place: tuple[date, int, bool] | None) -> list[BehindRow]:
    """A page of the tickets behind a figure, newest first, and one row more. Shape of `place`: (day, id, backwards)."""
    backwards = place is not None and place[2]
    slices = [_slice(BEHIND[figure], scope, department, place) for department in scope.departments]
    if not slices:
        return []
    chosen = union_all(*[select(part.subquery()) for part in slices]).subquery()
    order = (chosen.c.day, chosen.c.ticket_id) if backwards else (chosen.c.day.desc(), chosen.c.ticket_id.desc())
    query = (
        select(
            Ticket.id, chosen.c.day, Ticket.number, Ticket.subject, Ticket.category, Ticket.state, Ticket.priority,
            TicketFact.first_minutes, TicketFact.first_late, TicketFact.mark, Person.name,
        )
        .join(chosen, chosen.c.ticket_id == Ticket.id)
        .join(TicketFact, TicketFact.ticket_id == Ticket.id)
        .outerjoin(Person, Person.id == Ticket.assignee_id)
        .order_by(*order)
        .limit(ROWS + 1)
    )  # fmt: skip
    return [BehindRow(*row) for row in session.execute(query)]


def _slice(figure: _Behind, scope: Scope, department: int, place: tuple[date, int, bool] | None) -> Select[Any]:
    # One department at a time, so that its index gives the order and nothing is sorted.
    day, key = figure.day, TicketFact.ticket_id
    inside = (TicketFact.department_id == department, day.between(scope.period.first, scope.period.last))
    query = select(key, day.label("day")).where(*inside, *_also(figure, scope))
    if place is not None and place[2]:
        query = query.where(or_(day > place[0], and_(day == place[0], key > place[1])))
        return query.order_by(day, key).limit(ROWS + 1)
    if place is not None:
        query = query.where(or_(day < place[0], and_(day == place[0], key < place[1])))
    return query.order_by(day.desc(), key.desc()).limit(ROWS + 1)


def _also(figure: _Behind, scope: Scope) -> list[ColumnElement[bool]]:
    tests: list[ColumnElement[bool]] = [TicketFact.turn != Turn.AWAY.value]
    if figure.also is not None:
        tests.append(figure.also)
    if scope.category:
        tests.append(TicketFact.category == scope.category)
    return tests


def received_on(scope: Scope, day: date) -> list[ExportRow]:
    """The tickets received on one day, oldest first."""
    query = (
        select(
            Ticket.number, Ticket.opened_at, Ticket.department_id, Ticket.category, Ticket.type, Ticket.channel,
            Ticket.priority, Ticket.state, TicketFact.answers, TicketFact.first_on, TicketFact.first_late,
            TicketFact.first_minutes, TicketFact.solution_on, TicketFact.solution_late, TicketFact.solution_minutes,
            TicketFact.solved_on, TicketFact.reopened_on, TicketFact.mark,
        )
        .join(TicketFact, TicketFact.ticket_id == Ticket.id)
        .where(
            TicketFact.department_id.in_(scope.departments), TicketFact.received_on == day,
            TicketFact.turn != Turn.AWAY.value,
            *([TicketFact.category == scope.category] if scope.category else []),
        )
        .order_by(Ticket.id)
    )  # fmt: skip
    return [ExportRow._make(row) for row in session.execute(query)]


def facts_on(scope: Scope, day: date) -> list[tuple[int, str, tuple[int, ...]]]:
    """Sums of one day, a row for each category. Shape: (department, category, each measure)."""
    query = (
        select(DayFact.department_id, DayFact.category, *[getattr(DayFact, name) for name in MEASURES])
        .where(
            DayFact.department_id.in_(scope.departments), DayFact.channel == ALL, DayFact.day == day,
            DayFact.category == scope.category if scope.category else DayFact.category != ALL,
        )
        .order_by(DayFact.department_id, DayFact.category)
    )  # fmt: skip
    return [(row[0], row[1], tuple(row[2:])) for row in session.execute(query)]
