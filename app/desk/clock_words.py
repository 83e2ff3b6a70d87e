"""Times of day as people type them, `11:00` or `18 h 30`, read into minutes after midnight and written back; pure."""

from __future__ import annotations

import re

from app.venue.hours import Slot

_TIME = re.compile(r"(\d{1,2})\s*(?:[h:.]\s*(\d{2})?)?\s*")
_DAY = 24 * 60
#: A slot may run past midnight until this hour of the next day.
_LATEST = 6 * 60


class NoTime(ValueError):
    """A text that is no time of day."""


def minutes(text: str) -> int:
    """Minutes after midnight of a time as typed.

    Raises:
        NoTime: it is none.
    """
    found = _TIME.fullmatch(text.strip().lower())
    if found is None:
        raise NoTime(text)
    hours, rest = int(found[1]), int(found[2] or 0)
    if hours > 24 or rest > 59 or (hours == 24 and rest):
        raise NoTime(text)
    return hours * 60 + rest


def slot(start: str, end: str) -> Slot:
    """A slot from two times as typed; an end in the small hours belongs to the next day.

    Raises:
        NoTime: one of them is no time of day.
    """
    first, last = minutes(start), minutes(end)
    return Slot(first, last + _DAY if last <= min(first, _LATEST) else last)


def written(minute: int) -> str:
    """A time as a field shows it: `18:30`."""
    return f"{minute // 60 % 24:02}:{minute % 60:02}" if minute != _DAY else "24:00"
