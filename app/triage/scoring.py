"""How right sorting was, counted from what colleagues confirmed or corrected; plain values in, plain values out.

Only what somebody looked at is counted: what went through alone, unquestioned, is neither right nor wrong here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypeVar

from app.triage.figures import calibration_error

WEEKS: Final = 12
RECENT: Final = timedelta(days=28)
"""Days that are set against those before them."""

BINS: Final = 10
LINKS: Final = 5
"""Requests named beside a confusion, the newest."""

CONFUSIONS: Final = 12
H = TypeVar("H", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Judged:
    """A sorting with what a colleague made of it, and the number of its request."""

    day: date
    said: str
    right: str
    confidence: float
    alone: bool
    language: str
    number: int

    @property
    def hit(self) -> bool:
        """Whether the category was right."""
        return self.said == self.right


@dataclass(frozen=True, slots=True)
class Share:
    """So many right of so many."""

    right: int
    many: int

    @property
    def share(self) -> float | None:
        """The part that was right; None of nothing."""
        return self.right / self.many if self.many else None


@dataclass(frozen=True, slots=True)
class Line:
    """A category or a language: of the last four weeks, of those before, and by week."""

    code: str
    recent: Share
    before: Share
    weeks: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Confusion:
    """What was taken for something else, how often, and the newest requests it happened to."""

    said: str
    right: str
    many: int
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Bin:
    """Guesses of like confidence: their mean confidence, and how many were right."""

    sure: float
    hits: Share


@dataclass(frozen=True, slots=True)
class Drift:
    """What was sorted in a week, whoever looked at it: how many, the mean confidence, for how many a person was asked.

    `strange` were unlike all that was learned. Where confidence falls or more is strange, letters have changed.
    """

    many: int
    sure: float
    asked: int
    strange: int


NO_DRIFT: Final = Drift(0, 0.0, 0, 0)


def together(weeks: Sequence[Drift]) -> Drift:
    """Several weeks as if they were one."""
    many = sum(week.many for week in weeks)
    sure = sum(week.sure * week.many for week in weeks) / many if many else 0.0
    return Drift(many, sure, sum(week.asked for week in weeks), sum(week.strange for week in weeks))


@dataclass(frozen=True, slots=True)
class Scoreboard:
    """Everything at a glance; `every` requests were sorted, for `asked` of them a person was asked; `drift` by week."""

    weeks: tuple[date, ...]
    all: Line
    alone: Share
    categories: tuple[Line, ...]
    languages: tuple[Line, ...]
    confusions: tuple[Confusion, ...]
    bins: tuple[Bin, ...]
    calibration_error: float
    every: int
    asked: int
    drift: tuple[Drift, ...]


def scoreboard(rows: Sequence[Judged], today: date, *, drift: Sequence[Drift]) -> Scoreboard:
    """Count rows, oldest first, none older than the first of the weeks; `drift` has one entry a week."""
    weeks = weeks_of(today)
    return Scoreboard(
        weeks=weeks,
        all=_line("", rows, weeks, today),
        alone=_hits([row for row in rows if row.alone]),
        categories=_lines({slug: [row for row in rows if row.right == slug] for slug in _codes(rows)}, weeks, today),
        languages=_lines(_by_language(rows), weeks, today),
        confusions=_confusions(rows),
        bins=_bins(rows),
        calibration_error=calibration_error([row.confidence for row in rows], [row.hit for row in rows]),
        every=sum(week.many for week in drift),
        asked=sum(week.asked for week in drift),
        drift=tuple(drift),
    )


def weeks_of(today: date) -> tuple[date, ...]:
    """The Mondays of the weeks that are counted, the present one last."""
    monday = today - timedelta(days=today.weekday())
    return tuple(monday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1))


def _codes(rows: Sequence[Judged]) -> list[str]:
    """Categories, those of most requests first."""
    return _often(Counter(row.right for row in rows))


def _by_language(rows: Sequence[Judged]) -> dict[str, list[Judged]]:
    codes = _often(Counter(row.language for row in rows))
    return {code: [row for row in rows if row.language == code] for code in codes}


def _often(counted: Counter[H]) -> list[H]:
    return [code for code, _many in sorted(counted.items(), key=lambda pair: (-pair[1], str(pair[0])))]


def _lines(groups: Mapping[str, Sequence[Judged]], weeks: Sequence[date], today: date) -> tuple[Line, ...]:
    return tuple(_line(code, rows, weeks, today) for code, rows in groups.items())


def _line(code: str, rows: Sequence[Judged], weeks: Sequence[date], today: date) -> Line:
    since = today - RECENT
    return Line(
        code,
        recent=_hits([row for row in rows if row.day > since]),
        before=_hits([row for row in rows if row.day <= since]),
        weeks=tuple(_hits([row for row in rows if week <= row.day < week + timedelta(weeks=1)]) for week in weeks),
    )


def _hits(rows: Sequence[Judged]) -> Share:
    return Share(sum(row.hit for row in rows), len(rows))


def _confusions(rows: Sequence[Judged]) -> tuple[Confusion, ...]:
    numbers: dict[tuple[str, str], list[int]] = {}
    for row in reversed(rows):
        if not row.hit:
            numbers.setdefault((row.said, row.right), []).append(row.number)
    found = [Confusion(said, right, len(some), tuple(some[:LINKS])) for (said, right), some in numbers.items()]
    return tuple(sorted(found, key=lambda one: (-one.many, one.said, one.right))[:CONFUSIONS])


def _bins(rows: Sequence[Judged]) -> tuple[Bin, ...]:
    parts: dict[int, list[Judged]] = {}
    for row in rows:
        parts.setdefault(min(BINS - 1, int(row.confidence * BINS)), []).append(row)
    return tuple(
        Bin(sum(row.confidence for row in parts[at]) / len(parts[at]), _hits(parts[at])) for at in sorted(parts)
    )
