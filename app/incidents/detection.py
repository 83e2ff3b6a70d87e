"""Whether more people have trouble with one thing than usual; pure.

People are counted, not letters: whoever wrote in the last hours already is nobody new. The curve expected of a thing is
its own at this hour of the week, over past weeks, with a floor; a performance that is near draws questions by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import median
from typing import Final

#: Minutes looked back on, the shortest first: a storm is told by the first, a slow one by the last.
WINDOWS: Final = (5, 20, 60, 180)
#: People in trouble below which nothing is noticed, by kind and window.
FLOORS: Final[Mapping[str, Sequence[int]]] = {
    "performance": (8, 10, 14, 22),
    "production": (12, 15, 20, 30),
    "word": (15, 20, 30, 45),
    "type": (20, 28, 40, 60),
    "domain": (25, 35, 50, 80),
}
#: What everything that comes in is counted under.
ALL: Final = ("all", "")
#: Of those who write about a thing so large a share must have trouble: a sale that opens brings many who have none.
SHARE: Final = 0.3
#: How far beyond its curve a thing must be: so many times, and so many deviations.
TIMES, DEVIATIONS = 3.0, 4.0
#: Weeks of a thing's own history, minutes of a week, and minutes around this hour that tell its curve.
WEEKS, WEEK, AROUND = 8, 7 * 24 * 60, 90
#: People an hour who ask about a performance that is so near (in hours), before and after its beginning.
NEAR: Final = ((3.0, 2.0, 2.0), (24.0, 12.0, 0.8))
#: For one letter that says which performance, so many more come that do not.
UNNAMED: Final = 2.0

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Seen:
    """How many people wrote about a thing within each window, and how many of them had trouble with it."""

    key: Key
    people: tuple[int, ...]
    troubled: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Alarm:
    """A thing with which many have trouble: how many within so many minutes, and how many were expected."""

    key: Key
    minutes: int
    count: int
    expected: float

    @property
    def gravity(self) -> float:
        """How far beyond what was expected, for choosing among several."""
        return self.count / (self.expected + 1)


def candidates(seen: Iterable[Seen], known: Mapping[Key, Sequence[float]]) -> list[Seen]:
    """What passes its floors and its share, before anybody asks for its history."""
    rows = list(seen)
    everybody = next((one.people for one in rows if one.key == ALL), (0,) * len(WINDOWS))
    return [one for one in rows if one.key[0] in FLOORS and _over_floor(one, everybody, known.get(one.key))]


def _over_floor(one: Seen, everybody: Sequence[int], known: Sequence[float] | None) -> bool:
    return any(_passes(one, place, everybody, known) for place in range(len(WINDOWS)))


def _passes(one: Seen, place: int, everybody: Sequence[int], known: Sequence[float] | None) -> bool:
    left = one.troubled[place] - (known[place] if known else 0.0)
    beside = one.people if one.key[0] in {"performance", "production"} else everybody
    return left >= FLOORS[one.key[0]][place] and one.troubled[place] >= SHARE * beside[place]


def explained(there: Iterable[Seen | None], seen: Iterable[Seen]) -> dict[Key, tuple[float, ...]]:
    """How many people in trouble known incidents explain, for what does not say which performance it is about."""
    sums = [0.0] * len(WINDOWS)
    for one in there:
        if one is not None:
            sums = [total + UNNAMED * more for total, more in zip(sums, one.troubled, strict=True)]
    vague = [one.key for one in seen if one.key[0] in {"word", "type", "domain"}]
    return dict.fromkeys(vague, tuple(sums)) if any(sums) else {}


def alarm(one: Seen, hourly: float, everybody: Sequence[int], known: Sequence[float] | None = None) -> Alarm | None:
    """Whether a thing is beyond its curve in one of the windows. Units: `hourly` is people an hour."""
    for place, minutes in enumerate(WINDOWS):
        expected = hourly * minutes / 60 + (known[place] if known else 0.0)
        enough = TIMES * expected + DEVIATIONS * sqrt(expected)
        if _passes(one, place, everybody, known) and one.troubled[place] >= enough:
            return Alarm(one.key, minutes, one.troubled[place], round(expected, 1))
    return None


def curve(history: Sequence[tuple[int, int]], minute: int) -> float:
    """People an hour that a thing's own past leads to expect: the median of the same hour of past weeks.

    Shape: pairs (minute, people in trouble). A storm of one past week does not hide the next one.
    """
    weeks = [0] * WEEKS
    for at, people in history:
        week, off = divmod(minute - at + AROUND, WEEK)
        if 1 <= week <= WEEKS and off <= 2 * AROUND:
            weeks[week - 1] += people
    return median(weeks) * 60 / (2 * AROUND)


def near(hours_until: float) -> float:
    """People an hour who ask about a performance that begins in so many hours (began, when below zero)."""
    return next((rate for before, after, rate in NEAR if -after <= hours_until <= before), 0.0)


def worth_telling(found: Iterable[Alarm]) -> list[Alarm]:
    """What to propose of several alarms: each performance, or else the one that says most exactly what it is."""
    order = list(FLOORS)
    ranked = sorted(found, key=lambda one: (order.index(one.key[0]), -one.gravity))
    shows = [one for one in ranked if one.key[0] == order[0]]
    return shows or ranked[:1]
