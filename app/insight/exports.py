"""Figures as lines of a table for other programs, read a day at a time; numbers of requests, never names or words."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from app.insight import list_queries
from app.insight.cards import Scope
from app.insight.ledger import MEASURES, UNSORTED
from app.insight.list_queries import ExportRow
from app.kernel.access import Actor, Permission
from app.people import service as people
from app.venue import service as venue

Cell = str | int | None
Line = tuple[Cell, ...]

DAY_COLUMNS = ("day", "department", "category", *MEASURES)
TICKET_COLUMNS = (
    "number", "opened", "department", "category", "type", "channel", "priority", "state", "answers", "first_answer",
    "first_answer_minutes", "solution", "solution_minutes", "solved_on", "reopened_on", "mark",
)  # fmt: skip
#: A cell that begins with one of these is read as a formula by spreadsheets.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def days(by: Actor, scope: Scope) -> Iterator[Line]:
    """Every measure by day, department and category; the first line names the columns."""
    by.must(Permission.REPORT_EXPORT)
    return _days(scope)


def _days(scope: Scope) -> Iterator[Line]:
    yield DAY_COLUMNS
    names = _departments()
    for day in scope.period.days():
        for department, category, counts in list_queries.facts_on(scope, day):
            if any(counts):
                yield day.isoformat(), names.get(department), _plain(category), *counts


def tickets(by: Actor, scope: Scope) -> Iterator[Line]:
    """The requests received in the period, a line each; the first line names the columns."""
    by.must(Permission.REPORT_EXPORT)
    return _tickets(scope)


def _tickets(scope: Scope) -> Iterator[Line]:
    yield TICKET_COLUMNS
    names, zone = _departments(), venue.house().tz
    for day in scope.period.days():
        for row in list_queries.received_on(scope, day):
            opened = row.opened_at.astimezone(zone).isoformat(timespec="minutes")
            yield row.number, opened, names.get(row.department_id), *_facts(row)


def _facts(row: ExportRow) -> Line:
    first = _kept(there=row.first_on is not None, late=row.first_late)
    solution = _kept(there=row.solution_on is not None, late=row.solution_late)
    return (
        row.category, row.type, row.channel, row.priority, row.state, row.answers, first, row.first_minutes, solution,
        row.solution_minutes, row.solved_on.isoformat() if row.solved_on else None,
        row.reopened_on.isoformat() if row.reopened_on else None, row.mark,
    )  # fmt: skip


def _kept(*, there: bool, late: bool) -> str | None:
    if not there:
        return None
    return "late" if late else "kept"


def _departments() -> dict[int, str]:
    return {card.id: card.code for card in people.departments()}


def _plain(category: str) -> str | None:
    return None if category == UNSORTED else category


def csv_lines(lines: Iterable[Line]) -> Iterator[str]:
    """Lines of a CSV file (RFC 4180), one at a time; text that a spreadsheet would take for a formula is defused."""
    sink = StringIO()
    writer = csv.writer(sink)
    for line in lines:
        writer.writerow([defused(cell) for cell in line])
        yield sink.getvalue()
        sink.seek(0)
        sink.truncate()


def defused(cell: Cell) -> Cell:
    """The cell, with an apostrophe before text that would be run as a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
