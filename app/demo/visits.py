"""How many people came to the help pages of the demo house on each day, in the numbers a day leaves behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from app.demo.courses import Course
from app.demo.plot import House

#: Days before today that were counted.
BACK = 150
#: People on a usual day, Monday first; how many more come for each request of the day beyond the usual three.
_USUAL, _FOR_EACH_REQUEST, _QUIET = (58, 54, 57, 61, 74, 92, 47), 9, 3
#: Shares of those who came, from and to: searched, read an article, and of these said that it helped.
_SEARCHED, _READ, _HELPED = (0.46, 0.58), (0.70, 0.82), (0.17, 0.26)


def visit_rows(house: House, courses: Iterable[Course]) -> list[dict[str, Any]]:
    """One row a day up to today: who came is gone, the counts remain.

    Those who wrote by the form had come first; whoever else came found an answer alone.
    """
    asked = Counter(_day(course.opened_at, house) for course in courses if course.channel == "web")
    today = _day(house.now, house)
    days = (today - timedelta(days=back) for back in range(BACK, -1, -1))
    return [_row(day, asked[day], _spent(day, today, house), house.chance) for day in days]


def _day(moment: datetime, house: House) -> date:
    return moment.astimezone(house.zone).date()


def _spent(day: date, today: date, house: House) -> float:
    """How much of a day is over."""
    return 1.0 if day < today else max(house.now.astimezone(house.zone).hour - 7, 0) / 17


def _row(day: date, asked: int, spent: float, chance: Random) -> dict[str, Any]:
    usual = _USUAL[day.weekday()] + _FOR_EACH_REQUEST * max(asked - _QUIET, 0)
    visitors = max(round(usual * spent * chance.uniform(0.85, 1.15)), asked)
    read = round(visitors * chance.uniform(*_READ))
    return {
        "day": day, "visitors": visitors, "alone": visitors - asked,
        "searched": round(visitors * chance.uniform(*_SEARCHED)), "read": read,
        "satisfied": round(read * chance.uniform(*_HELPED)),
    }  # fmt: skip
