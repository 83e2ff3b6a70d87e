"""Arithmetic of opening hours: several slots a day, closed days, daylight saving; pure, on plain values.

Minutes are minutes of opening, counted in real time; a slot is given in the house's local time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

#: How far ahead an opening is looked for before the calendar counts as closed for good.
HORIZON_DAYS = 400


class NeverOpen(ValueError):
    """The calendar has no opening within the horizon."""


@dataclass(frozen=True, slots=True)
class Slot:
    """From `start` to `end`, minutes after local midnight; `end` above 1440 runs past midnight."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of real time, aware UTC, start before end."""

    start: datetime
    end: datetime

    @property
    def minutes(self) -> int:
        """Whole minutes in it."""
        return int((self.end - self.start).total_seconds() // 60)


@dataclass(frozen=True, slots=True)
class Calendar:
    """When the house answers: a week of slots (Monday first) and dates that differ."""

    zone: str
    week: tuple[tuple[Slot, ...], ...]
    special: Mapping[date, tuple[Slot, ...]] = field(default_factory=dict)
    #: Days already looked at: every promise walks over the same ones.
    _known: dict[date, tuple[Span, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def slots_on(self, day: date) -> tuple[Slot, ...]:
        """The slots of one date."""
        return self.special[day] if day in self.special else self.week[day.weekday()]

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """The slots of one date in real time, by their start; they may overlap, and one may be empty."""
        if day not in self._known:
            zone = ZoneInfo(self.zone)
            slots = sorted(self.slots_on(day), key=lambda slot: slot.start)
            self._known[day] = tuple(Span(_moment(day, one.start, zone), _moment(day, one.end, zone)) for one in slots)
        return self._known[day]


def spans(calendar: Calendar, start: datetime) -> Iterator[Span]:
    """Opening spans that end after `start`, in order, cut at `start`; bounded by the horizon."""
    first = start.astimezone(ZoneInfo(calendar.zone)).date() - timedelta(days=1)
    last_end = start
    for offset in range(HORIZON_DAYS + 2):
        for span in calendar.spans_on(first + timedelta(days=offset)):
            begin = max(span.start, last_end)
            if span.end > begin:
                last_end = span.end
                yield Span(begin, span.end)


def add_minutes(calendar: Calendar, start: datetime, minutes: int) -> datetime:
    """The moment when `minutes` of opening have passed since `start`; the earliest such moment.

    Raises:
        NeverOpen: the calendar does not hold that many minutes within the horizon.
    """
    if minutes <= 0:
        return start
    left = timedelta(minutes=minutes)
    for span in spans(calendar, start):
        length = span.end - span.start
        if length >= left:
            return span.start + left
        left -= length
    raise NeverOpen(calendar.zone)


def minutes_between(calendar: Calendar, start: datetime, end: datetime) -> int:
    """Minutes of opening between two moments; 0 when `end` is not after `start`."""
    total = timedelta()
    for span in spans(calendar, start):
        if span.start >= end:
            break
        total += min(span.end, end) - span.start
    return int(total.total_seconds() // 60)


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether the house answers at this moment."""
    return next_opening(calendar, at) == at


def next_opening(calendar: Calendar, at: datetime) -> datetime | None:
    """`at` itself while open, else the next moment of opening, or None beyond the horizon."""
    first = next(spans(calendar, at), None)
    return first.start if first else None


def closing(calendar: Calendar, at: datetime) -> datetime | None:
    """When today's last span ends, if `at` lies before it, else None."""
    zone = ZoneInfo(calendar.zone)
    today = at.astimezone(zone).date()
    ends = [_moment(today, slot.end, zone) for slot in calendar.slots_on(today)]
    latest = max(ends, default=None)
    return latest if latest and latest > at else None


@lru_cache(maxsize=4_096)  # every promise and every page about hours walks over the same days
def _moment(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    # Wall-clock time first, then UTC: on the two nights of daylight saving a slot keeps its written hours.
    extra, rest = divmod(minutes, 24 * 60)
    wall = datetime.combine(day + timedelta(days=extra), time(rest // 60, rest % 60), tzinfo=zone)
    return wall.astimezone(UTC)
