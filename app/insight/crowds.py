"""How the crowd of an incident thins out day by day, as those that ended have taught; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.insight.drivers import AHEAD

#: What came so far corrects what was to be expected, as soon as it is more than so many people.
_DOUBT = 10
#: Until one incident has ended, and beyond the days that any has lasted, each day brings half of the day before.
_HALVING = 0.5


@dataclass(frozen=True, slots=True)
class Curve:
    """Who wrote about one incident, by day since its cause, out of those it concerned."""

    cause: str
    holders: int
    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Running:
    """An incident that lasts: whom it concerns, who wrote on each whole day since its cause, who has today."""

    cause: str
    holders: int
    people: tuple[int, ...]
    today: int


def decay(curves: Sequence[Curve], cause: str) -> tuple[float, ...]:
    """People who write, out of those concerned, by day since the cause: of incidents of that cause, else of all."""
    usable = [curve for curve in curves if curve.holders]
    alike = [curve for curve in usable if curve.cause == cause] or usable
    longest = max((len(curve.people) for curve in alike), default=0)
    return tuple(_share([curve for curve in alike if len(curve.people) > day], day) for day in range(longest))


def _share(lasted: Sequence[Curve], day: int) -> float:
    # One that had ended by then says nothing of that day: its people were counted no more.
    return sum(curve.people[day] for curve in lasted) / sum(curve.holders for curve in lasted)


def coming(running: Running, taught: Sequence[float]) -> tuple[float, ...]:
    """How many it brings today and on the seven days after."""
    lived = len(running.people)
    if not taught or not running.holders:
        return _halved(running)
    told = [_told(taught, day) * running.holders for day in range(lived + AHEAD)]
    correction = (sum(running.people) + _DOUBT) / (sum(told[:lived]) + _DOUBT)
    ahead = [count * correction for count in told[lived:]]
    return (max(ahead[0], float(running.today)), *ahead[1:])


def _told(taught: Sequence[float], day: int) -> float:
    beyond = max(0, day - len(taught) + 1)
    return taught[day - beyond] * _HALVING**beyond


def _halved(running: Running) -> tuple[float, ...]:
    today = max(float(running.today), running.people[-1] * _HALVING if running.people else 0.0)
    return tuple(today * _HALVING**day for day in range(AHEAD))
