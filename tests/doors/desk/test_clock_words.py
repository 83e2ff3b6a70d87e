"""Times of day as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.desk.clock_words import NoTime, minutes, slot, written
from app.venue.hours import Slot


@pytest.mark.parametrize(
    ("text", "expected"),
    [("11:00", 660), ("9h", 540), ("9 h 30", 570), ("18.30", 1110), (" 18H30 ", 1110), ("0:05", 5), ("24:00", 1440), ("7", 420)],
)  # fmt: skip
def test_a_time_may_be_typed_in_many_ways(text: str, expected: int) -> None:
    assert minutes(text) == expected


@pytest.mark.parametrize("text", ["", "midi", "25:00", "12:60", "24:01", "-1", "9:5", "1 2", "9:30 pm", "٩:٣٠x"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(NoTime):
        minutes(text)


@given(st.integers(min_value=0, max_value=24 * 60))
def test_what_is_written_is_read_back(minute: int) -> None:
    assert minutes(written(minute)) == minute


def test_an_end_in_the_small_hours_belongs_to_the_next_day() -> None:
    assert slot("20:00", "1:00") == Slot(1200, 1500)
    assert slot("20:00", "24:00") == Slot(1200, 1440)
    assert slot("1:00", "3:00") == Slot(60, 180)


def test_an_end_before_its_start_by_day_stays_for_the_verb_to_refuse() -> None:
    assert slot("14:00", "13:00") == Slot(840, 780)
