"""How moments, delays and promises read in French and English; pure, no formatting of anything else.

Moments come as aware UTC values and are shown in the zone of the house.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

from babel.dates import format_date

Kind = Literal["neutral", "warn", "bad", "late", "pause", "ok"]

NBSP: Final = "\N{NO-BREAK SPACE}"
#: Minutes left from which a deadline warns, and from which it alarms (design language, section 5).
WARN_MINUTES: Final = 60
BAD_MINUTES: Final = 30

_WORDS: Final[dict[str, dict[str, str]]] = {
    "fr": {
        "today": "aujourd’hui", "tomorrow": "demain", "yesterday": "hier", "now": "à l’instant", "ago": "il y a {0}",
        "left": "Reste {0}", "late": "Retard {0}", "pause": "En pause", "ok": "Tenu", "none": "Sans échéance",
        "at": ", ", "before": "avant {0}", "day": "j", "months": "mois",
        "years": "ans",
    },
    "en": {
        "today": "today", "tomorrow": "tomorrow", "yesterday": "yesterday", "now": "just now", "ago": "{0} ago",
        "left": "{0} left", "late": "{0} late", "pause": "On hold", "ok": "Kept", "none": "No deadline",
        "at": " at ", "before": "before {0}", "day": "d", "months": "months",
        "years": "years",
    },
}  # fmt: skip
_LOCALE: Final = {"fr": "fr_FR", "en": "en_GB"}


@dataclass(frozen=True, slots=True)
class Deadline:
    """A delay in words, with the kind that draws its chip."""

    kind: Kind
    text: str


def hour(at: datetime, language: str, zone: ZoneInfo) -> str:
    """The time of day: `18 h 30`, `20 h`; `6:30 pm`, `8 pm`."""
    local = at.astimezone(zone)
    if language == "fr":
        return f"{local.hour}{NBSP}h" + (f"{NBSP}{local.minute:02}" if local.minute else "")
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{NBSP}{'am' if local.hour < 12 else 'pm'}"


def day(on: date | datetime, language: str, zone: ZoneInfo, *, year: bool = True, short: bool = False) -> str:
    """A date in words: `samedi 14 mars 2026`; without year `samedi 14 mars`; short `sam. 14 mars`."""
    local = on.astimezone(zone).date() if isinstance(on, datetime) else on
    name, month = _named(local, "EEE" if short else "EEEE", language), _named(local, "MMMM", language)
    number = "1er" if language == "fr" and local.day == 1 else str(local.day)
    return f"{name} {number}{NBSP}{month}" + (f" {local.year}" if year else "")


@lru_cache(maxsize=1_024)
def _named(on: date, pattern: str, language: str) -> str:
    return format_date(on, pattern, locale=_LOCALE[language])


def moment(at: datetime, now: datetime, language: str, zone: ZoneInfo) -> str:
    """A moment in full: `aujourd’hui, 12 h 08`, `samedi 14 mars 2026, 20 h`; `today at 12:08 pm`."""
    words, near = _WORDS[language], _near(at, now, language, zone)
    return (near or day(at, language, zone)) + words["at"] + hour(at, language, zone)


def short_moment(at: datetime, now: datetime, language: str, zone: ZoneInfo) -> str:
    """A moment for a table: only the hour today, `hier, 9 h`, else `sam. 14 mars, 20 h`; the year when another."""
    near = _near(at, now, language, zone)
    time = hour(at, language, zone)
    if near == _WORDS[language]["today"]:
        return time
    other_year = at.astimezone(zone).year != now.astimezone(zone).year
    return (near or day(at, language, zone, short=True, year=other_year)) + ", " + time


def age(at: datetime, now: datetime, language: str) -> str:
    """How long since: `à l’instant`, `il y a 34 min`, `il y a 3 h`, `hier`, `il y a 5 j`, `il y a 3 mois`."""
    words, minutes = _WORDS[language], int((now - at).total_seconds() // 60)
    if minutes < 1:
        return words["now"]
    days = minutes // (24 * 60)
    if days == 1:
        return words["yesterday"]
    return words["ago"].format(_length(minutes, days, words))


def _length(minutes: int, days: int, words: dict[str, str]) -> str:
    if minutes < 60:
        return f"{minutes}{NBSP}min"
    if not days:
        return f"{minutes // 60}{NBSP}h"
    if days <= 60:
        return f"{days}{NBSP}{words['day']}"
    return f"{days // 30}{NBSP}{words['months']}" if days < 720 else f"{days // 365}{NBSP}{words['years']}"


def duration(minutes: int, language: str) -> str:
    """A length of time: `41 min`, `2 h`, `1 h 48`; in English `1 h 48 min`."""
    hours, rest = divmod(max(minutes, 0), 60)
    if not hours:
        return f"{rest}{NBSP}min"
    if not rest:
        return f"{hours}{NBSP}h"
    if language == "fr":
        return f"{hours}{NBSP}h{NBSP}{rest:02}"
    return f"{hours}{NBSP}h{NBSP}{rest}{NBSP}min"


def deadline(
    due_at: datetime | None, now: datetime, language: str, zone: ZoneInfo, *, paused: bool = False, kept: bool = False
) -> Deadline:
    """What a deadline means now, in words; nothing due reads as no deadline."""
    words = _WORDS[language]
    if kept:
        return Deadline("ok", words["ok"])
    if paused:
        return Deadline("pause", words["pause"])
    if due_at is None:
        return Deadline("neutral", words["none"])
    if due_at <= now:
        return Deadline("late", words["late"].format(_overrun(now - due_at, language)))
    return _still_due(due_at, now, language, zone)


def promise(due_at: datetime, now: datetime, language: str, zone: ZoneInfo) -> str:
    """The end of a promise: `avant 16 h 30`, `avant demain 13 h`, `avant lundi 16 mars, 13 h`."""
    time = hour(due_at, language, zone)
    if _days_apart(due_at, now, zone) == 0:
        return _WORDS[language]["before"].format(time)
    return _WORDS[language]["before"].format(_day_and(due_at, now, time, language, zone))


def _still_due(due_at: datetime, now: datetime, language: str, zone: ZoneInfo) -> Deadline:
    seconds = (due_at - now).total_seconds()
    minutes = max(int(seconds // 60), 1)
    kind: Kind = "neutral"
    if seconds <= WARN_MINUTES * 60:
        kind = "bad" if seconds <= BAD_MINUTES * 60 else "warn"
    if kind != "neutral" or _days_apart(due_at, now, zone) == 0:
        return Deadline(kind, _WORDS[language]["left"].format(duration(minutes, language)))
    time = hour(due_at, language, zone)
    text = _day_and(due_at, now, time, language, zone, short=True)
    return Deadline(kind, text[0].upper() + text[1:])


def _overrun(late: timedelta, language: str) -> str:
    if late >= timedelta(days=2):
        return f"{late.days}{NBSP}{_WORDS[language]['day']}"
    return duration(max(int(late.total_seconds() // 60), 1), language)


def _day_and(at: datetime, now: datetime, time: str, language: str, zone: ZoneInfo, *, short: bool = False) -> str:
    if _days_apart(at, now, zone) == 1:
        return f"{_WORDS[language]['tomorrow']} {time}"
    other_year = at.astimezone(zone).year != now.astimezone(zone).year
    return f"{day(at, language, zone, short=short, year=other_year)}, {time}"


def _near(at: datetime, now: datetime, language: str, zone: ZoneInfo) -> str | None:
    name = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(_days_apart(at, now, zone))
    return _WORDS[language][name] if name else None


def _days_apart(one: datetime, other: datetime, zone: ZoneInfo) -> int:
    return (one.astimezone(zone).date() - other.astimezone(zone).date()).days
