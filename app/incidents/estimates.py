"""How many wrote before somebody, as a band, and about when they hear from us, in both languages; pure."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.venue.hours import Calendar, NeverOpen, add_minutes
from app.venue.moments import NBSP, day, hour

#: Where one band ends and the next begins.
BOUNDS: Final = (10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000)
#: A moment further away than this is not worth naming to the half hour.
FAR: Final = timedelta(days=14)
_SAID: Final = {
    "fr": {
        "first": "Moins de {0} personnes ont écrit avant vous",
        "between": "Entre {0} et {1} personnes ont écrit avant vous",
        "beyond": "Plus de {0} personnes ont écrit avant vous",
        "today": "vers {hour}", "tomorrow": "demain vers {hour}", "later": "{day} vers {hour}",
    },
    "en": {
        "first": "Fewer than {0} people wrote before you",
        "between": "Between {0} and {1} people wrote before you",
        "beyond": "More than {0} people wrote before you",
        "today": "around {hour}", "tomorrow": "tomorrow around {hour}", "later": "on {day} around {hour}",
    },
}  # fmt: skip


def band(ahead: int) -> tuple[int, int]:
    """The bounds between which so many people stand; an upper one of 0 means no end."""
    upper = next((bound for bound in BOUNDS if ahead < bound), 0)
    lower = max((bound for bound in BOUNDS if bound <= ahead), default=0)
    return lower, upper


def place_words(ahead: int, language: str) -> str:
    """A place as a sentence without its full stop."""
    said, (lower, upper) = _SAID[language], band(ahead)
    if not lower:
        return said["first"].format(_counted(upper, language))
    if not upper:
        return said["beyond"].format(_counted(lower, language))
    return said["between"].format(_counted(lower, language), _counted(upper, language))


def _counted(count: int, language: str) -> str:
    return f"{count:,}".replace(",", "\N{NARROW NO-BREAK SPACE}" if language == "fr" else ",")


def expected(now: datetime, ahead: int, a_minute: float, calendar: Calendar | None) -> datetime | None:
    """When so many are answered at so many a minute, of opening or (without a calendar) of the clock.

    Returns:
        The half hour after it, or None when nobody can tell: too slow, too far, or a house that never opens.
    """
    if a_minute <= 0 or (ahead + 1) / a_minute > FAR / timedelta(minutes=1):
        return None
    minutes = math.ceil((ahead + 1) / a_minute)
    try:
        moment = add_minutes(calendar, now, minutes) if calendar else now + timedelta(minutes=minutes)
    except NeverOpen:
        return None
    return rounded(moment) if moment - now <= FAR else None


def rounded(moment: datetime) -> datetime:
    """The next half hour."""
    over = timedelta(minutes=moment.minute % 30, seconds=moment.second, microseconds=moment.microsecond)
    return moment if not over else moment - over + timedelta(minutes=30)


def about(moment: datetime, now: datetime, language: str, zone: ZoneInfo) -> str:
    """A moment said as an estimate: `vers 18 h`, `demain vers 10 h`, `samedi 14 mars vers 10 h`."""
    apart = (moment.astimezone(zone).date() - now.astimezone(zone).date()).days
    words = _SAID[language][{0: "today", 1: "tomorrow"}.get(apart, "later")]
    named = words.format(hour=hour(moment, language, zone), day=day(moment, language, zone, year=False))
    return named.replace("vers ", f"vers{NBSP}") if language == "fr" else named
