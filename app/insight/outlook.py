"""The newest forecast as the dashboard shows it: several departments together, from today on; nothing is made here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.insight import bands, forecast_queries
from app.insight.access import today
from app.insight.bands import Expected, Score
from app.insight.cards import Scope
from app.insight.drivers import AHEAD
from app.insight.exports import Line
from app.kernel.access import Actor, Permission

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is expected of today and the days after.

    `past` scores forecasts whose days have come; `tried` says how it did on days that were past when it was made.
    """

    made_on: date
    days: Mapping[date, Expected]
    method: str
    past: Score | None
    tried: Score | None


def outlook(by: Actor, scope: Scope) -> Outlook | None:
    """What is expected, all reasons together; None where no forecast speaks of the days after the scope's.

    Costs one small statement.
    """
    by.must(Permission.DASHBOARD_READ)
    day = today()
    if scope.category or scope.period.last != day:
        return None
    rows = forecast_queries.newest(scope.departments, day - (AHEAD - 2) * _DAY)
    if not rows:
        return None
    found = [expected(row) for row in rows]
    days = {rows[0].made_on + place * _DAY: bands.added([one[place] for one in found]) for place in range(AHEAD)}
    return Outlook(
        rows[0].made_on, {one: count for one, count in days.items() if one >= day},
        str(max(rows, key=lambda row: sum(row.counts)).method), _pooled(rows, "kept"), _pooled(rows, "tried"),
    )  # fmt: skip


def lines(by: Actor, scope: Scope) -> Iterator[Line]:
    """The forecast as lines of a table; the first names the columns."""
    by.must(Permission.REPORT_EXPORT)
    found = outlook(by, scope)
    rows = found.days.items() if found else ()
    return iter([
        ("day", "expected", "low", "high", "of_incidents"),
        *((day.isoformat(), *(f"{value:.1f}" for value in (one.count, one.low, one.high, one.crowd)))
          for day, one in rows),
    ])  # fmt: skip


def expected(row: Any) -> list[Expected]:  # noqa: ANN401 - a row, or the columns of one
    """What a forecast expects of its eight days, incidents included."""
    days = zip(row.counts, row.lows, row.highs, row.crowds, strict=True)
    return [bands.joined(Expected(count, low, high), crowd) for count, low, high, crowd in days]


def _pooled(rows: Sequence[Any], kind: str) -> Score | None:
    return bands.pooled([
        (Score(*(getattr(row, f"{kind}_{name}") for name in ("days", "mape", "inside"))), sum(row.counts))
        for row in rows
    ])  # fmt: skip
