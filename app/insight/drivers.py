"""What is known beforehand of a day and moves its requests: programme, seats, closed days; as rows of numbers; pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import log1p
from statistics import fmean

from app.insight.usual import usual

#: Today and the seven days that a forecast speaks of.
AHEAD = 8
#: Below so many days no row is made; the oldest rows teach nothing of today.
EARLIEST, LATEST = 28, 365
#: With so many days behind it a house has seen most months twice.
_MONTHS = 400
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Programme:
    """Performances and seats sold by day, and the days on which the house is closed."""

    shows: Mapping[date, int]
    seats: Mapping[date, int]
    closed: Collection[date]


@dataclass(frozen=True, slots=True)
class Asked:
    """A day to be foretold: what it usually brings, and what is known of it."""

    usual: float
    known: tuple[float, ...]

    @property
    def row(self) -> list[float]:
        """As a line of numbers."""
        return [self.usual, *self.known]


def asked(counts: Sequence[float], first: date, programme: Programme) -> list[Asked]:
    """What is known, at the end of some days, of the eight that follow."""
    start = first + len(counts) * _DAY
    return [_asked(counts, first, start + ahead * _DAY, ahead, programme) for ahead in range(AHEAD)]


def lessons(counts: Sequence[float], first: date, programme: Programme) -> Iterator[list[float]]:
    """What could be known and what came. Shape: place of the day, its count, what was usual, what was known."""
    for end in range(max(EARLIEST, len(counts) - LATEST), len(counts)):
        for ahead, one in enumerate(asked(counts[:end], first, programme)):
            if end + ahead < len(counts):
                yield [end + ahead, counts[end + ahead], *one.row]


def _asked(counts: Sequence[float], first: date, day: date, ahead: int, programme: Programme) -> Asked:
    expected = usual(counts, first, day)
    month = fmean(counts[-28:])
    near = [day + step * _DAY for step in (-2, -1, 0, 1)]
    return Asked(expected, (
        float(day.weekday()), float(ahead), log1p(expected), fmean(counts[-7:]) / month if month else 1.0,
        float(day.month) if len(counts) >= _MONTHS else 0.0,
        *(float(one in programme.closed) for one in near[1:]),
        float(programme.shows.get(day, 0)), *(float(programme.seats.get(one, 0)) for one in near),
        float(sum(programme.seats.get(day + step * _DAY, 0) for step in range(2, 8))),
    ))  # fmt: skip
