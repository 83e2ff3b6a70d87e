"""From counts by day to the figures and charts of the dashboard; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from app.insight.cards import Alarm, Band, CategoryLine, DayLine, Heat, Tile, share
from app.insight.histogram import percentile
from app.insight.ledger import FREE, SLOTS_A_DAY, UNSORTED
from app.insight.periods import Period
from app.tickets.states import Turn

#: Days of a tile's series.
SERIES = 14
#: Age bands of what is open: (code, youngest and oldest in days of the calendar, both included).
BANDS: tuple[tuple[str, int, int | None], ...] = (
    ("today", 0, 0), ("days_1_2", 1, 2), ("days_3_6", 3, 6), ("days_7_more", 7, None),
)  # fmt: skip
_DAY = timedelta(days=1)

#: Counts of each day, of whatever is counted, and what a figure makes of the counts of some days.
ByDay = Mapping[date, Counter[Any]]
Formula = Callable[[Counter[Any]], float | None]


def series_of(period: Period) -> Period:
    """The days of the series that ends with a period."""
    return Period(period.last - (SERIES - 1) * _DAY, period.last)


@dataclass(frozen=True, slots=True)
class Span:
    """Counts of a period, of the period before, and of each day that had any."""

    period: Period
    by_day: ByDay
    now: Counter[Any]
    before: Counter[Any]

    def on(self, day: date) -> Counter[Any]:
        """The counts of one day."""
        return self.by_day.get(day) or Counter()

    @property
    def series(self) -> Iterator[Counter[Any]]:
        """The counts of each day of the series."""
        return (self.on(day) for day in series_of(self.period).days())


def span(by_day: ByDay, period: Period) -> Span:
    """Counts by day, added up for a period and the one before."""
    return Span(period, by_day, _total(by_day, period), _total(by_day, period.before))


def _total(by_day: ByDay, period: Period) -> Counter[Any]:
    summed: Counter[Any] = Counter()
    for day, counts in by_day.items():
        if period.first <= day <= period.last:
            summed.update(counts)
    return summed


def tile(figure: str, counted: Span, formula: Formula, *counts: str) -> Tile:
    """A figure worked out by the same formula for the period, the one before, and each day of the series."""
    return Tile(
        figure=figure, value=formula(counted.now), before=formula(counted.before),
        counts={name: counted.now[name] for name in counts}, series=tuple(formula(day) for day in counted.series),
    )  # fmt: skip


def first_in_time(counts: Counter[Any]) -> float | None:
    """Share of first answers in time; a promise that passed unanswered counts as late at once."""
    return share(counts["first_kept"], counts["first_kept"] + counts["first_late"])


def one_answer(counts: Counter[Any]) -> float | None:
    """Share of solved requests that took exactly one answer."""
    return share(counts["one_answer"], counts["solved"])


def satisfaction(counts: Counter[Any]) -> float | None:
    """Mean mark."""
    return share(counts["marks_sum"], counts["opinions"])


def alone(counts: Counter[Any]) -> float | None:
    """Share of visitors of the help pages who sent no request that day."""
    return share(counts["alone"], counts["visitors"])


def median(spread: Counter[Any]) -> float | None:
    """Median of a histogram of minutes."""
    return percentile(spread, 0.5)


def minutes_tile(figure: str, spreads: Span) -> Tile:
    """Median of minutes, with the 90th percentile and the number of cases among its counts."""
    counts = {"answered": spreads.now.total()}
    worst = percentile(spreads.now, 0.9)
    if worst is not None:
        counts["p90"] = worst
    return replace(tile(figure, spreads, median), counts=counts)


def open_tile(counted: Span, turns: Counter[str], today: date) -> Tile:
    """What is open now, whatever the period; earlier days by giving back what came and what was solved since."""
    count, period = turns.total(), counted.period
    at_end = {today: count}
    day = today
    while day > min(period.first, series_of(period).first) - _DAY:
        at_end[day - _DAY] = at_end[day] - counted.on(day)["received"] + counted.on(day)["solved"]
        day -= _DAY
    counts = {turn: turns[turn] for turn in (FREE, Turn.THEIRS.value, Turn.LATER.value)}
    counts[Turn.OURS.value] = turns[Turn.OURS.value] + turns[FREE]
    series = tuple(at_end.get(day) for day in series_of(period).days())
    return Tile("open_now", count, at_end.get(period.first - _DAY), counts, series)


def late_tile(counted: Span, alarm: Alarm, today: date) -> Tile:
    """What is late now; its series tells how many promises passed on each day."""
    counts = {"near": alarm.near, "cap": alarm.cap, "broken_yesterday": _broken(counted.on(today - _DAY))}
    if alarm.worst_minutes is not None:
        counts["worst_minutes"] = alarm.worst_minutes
    return Tile("late_now", alarm.late, None, counts, tuple(_broken(day) for day in counted.series))


def _broken(counts: Counter[Any]) -> int:
    return counts["first_late"] + counts["solution_late"]


def day_lines(counted: Span) -> tuple[DayLine, ...]:
    """Received and solved, a line for each day of the period."""
    found = ((day, counted.on(day)) for day in counted.period.days())
    return tuple(DayLine(day, counts["received"], counts["solved"]) for day, counts in found)


def category_lines(rows: Iterable[tuple[str, int, int, int]]) -> tuple[CategoryLine, ...]:
    """How each category was answered, most received first. Shape of `rows`: (category, received, kept, late)."""
    lines = [
        CategoryLine(None if slug == UNSORTED else slug, received, kept, late)
        for slug, received, kept, late in rows
        if received or kept or late
    ]
    return tuple(sorted(lines, key=lambda line: (-line.received, line.slug or "")))


def heat(rows: Iterable[tuple[int, int, date]], weeks: Period) -> Heat:
    """Mean arrivals by weekday and slot. Shape of `rows`: (slot of the week, count, first day that had any).

    A house younger than the weeks asked for is measured from its first day.
    """
    found = list(rows)
    first = min((day for _, _, day in found), default=weeks.first)
    counts = {slot: count for slot, count, _ in found}
    days = Counter(day.weekday() for day in Period(max(first, weeks.first), weeks.last).days())
    cells = tuple(
        tuple(counts.get(weekday * SLOTS_A_DAY + slot, 0) / max(1, days[weekday]) for slot in range(SLOTS_A_DAY))
        for weekday in range(7)
    )
    return Heat(first, weeks.last, cells)


def bands(opened: Mapping[date, int], today: date) -> tuple[Band, ...]:
    """What is open by age. Shape of `opened`: day it came to a count."""
    ages = Counter[int]()
    for day, count in opened.items():
        ages[max(0, (today - day).days)] += count
    return tuple(
        Band(code, youngest, oldest, sum(n for age, n in ages.items() if _between(age, youngest, oldest)))
        for code, youngest, oldest in BANDS
    )


def _between(age: int, youngest: int, oldest: int | None) -> bool:
    return youngest <= age and (oldest is None or age <= oldest)
