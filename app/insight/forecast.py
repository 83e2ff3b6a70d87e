"""What the next days may bring: made each night by the worker, kept, and scored once the days have come.

What learns runs in a process of its own (docs/decisions/0022), so that no other holds its memory.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from app.incidents import teaching
from app.insight import bands, crowds, forecast_queries, trying
from app.insight.access import today
from app.insight.bands import Expected, Score
from app.insight.crowds import Curve, Running
from app.insight.drivers import AHEAD, Programme
from app.insight.forecast_queries import Crowded
from app.insight.outlook import expected
from app.insight.trying import Foretold, Past
from app.kernel import clock
from app.kernel.db import session
from app.kernel.transaction import transactional
from app.venue import service as venue

log = logging.getLogger(__name__)

#: Nothing is made before: the last facts of the day before are counted by then.
FROM = time(1)
#: Days that are looked back on, and days of forecasts that are scored.
HISTORY, SCORED = timedelta(days=800), timedelta(days=28)
#: What learning may take.
SECONDS = 60.0
_DAY = timedelta(days=1)
_ROOT = Path(__file__).resolve().parents[2]


def make_due() -> int:
    """Make the forecasts of today unless they are there, or the night is young. Returns how many were made."""
    now = clock.now().astimezone(venue.house().tz)
    if now.time() < FROM or forecast_queries.made_on(now.date()):
        return 0
    return len(make())


def make() -> dict[int, Foretold]:
    """Make the forecasts of today, instead of those it has. Shape: by department; the young have none."""
    day = today()
    told, crowd = _crowded(day)
    pasts = {key: past for key, past in _pasts(day, told).items() if past.long_enough}
    kept = _scores(day)
    session.remove()  # nothing is held while the other process learns
    learnt = _learnt({key: past for key, past in pasts.items() if past.teaches})
    found = {key: trying.foretold(past, learnt.get(key)) for key, past in pasts.items()}
    shares = _shares(pasts)
    _keep([_row(day, key, one, _crowd(crowd, key, shares), kept.get(key)) for key, one in found.items()])
    return found


@transactional
def count_crowds() -> None:
    """Count again what incidents add to the forecasts of today, where there are any."""
    day = today()
    rows = forecast_queries.made_on(day)
    if rows:
        _told, crowd = _crowded(day)
        ordinary = Counter({row.department_id: sum(row.counts) for row in rows})
        shares = {key: count / (ordinary.total() or 1) for key, count in ordinary.items()}
        for row in rows:
            row.crowds = _crowd(crowd, row.department_id, shares)


def _pasts(day: date, told: Sequence[Crowded]) -> dict[int, Past]:
    received = forecast_queries.received(day - HISTORY)
    for one in told:
        received.get(one.department_id, Counter())[one.day] -= one.requests
    programme = _programme(day)
    return {
        key: Past(tuple(float(max(0, counts[one])) for one in _days(min(counts), day)), min(counts), programme)
        for key, counts in received.items()
        if min(counts) < day
    }


def _programme(day: date) -> Programme:
    zone, calendar = venue.house().tz, venue.calendar()
    first, last = day - HISTORY - 7 * _DAY, day + 2 * AHEAD * _DAY
    shows: Counter[date] = Counter()
    seats: Counter[date] = Counter()
    for starts_at, sold in forecast_queries.programme(_midnight(first), _midnight(last)):
        on = starts_at.astimezone(zone).date()
        shows[on] += 1
        seats[on] += sold
    return Programme(shows, seats, frozenset(one for one in _days(first, last) if not calendar.slots_on(one)))


def _crowded(day: date) -> tuple[list[Crowded], dict[int, tuple[list[Crowded], tuple[float, ...]]]]:
    """Requests that incidents brought, and for each that lasts those of its own and what it brings yet."""
    told = forecast_queries.crowded(day - HISTORY)
    curves = [Curve(row.cause, row.holders, tuple(row.people)) for row in teaching.learnt(day - HISTORY)]
    found = {}
    for one in teaching.lasting():
        own = [row for row in told if row.incident_id == one.id]
        counts = Counter[date]()
        for row in own:
            counts[max(row.day, one.began_on)] += row.requests
        lived = tuple(counts[before] for before in _days(one.began_on, day))
        running = Running(one.cause, one.holders, lived, counts[day])
        found[one.id] = own, crowds.coming(running, crowds.decay(curves, one.cause))
    return told, found


def _crowd(
    running: Mapping[int, tuple[list[Crowded], tuple[float, ...]]], department: int, shares: Mapping[int, float]
) -> list[float]:
    """What incidents bring to one department: as they did so far, or as requests are divided otherwise."""
    sums = [0.0] * AHEAD
    for own, ahead in running.values():
        every = sum(row.requests for row in own)
        mine = sum(row.requests for row in own if row.department_id == department)
        share = mine / every if every else shares.get(department, 0.0)
        sums = [before + share * more for before, more in zip(sums, ahead, strict=True)]
    return [round(one, 2) for one in sums]


def _shares(pasts: Mapping[int, Past]) -> dict[int, float]:
    lately = {key: sum(past.counts[-28:]) for key, past in pasts.items()}
    every = sum(lately.values()) or 1.0
    return {key: count / every for key, count in lately.items()}


def _learnt(pasts: Mapping[int, Past]) -> dict[int, list[list[float]]]:
    """What learning says of each department; nothing where it fails, so that the weekdays speak."""
    if not pasts:
        return {}
    given = json.dumps([trying.question(past) for past in pasts.values()])
    asked = [sys.executable, "-m", "app.insight.learning"]
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            asked, input=given, capture_output=True, text=True, timeout=SECONDS, cwd=_ROOT, check=True
        )
        answers: list[list[list[float]]] = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.SubprocessError):
        log.exception("nothing was learnt of the days to come; the weekdays speak alone")
        return {}
    return dict(zip(pasts, answers, strict=True))


def _scores(day: date) -> dict[int, Score]:
    """How good the forecasts of the last weeks were on the days that have come."""
    received = forecast_queries.received(day - SCORED)
    pairs: dict[int, list[tuple[Expected, float]]] = {}
    for row in forecast_queries.made_since(day - SCORED):
        for place, one in enumerate(expected(row)):
            on = row.made_on + place * _DAY
            if place and on < day:
                came = received.get(row.department_id, Counter())[on]
                pairs.setdefault(row.department_id, []).append((one, float(came)))
    return {key: score for key, some in pairs.items() if (score := bands.scored(some)) is not None}


def _row(day: date, department: int, told: Foretold, crowd: Sequence[float], kept: Score | None) -> dict[str, Any]:
    tried, kept = told.tried or Score(0, 0.0, 0.0), kept or Score(0, 0.0, 0.0)
    return {
        "made_on": day, "department_id": department, "method": told.method,
        "counts": [round(one.count, 2) for one in told.days], "lows": [round(one.low, 2) for one in told.days],
        "highs": [round(one.high, 2) for one in told.days], "crowds": list(crowd),
        "tried_days": tried.days, "tried_mape": tried.mape, "tried_inside": tried.inside,
        "kept_days": kept.days, "kept_mape": kept.mape, "kept_inside": kept.inside,
    }  # fmt: skip


@transactional
def _keep(rows: Sequence[dict[str, Any]]) -> None:
    forecast_queries.keep(rows)


def _days(first: date, end: date) -> list[date]:
    return [first + place * _DAY for place in range((end - first).days)]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), venue.house().tz)
