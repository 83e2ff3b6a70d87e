"""The days on which banks of the euro carry nothing out: data with its source, and the day that comes next; pure.

Source: European Central Bank, TARGET long-term calendar of closing days (in force since 2002): Saturdays, Sundays,
1 January, Good Friday, Easter Monday, 1 May, 25 and 26 December. Looked up in November 2026.
"""

from __future__ import annotations

from datetime import date, timedelta

#: Months and days that are the same every year.
FIXED = ((1, 1), (5, 1), (12, 25), (12, 26))
#: Days from Easter Sunday: Good Friday and Easter Monday.
AROUND_EASTER = (-2, 1)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Anonymous Gregorian algorithm, Meeus, Astronomical Algorithms)."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    skipped, left = divmod(century, 4)
    moon = (19 * golden + century - skipped - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    leaps, over = divmod(rest, 4)
    week = (32 + 2 * left + 2 * leaps - moon - over) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)


def is_closed(day: date) -> bool:
    """Whether banks carry nothing out on a day."""
    if day.weekday() > 4 or (day.month, day.day) in FIXED:
        return True
    return (day - easter(day.year)).days in AROUND_EASTER


def next_day(day: date, days: int) -> date:
    """The day on which a bank can carry something out: so many days on, and never on a closing day."""
    found = day + timedelta(days=days)
    while is_closed(found):
        found += timedelta(days=1)
    return found
