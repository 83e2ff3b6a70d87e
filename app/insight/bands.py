"""How wide a forecast's band is, how forecasts of several departments add up, and how good they were; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, hypot, sqrt
from statistics import fmean, median

#: What lies below and above the band: eight days in ten fall inside.
TAIL = 0.1
#: By how much of itself what a crowd brings may be wrong.
CROWD_DOUBT = 0.5
#: Errors of honest counts, in their own spread; mixed in, so that a few lucky days make no narrow band.
_HONEST = (-1.64, -1.04, -0.67, -0.39, -0.13, 0.13, 0.39, 0.67, 1.04, 1.64)

#: Beyond so many times the usual error a day says that something changed, not how far days stray.
_WILD = 4.0


@dataclass(frozen=True, slots=True)
class Expected:
    """What one day is expected to bring, eight times in ten between two numbers; `crowd` of it because of incidents."""

    count: float
    low: float
    high: float
    crowd: float = 0.0


@dataclass(frozen=True, slots=True)
class Score:
    """How good forecasts were: days compared, mean error out of what came, share of days inside the band."""

    days: int
    mape: float
    inside: float


def error(count: float, came: float) -> float:
    """By how much a day missed, in units of what chance alone would do."""
    return (came - count) / sqrt(count + 1)


def reach(errors: Iterable[float]) -> tuple[float, float]:
    """The band that holds eight in ten of such errors, in units of chance."""
    pool = [*errors, *_HONEST]
    most = max(_HONEST[-1], _WILD * median(abs(one) for one in pool))
    pool = sorted(min(most, max(-most, one)) for one in pool)
    below, above = floor(TAIL * (len(pool) + 1)) - 1, ceil((1 - TAIL) * (len(pool) + 1)) - 1
    return min(0.0, pool[max(0, below)]), max(0.0, pool[min(len(pool) - 1, above)])


def banded(count: float, reached: tuple[float, float]) -> Expected:
    """A count with its band."""
    chance = sqrt(count + 1)
    return Expected(count, max(0.0, count + reached[0] * chance), count + reached[1] * chance)


def joined(day: Expected, crowd: float) -> Expected:
    """The same day with what a crowd adds."""
    return added([day, Expected(crowd, crowd * (1 - CROWD_DOUBT), crowd * (1 + CROWD_DOUBT), crowd)])


def added(parts: Sequence[Expected]) -> Expected:
    """Several expectations of one day together, as if none knew of the others."""
    count = sum(part.count for part in parts)
    return Expected(
        count, max(0.0, count - hypot(*(part.count - part.low for part in parts))),
        count + hypot(*(part.high - part.count for part in parts)), sum(part.crowd for part in parts),
    )  # fmt: skip


def scored(pairs: Sequence[tuple[Expected, float]]) -> Score | None:
    """How good forecasts were, each with what came; a day on which nothing came counts as one request."""
    if not pairs:
        return None
    return Score(
        len(pairs), fmean(abs(came - day.count) / max(came, 1.0) for day, came in pairs),
        fmean(floor(day.low) <= came <= ceil(day.high) for day, came in pairs),
    )  # fmt: skip


def pooled(scores: Sequence[tuple[Score, float]]) -> Score | None:
    """Scores of several departments as one, each by its days and its weight."""
    weighed = [(one, one.days * weight) for one, weight in scores if one.days]
    every = sum(weight for _one, weight in weighed)
    if not every:
        return None
    return Score(
        max(one.days for one, _weight in weighed), sum(one.mape * weight for one, weight in weighed) / every,
        sum(one.inside * weight for one, weight in weighed) / every,
    )  # fmt: skip
