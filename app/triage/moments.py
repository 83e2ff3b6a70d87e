"""The days and hours a message names, placed on the calendar against the moment it was written.

Pure: folded text, hits and a date in, moments out. Which of them is the performance is weighed in `nearness`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from app.triage.lexicon import DAY
from app.triage.phrases import Hit

MOST: Final = 20
HOUR_REACH: Final = 24
"""Characters between a day and the hour that belongs to it."""

_MONTH_NAMES: Final = (
    "janvier|january|jan|janv", "fevrier|february|feb|fev|fevr", "mars|march", "avril|april|apr|avr", "mai|may",
    "juin|june|jun", "juillet|july|jul|juil", "aout|august|aug", "septembre|september|sept|sep", "octobre|october|oct",
    "novembre|november|nov", "decembre|december|dec",
)  # fmt: skip
_MONTH: Final = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split("|")}
_ARTICLES: Final = frozenset({"le", "du", "au", "the"})
_ANY_MONTH: Final = "|".join(sorted(_MONTH, key=len, reverse=True))

_DIGITS: Final = re.compile(r"\d+")
_WORD_BEFORE: Final = re.compile(r"([a-z]+)[ ,]*$")
_MONTH_AFTER: Final = re.compile(
    rf"(?P<day>\d{{1,2}})(?:er|st|nd|rd|th)? (?:of )?(?P<month>{_ANY_MONTH})\b\.?(?: (?P<year>20\d\d))?"
    r"|(?P<day2>\d{1,2})/(?P<month2>\d{1,2})\b(?:/(?P<year2>(?:20)?\d\d)\b)?"
)
_DAY_ALONE: Final = re.compile(r"(\d{1,2})(?:er|st|nd|rd|th)?\b(?! ?(?:h|:|€|%|eur|fois|ans|jours|pl|\.\d))")
_YEAR_AFTER: Final = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\b(?:,? (20\d\d))?")
_HOUR: Final = re.compile(
    r"(?P<hour>\d{1,2}) ?(?:h|:|heures?)(?: ?(?P<minute>\d{2}))?\b(?! ?(?:de|of) )"
    r"|(?P<hour12>\d{1,2})(?:[.:](?P<minute12>\d{2}))? ?(?P<half>am|pm|a\.m|p\.m)\b"
    r"|(?P<dotted>\d{1,2})\.(?P<minute3>[0-5][05])\b(?! ?(?:€|eur|pounds))"
)
_AHEAD: Final = {"today": 0, "tonight": 0, "at_the_door": 0, "soon": 0, "tomorrow": 1, "after_tomorrow": 2}
_EVENING: Final = 20


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour of the day, and where its words stand."""

    hour: int
    minute: int
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Moment:
    """A day the text names, the hour that stands beside it if any, and where its words are."""

    kind: str
    day: date
    hour: Hour | None
    begin: int
    end: int

    def start(self, written: datetime) -> datetime:
        """Its date and hour in the zone of the message; eight in the evening where no hour is named."""
        hour, minute = (self.hour.hour, self.hour.minute) if self.hour else (_EVENING, 0)
        return datetime(self.day.year, self.day.month, self.day.day, hour, minute, tzinfo=written.tzinfo)


@dataclass(frozen=True, slots=True)
class Named:
    """Every day and every hour a text names, in its order."""

    days: tuple[Moment, ...]
    hours: tuple[Hour, ...]


def find(folded: str, hits: Sequence[Hit], written: datetime) -> Named:
    """The days and hours of a text; hits are those of signs and of the days of the week."""
    places = [number.start() for number in _DIGITS.finditer(folded)]
    hours = tuple(hour for place in places if (hour := _hour(folded, place)))
    today = written.date()
    found = [*_said(hits, hours, today), *_weekdays(folded, hits, hours, today)]
    for place in places:
        found += _dates(folded, place, hours, today)
    return Named(tuple(sorted(found, key=lambda moment: moment.begin))[:MOST], hours[:MOST])


def _hour(folded: str, place: int) -> Hour | None:
    """An hour such as 20h30, 20:30, 7.30 pm; 7.45 alone is an evening's."""
    match = _HOUR.match(folded, place)
    if match is None:
        return None
    hour, minute = _clock(match)
    return Hour(hour, minute, place, match.end()) if hour <= 23 and minute <= 59 else None


def _clock(match: re.Match[str]) -> tuple[int, int]:
    if match["half"]:
        afternoon = 12 if match["half"].startswith("p") else 0
        return int(match["hour12"]) % 12 + afternoon, int(match["minute12"] or 0)
    if match["dotted"]:
        hour = int(match["dotted"])
        return (hour + 12 if 1 <= hour <= 9 else hour), int(match["minute3"])
    return int(match["hour"]), int(match["minute"] or 0)


def _said(hits: Sequence[Hit], hours: Sequence[Hour], today: date) -> Iterator[Moment]:
    later = [hit for hit in hits if hit.code == "after_tomorrow"]
    for hit in hits:
        ahead = _AHEAD.get(hit.code)
        # "The day after tomorrow" holds the word "tomorrow", and is not tomorrow.
        swallowed = hit.code == "tomorrow" and any(one.start <= hit.start and hit.end <= one.end for one in later)
        if ahead is not None and not swallowed:
            yield _moment(hit.code, today + timedelta(days=ahead), hit.start, hit.end, hours)


def _weekdays(folded: str, hits: Sequence[Hit], hours: Sequence[Hour], today: date) -> Iterator[Moment]:
    """Days of the week without a number; "samedi 24" is read at its number."""
    for hit in hits:
        if hit.code.startswith(DAY) and not _DAY_ALONE.match(folded, hit.end + 1):
            ahead = (int(hit.code[len(DAY) :]) - today.weekday()) % 7
            yield _moment("weekday", today + timedelta(days=ahead), hit.start, hit.end, hours)


def _dates(folded: str, place: int, hours: Sequence[Hour], today: date) -> Iterator[Moment]:
    match = _MONTH_AFTER.match(folded, place)
    if match:
        name = match["month"]
        month = _MONTH[name] if name else int(match["month2"])
        day = _day_of(int(match["day"] or match["day2"]), month, match["year"] or match["year2"], today)
        if day:
            yield _moment("date", day, place, match.end(), hours)
        return
    before = _WORD_BEFORE.search(folded, max(0, place - 14), place)
    if before:
        yield from _dates_after(before[1], folded, place, hours, today)


def _dates_after(word: str, folded: str, place: int, hours: Sequence[Hour], today: date) -> Iterator[Moment]:
    """Dates told by the word before their number: March 12, Saturday 24, le 11."""
    if word in _MONTH and (match := _YEAR_AFTER.match(folded, place)):
        day = _day_of(int(match[1]), _MONTH[word], match[2], today)
        if day:
            yield _moment("date", day, place, match.end(), hours)
        return
    alone = _DAY_ALONE.match(folded, place)
    if alone and word in _WEEKDAYS:
        day = _nearest_of_both(int(alone[1]), _WEEKDAYS[word], today)
        if day:
            yield _moment("date", day, place, alone.end(), hours)
    elif alone and word in _ARTICLES:
        day = _next_of_number(int(alone[1]), today)
        if day:
            yield _moment("day_number", day, place, alone.end(), hours)


_WEEKDAYS: Final = {
    "lundi": 0, "mardi": 1, "mercredi": 2, "jeudi": 3, "vendredi": 4, "samedi": 5, "dimanche": 6, "monday": 0,
    "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6,
}  # fmt: skip
_A_WHILE: Final = 45
_AHEAD_DAYS: Final = 100
"""Days back and ahead in which a weekday with its number is looked for."""


def _day_of(day: int, month: int, year: str | None, today: date) -> date | None:
    """The date, in its year or else in the nearest."""
    if year:
        return _date(int(year) % 100 + 2000, month, day)
    around = [_date(today.year + shift, month, day) for shift in (-1, 0, 1)]
    return min((found for found in around if found), key=lambda found: abs(found - today), default=None)


def _next_of_number(number: int, today: date) -> date | None:
    """The next day of that number, today included, within a month."""
    days = (today + timedelta(days=ahead) for ahead in range(31))
    return next((day for day in days if day.day == number), None)


def _nearest_of_both(number: int, weekday: int, today: date) -> date | None:
    """The day of that number and that weekday within a month, else the last one, else the next within months."""
    ahead = [*range(31), *range(-1, -_A_WHILE, -1), *range(31, _AHEAD_DAYS)]
    days = (today + timedelta(days=shift) for shift in ahead)
    found = next((day for day in days if day.day == number and day.weekday() == weekday), None)
    # Somebody who mistakes the weekday still means the number.
    return found or _next_of_number(number, today)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _moment(kind: str, day: date, begin: int, end: int, hours: Sequence[Hour]) -> Moment:
    beside = (hour for hour in hours if begin - HOUR_REACH <= hour.begin <= end + HOUR_REACH)
    return Moment(kind, day, next(beside, None), begin, end)
