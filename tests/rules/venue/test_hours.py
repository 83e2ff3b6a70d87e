"""Arithmetic of opening hours: tables of cases, and properties over daylight saving."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.venue.hours import (
    Calendar,
    NeverOpen,
    Slot,
    add_minutes,
    closing,
    is_open,
    minutes_between,
    next_opening,
)

PARIS = ZoneInfo("Europe/Paris")
DAY = (Slot(11 * 60, 13 * 60), Slot(14 * 60, 18 * 60 + 30))
HOUSE = Calendar("Europe/Paris", ((), DAY, DAY, DAY, DAY, DAY, ()), {date(2026, 11, 11): ()})
ALWAYS = Calendar("Europe/Paris", (((Slot(0, 24 * 60)),),) * 7)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2026-11-10 12:30", 30, "2026-11-10 13:00"),
        ("2026-11-10 12:30", 31, "2026-11-10 14:01"),
        ("2026-11-10 13:30", 10, "2026-11-10 14:10"),
        ("2026-11-10 18:00", 60, "2026-11-12 11:30"),  # the 11th is closed
        ("2026-11-14 19:00", 30, "2026-11-17 11:30"),  # Saturday night to Tuesday
        ("2026-11-10 11:00", 0, "2026-11-10 11:00"),
    ],
)
def test_minutes_are_added_in_opening_hours_only(start: str, minutes: int, due: str) -> None:
    assert add_minutes(HOUSE, at(start), minutes) == at(due)


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-11-10 12:00", "2026-11-10 15:00", 120),
        ("2026-11-10 08:00", "2026-11-10 20:00", 390),
        ("2026-11-10 15:00", "2026-11-10 12:00", 0),
        ("2026-11-10 18:00", "2026-11-12 12:00", 90),
    ],
)
def test_minutes_between_leave_closed_time_out(start: str, end: str, minutes: int) -> None:
    assert minutes_between(HOUSE, at(start), at(end)) == minutes


def test_a_night_of_23_hours_still_counts_real_minutes() -> None:
    assert add_minutes(ALWAYS, at("2026-03-28 23:30"), 240) == datetime(2026, 3, 29, 2, 30, tzinfo=UTC)


def test_a_night_of_25_hours_still_counts_real_minutes() -> None:
    assert add_minutes(ALWAYS, at("2026-10-24 23:30"), 240) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_slots_keep_their_written_hours_on_both_sides_of_daylight_saving() -> None:
    before = next_opening(HOUSE, at("2026-10-24 08:00"))
    after = next_opening(HOUSE, at("2026-10-27 08:00"))
    assert before == at("2026-10-24 11:00")
    assert after == at("2026-10-27 11:00")


def test_a_slot_may_run_past_midnight() -> None:
    night = Calendar("Europe/Paris", ((), (), (), (), (), (Slot(19 * 60, 25 * 60),), ()))
    assert is_open(night, at("2026-11-15 00:30"))
    assert not is_open(night, at("2026-11-15 01:00"))


def test_a_house_that_never_opens_says_so() -> None:
    with pytest.raises(NeverOpen):
        add_minutes(Calendar("Europe/Paris", ((),) * 7), at("2026-11-10 12:00"), 1)
    assert next_opening(Calendar("Europe/Paris", ((),) * 7), at("2026-11-10 12:00")) is None


def test_closing_is_the_end_of_the_last_slot_of_today() -> None:
    assert closing(HOUSE, at("2026-11-10 12:00")) == at("2026-11-10 18:30")
    assert closing(HOUSE, at("2026-11-10 19:00")) is None
    assert closing(HOUSE, at("2026-11-11 12:00")) is None


# Hypothesis draws naive moments; they become UTC right after.
FROM, TO = datetime(2026, 1, 1), datetime(2027, 12, 31)  # noqa: DTZ001
moments = st.datetimes(FROM, TO).map(lambda d: d.replace(second=0, microsecond=0, tzinfo=UTC))


@settings(deadline=None, max_examples=150)
@given(moments, st.integers(0, 4000))
def test_what_was_added_is_found_between(start: datetime, minutes: int) -> None:
    assert minutes_between(HOUSE, start, add_minutes(HOUSE, start, minutes)) == minutes


@settings(deadline=None, max_examples=100)
@given(moments, st.integers(0, 2000), st.integers(1, 2000))
def test_adding_twice_is_adding_the_sum(start: datetime, first: int, second: int) -> None:
    assert add_minutes(HOUSE, add_minutes(HOUSE, start, first), second) == add_minutes(HOUSE, start, first + second)


@settings(deadline=None, max_examples=60)
@given(moments, st.integers(1, 3000))
def test_the_answer_equals_a_minute_by_minute_walk(start: datetime, minutes: int) -> None:
    minutes = minutes % 500 + 1
    walked, here = 0, start
    while walked < minutes:
        local = here.astimezone(PARIS)
        slots = HOUSE.slots_on(local.date())
        walked += any(s.start <= local.hour * 60 + local.minute < s.end for s in slots)
        here += timedelta(minutes=1)
    assert add_minutes(HOUSE, start, minutes) == here
