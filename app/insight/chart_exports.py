"""The charts of the dashboard as lines of a table for other programs; what they show is worked out by the dashboard."""

from __future__ import annotations

from collections.abc import Iterator

from app.insight import dashboard
from app.insight.cards import Board, Scope
from app.insight.exports import Line
from app.kernel.access import Actor, Permission

_HOURS = tuple(f"{hour:02}-{hour + 2:02}" for hour in range(0, 24, 2))
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def categories(by: Actor, scope: Scope) -> Iterator[Line]:
    """First answers in time by category of request; the first line names the columns."""
    lines = [(line.slug, line.received, line.kept, line.late) for line in _board(by, scope).categories]
    return iter([("category", "received", "first_kept", "first_late"), *lines])


def arrivals(by: Actor, scope: Scope) -> Iterator[Line]:
    """Mean arrivals by weekday and two hours of the day, rounded to hundredths; the first line names the columns."""
    rows = zip(_WEEKDAYS, _board(by, scope).heat.cells, strict=True)
    return iter([("weekday", *_HOURS), *((name, *(f"{cell:.2f}" for cell in cells)) for name, cells in rows)])


def ages(by: Actor, scope: Scope) -> Iterator[Line]:
    """Open requests by age in days of the calendar; the first line names the columns."""
    bands = _board(by, scope).bands
    return iter([("days_from", "days_to", "open"), *((band.youngest, band.oldest, band.count) for band in bands)])


def visits(by: Actor, scope: Scope) -> Iterator[Line]:
    """Visitors of the help pages by day, and those who sent no request; the first line names the columns."""
    by.must(Permission.REPORT_EXPORT)
    lines = dashboard.visit_days(by, scope)
    return iter([("day", "visitors", "alone"), *((line.day.isoformat(), line.visitors, line.alone) for line in lines)])


def _board(by: Actor, scope: Scope) -> Board:
    by.must(Permission.REPORT_EXPORT)
    return dashboard.board(by, scope)
