"""Ways of foretelling, tried on days that are past as if they were to come; the one that erred least is taken; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean
from typing import Any

from app.insight import bands
from app.insight.bands import Expected, Score
from app.insight.drivers import AHEAD, EARLIEST, Programme, asked, lessons

#: Nothing is foretold of a house younger than three weeks; what learns is tried from ten weeks on, and enough requests.
SHORTEST, LEARNING, REQUESTS = 21, 70, 200
#: How often the past is gone back to, a week each, and the days that must lie before.
TRIES, BEFORE = 8, 14
#: How a forecast was made.
WEEKDAYS, LEARNT = "weekdays", "learnt"
#: The days ahead that are compared: today, which has begun, is not.
_COMPARED = slice(1, AHEAD)


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of one department: requests of each day but those of incidents, from `first` to yesterday."""

    counts: tuple[float, ...]
    first: date
    programme: Programme

    @property
    def long_enough(self) -> bool:
        """Whether anything may be foretold."""
        return len(self.counts) >= SHORTEST

    @property
    def teaches(self) -> bool:
        """Whether there is enough to learn from."""
        return len(self.counts) >= LEARNING and sum(self.counts) >= REQUESTS


@dataclass(frozen=True, slots=True)
class Foretold:
    """What is expected of today and the seven days after, how that was made, and how it did on days that are past."""

    method: str
    days: tuple[Expected, ...]
    tried: Score | None
    #: By how many requests a day each way erred that was tried.
    missed: Mapping[str, float]


def ends(past: Past) -> list[int]:
    """The places in the past from which eight days are foretold again, a week apart, the latest first."""
    last = len(past.counts) - AHEAD
    least = EARLIEST + AHEAD if past.teaches else BEFORE
    return [last - 7 * week for week in range(TRIES) if last - 7 * week >= least]


def question(past: Past) -> dict[str, Any]:
    """What the part that learns is asked: each stretch of the past again, then the days to come."""
    splits = [{"before": end, "ask": _asked(past, end)} for end in [*ends(past), len(past.counts)]]
    return {"rows": list(lessons(past.counts, past.first, past.programme)), "splits": splits}


def foretold(past: Past, learnt: Sequence[Sequence[float]] | None = None) -> Foretold:
    """The days to come by the way that erred least on days that are past.

    Args:
        past: long enough.
        learnt: the answer to `question`, where it was asked.
    """
    ways: dict[str, Sequence[Sequence[float]]] = {
        WEEKDAYS: [[one[0] for one in _asked(past, end)] for end in [*ends(past), len(past.counts)]]
    }
    if learnt is not None:
        ways[LEARNT] = learnt
    missed = {way: _missed(past, told) for way, told in ways.items()}
    best = min(ways, key=lambda way: missed[way])
    return _foretold(past, best, ways[best], missed)


def _asked(past: Past, end: int) -> list[list[float]]:
    return [one.row for one in asked(past.counts[:end], past.first, past.programme)]


def _foretold(past: Past, method: str, told: Sequence[Sequence[float]], missed: Mapping[str, float]) -> Foretold:
    pairs = _pairs(past, told)
    # Each stretch is judged by a band made of the others, so that no day vouches for itself.
    compared = [
        (bands.banded(count, bands.reach(_errors(pairs[:place] + pairs[place + 1 :]))), came)
        for place, stretch in enumerate(pairs)
        for count, came in stretch
    ]
    reach = bands.reach(_errors(pairs))
    return Foretold(method, tuple(bands.banded(count, reach) for count in told[-1]), bands.scored(compared), missed)


def _errors(pairs: Sequence[Sequence[tuple[float, float]]]) -> list[float]:
    return [bands.error(count, came) for stretch in pairs for count, came in stretch]


def _missed(past: Past, told: Sequence[Sequence[float]]) -> float:
    return fmean([abs(came - count) for stretch in _pairs(past, told) for count, came in stretch] or [0.0])


def _pairs(past: Past, told: Sequence[Sequence[float]]) -> list[list[tuple[float, float]]]:
    stretches = zip(ends(past), told[:-1], strict=True)
    return [list(zip(one, past.counts[end : end + AHEAD], strict=True))[_COMPARED] for end, one in stretches]
