"""The dashboard: every figure of a scope, from the facts, in a fixed number of statements; words are the page's."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

from app.insight import queries, tiles
from app.insight.access import today
from app.insight.cards import Alarm, Board, Heat, Scope, Tile, VisitLine
from app.insight.periods import last_days
from app.insight.service import MARK
from app.insight.tiles import Span
from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.sla.targets import FIRST, SOLUTION
from app.tickets.list_queries import CAP
from app.venue import service as venue
from app.venue.hours import minutes_between

#: Weeks of the heat table, rows of the list of late requests.
WEEKS, ROWS = 8, 8
#: A request is nearly late when its promise ends within this time.
SOON = timedelta(hours=2)


def board(by: Actor, scope: Scope) -> Board:
    """Everything the dashboard shows.

    Late requests are listed for those who may read requests; others get their number only.
    """
    by.must(Permission.DASHBOARD_READ)
    this_day, first = today(), _first_day(scope)
    days = tiles.span(queries.days(scope, first, max(this_day, scope.period.last)), scope.period)
    alarm, as_of = _alarm(by, scope)
    opened, turns = _backlog(scope)
    return Board(
        scope=scope,
        as_of=as_of,
        tiles={
            tile.figure: tile
            for tile in (
                *_dated_tiles(scope, days, first),
                tiles.open_tile(days, turns, this_day),
                tiles.late_tile(days, alarm, this_day),
            )
        },
        days=tiles.day_lines(days),
        categories=tiles.category_lines(queries.by_category(scope)),
        heat=_heat(scope),
        bands=tiles.bands(opened, this_day),
        alarm=alarm,
    )


def _dated_tiles(scope: Scope, days: Span, first: date) -> tuple[Tile, ...]:
    spreads = tiles.span(queries.spreads(scope, FIRST, first, scope.period.last), scope.period)
    visits = tiles.span(queries.visits(first, scope.period.last), scope.period)
    return (
        tiles.tile("first_in_time", days, tiles.first_in_time, "first_kept", "first_late"),
        tiles.minutes_tile("first_minutes", spreads),
        tiles.tile("one_answer", days, tiles.one_answer, "one_answer", "solved"),
        tiles.tile("satisfaction", days, tiles.satisfaction, "opinions", "asked", "low_marks"),
        tiles.tile("alone", visits, tiles.alone, "alone", "visitors"),
    )


def _alarm(by: Actor, scope: Scope) -> tuple[Alarm, datetime | None]:
    now = clock.now()
    line = queries.now_line(scope, MARK, now, now + SOON)
    rows = queries.late_rows(scope, now, now + SOON, ROWS) if line.late + line.near else ()
    worst = minutes_between(venue.calendar(), rows[0].due_at, now) if rows and rows[0].late else None
    shown = rows if by.may(Permission.TICKET_READ) else ()
    return Alarm(line.late, line.near, CAP, worst, shown), line.as_of


def _backlog(scope: Scope) -> tuple[Counter[date], Counter[str]]:
    opened: Counter[date] = Counter()
    turns: Counter[str] = Counter()
    for day, turn, count in queries.backlog(scope):
        opened[day] += count
        turns[turn] += count
    return opened, turns


def _heat(scope: Scope) -> Heat:
    weeks = last_days(7 * WEEKS, scope.period.last)
    return tiles.heat(queries.arrivals(scope, weeks.first, weeks.last), weeks)


def visit_days(by: Actor, scope: Scope) -> tuple[VisitLine, ...]:
    """Visitors of the help pages on each day of the period; those of the whole house, whatever the departments."""
    by.must(Permission.DASHBOARD_READ)
    found = queries.visits(scope.period.first, scope.period.last)
    return tuple(
        VisitLine(day, counts["visitors"], counts["alone"])
        for day in scope.period.days()
        if (counts := found.get(day, Counter()))
    )


def visits_between(first: date, last: date, *, by: Actor) -> Counter[str]:
    """Visitors of the help pages on some days together. Shape: counts of `visitors` and `alone`."""
    by.must(Permission.DASHBOARD_READ)
    return sum(queries.visits(first, last).values(), Counter())


def by_channel(by: Actor, scope: Scope) -> dict[str, int]:
    """Requests received in the period, by the channel they came through."""
    by.must(Permission.DASHBOARD_READ)
    return queries.by_channel(scope)


def solution_times(by: Actor, scope: Scope) -> Tile:
    """How long solutions took in the period: median, 90th percentile and number."""
    by.must(Permission.DASHBOARD_READ)
    spreads = queries.spreads(scope, SOLUTION, _first_day(scope), scope.period.last)
    return tiles.minutes_tile("solution_minutes", tiles.span(spreads, scope.period))


def _first_day(scope: Scope) -> date:
    return min(scope.period.before.first, tiles.series_of(scope.period).first)
