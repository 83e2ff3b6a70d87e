"""What a day usually brings: its weekday in the last weeks, and last year's season where there is one; pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from statistics import fmean

#: Weeks that are looked at, and what each counts out of the one after it: a season begins within days.
WEEKS, LESS = 8, 0.5
#: Days before the day of last year that its season is compared with.
BEFORE = 28
#: So many days before is the same weekday of last year; the season is read from so many days on either side of it.
YEAR, BESIDE = 364, 10
#: How far last year may pull.
_LEAST, _MOST = 0.5, 2.0


def usual(counts: Sequence[float], first: date, day: date) -> float:
    """How many requests a day would bring if nothing happened.

    Args:
        counts: requests of each day, without a gap.
        first: the day of the first of them.
        day: a day after the last of them.
    """
    if not counts:
        return 0.0
    return _level(counts) * _weekday(counts, first, day) * _season(counts, (day - first).days)


def _level(counts: Sequence[float]) -> float:
    weeks = [counts[max(0, end - 7) : end] for end in range(len(counts), 0, -7)][:WEEKS]
    weights = [len(week) * LESS**place for place, week in enumerate(weeks)]
    return sum(weight * fmean(week) for weight, week in zip(weights, weeks, strict=True)) / sum(weights)


def _weekday(counts: Sequence[float], first: date, day: date) -> float:
    recent = counts[-7 * WEEKS :]
    mean = fmean(recent)
    if not mean:
        return 1.0
    shift = (day - first).days - (len(counts) - len(recent))
    same = recent[shift % 7 :: 7]
    # One mean day is added, so that a single holiday does not empty its weekday for weeks.
    return (sum(same) + mean) / ((len(same) + 1) * mean)


def _season(counts: Sequence[float], place: int) -> float:
    then, now = place - YEAR, len(counts) - YEAR
    if now < BEFORE:
        return 1.0
    before = fmean(counts[now - BEFORE : now])
    if not before:
        return 1.0
    return min(_MOST, max(_LEAST, fmean(counts[then - BESIDE : then + BESIDE + 1]) / before))
