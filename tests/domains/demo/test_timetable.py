"""The quick timetable says what the calendar of the house says."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.demo.timetable import Timetable
from app.venue.hours import Calendar, Slot, add_minutes, is_open, minutes_between

DAY = (Slot(660, 780), Slot(840, 1110))
CALENDAR = Calendar(
    "Europe/Paris", ((), DAY, DAY, DAY, DAY, DAY, ()), {date(2026, 11, 11): (), date(2026, 10, 25): (Slot(780, 1560),)}
)
START = datetime(2026, 10, 1, tzinfo=UTC)
TABLE = Timetable(CALENDAR, START - timedelta(days=40), START + timedelta(days=200))
moments = st.integers(0, 70 * 86_400).map(lambda seconds: START + timedelta(seconds=seconds))


@given(moments, st.integers(0, 9_000))
def test_it_adds_opening_minutes_as_the_calendar_does(moment: datetime, minutes: int) -> None:
    assert TABLE.add(moment, minutes) == add_minutes(CALENDAR, moment, minutes)


@given(moments, moments)
def test_it_counts_opening_minutes_as_the_calendar_does(one: datetime, other: datetime) -> None:
    assert TABLE.between(one, other) == minutes_between(CALENDAR, one, other)


@given(moments, st.integers(1, 2_000))
def test_going_back_and_forth_ends_where_it_began(moment: datetime, minutes: int) -> None:
    assert TABLE.between(TABLE.back(moment, minutes), moment) == minutes


@given(moments)
def test_the_next_moment_of_opening_is_open(moment: datetime) -> None:
    assert is_open(CALENDAR, TABLE.opening(moment))
    assert TABLE.opening(moment) >= moment
