"""What the dashboard answers with: plain frozen values, without a word for a screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from app.insight.periods import Period


@dataclass(frozen=True, slots=True)
class Scope:
    """What figures are asked for: days, departments the asker works in, perhaps one category."""

    period: Period
    departments: tuple[int, ...]
    category: str | None = None


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure.

    `counts` are the numbers it is made of or must be read with; `series` is the same figure for each of fourteen days,
    oldest first, None where a day says nothing. Units: shares from 0 to 1, opening minutes, requests, or a mean mark.
    """

    figure: str
    value: float | None
    before: float | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    series: tuple[float | None, ...] = ()

    @property
    def change(self) -> float | None:
        """By how much it moved since the period before."""
        return None if self.value is None or self.before is None else self.value - self.before


@dataclass(frozen=True, slots=True)
class DayLine:
    """What one day received and solved."""

    day: date
    received: int
    solved: int


@dataclass(frozen=True, slots=True)
class VisitLine:
    """Visitors of the help pages on one day, and how many of them sent no request."""

    day: date
    visitors: int
    alone: int

    @property
    def share(self) -> float | None:
        """Share of those who sent none."""
        return share(self.alone, self.visitors)


@dataclass(frozen=True, slots=True)
class CategoryLine:
    """How one category was answered in the period; `slug` is None for what nobody has sorted."""

    slug: str | None
    received: int
    kept: int
    late: int

    @property
    def share(self) -> float | None:
        """Share of first answers in time."""
        return share(self.kept, self.kept + self.late)


@dataclass(frozen=True, slots=True)
class Heat:
    """Mean arrivals by weekday (Monday first) and two hours of the day (midnight first), over some weeks."""

    first: date
    last: date
    cells: tuple[tuple[float, ...], ...]

    @property
    def peak(self) -> tuple[int, int] | None:
        """Weekday and slot with most arrivals, if there are any."""
        most = max(max(row) for row in self.cells)
        if not most:
            return None
        return next((day, row.index(most)) for day, row in enumerate(self.cells) if most in row)


@dataclass(frozen=True, slots=True)
class Band:
    """How many open requests came so many days of the calendar ago; `oldest` is None in the last band."""

    code: str
    youngest: int
    oldest: int | None
    count: int


@dataclass(frozen=True, slots=True)
class LateRow:
    """One request whose promise has passed or soon will."""

    id: int
    number: int
    subject: str
    category: str | None
    promise: str | None
    due_at: datetime
    late: bool
    assignee: str | None


@dataclass(frozen=True, slots=True)
class Alarm:
    """What is late now and what soon will be; counts stop at `cap`. Units: opening minutes."""

    late: int
    near: int
    cap: int
    worst_minutes: int | None
    rows: tuple[LateRow, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the dashboard shows; `as_of` is when the journal was last followed, None before the first time."""

    scope: Scope
    as_of: datetime | None
    tiles: Mapping[str, Tile]
    days: tuple[DayLine, ...]
    categories: tuple[CategoryLine, ...]
    heat: Heat
    bands: tuple[Band, ...]
    alarm: Alarm


def share(part: int, whole: int) -> float | None:
    """One number out of another, None out of nothing."""
    return part / whole if whole else None
