"""Stretches of days, as an address asks for them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.insight.periods import OFFERED, Period, last_days, month, read

TODAY = date(2026, 11, 10)


@pytest.mark.parametrize("days", OFFERED)
def test_an_offered_period_ends_today(days: int):
    period = read({"period": str(days)}, TODAY)
    assert (period.length, period.last) == (days, TODAY)


def test_the_period_before_has_the_same_length_and_touches():
    period = last_days(7, TODAY)
    assert period.before == Period(date(2026, 10, 28), date(2026, 11, 3))
    assert [*period.before.days()][-1] < period.first


def test_a_period_of_ones_own_stops_today():
    assert read({"from": "2026-11-01", "to": "2027-01-01"}, TODAY) == Period(date(2026, 11, 1), TODAY)


@pytest.mark.parametrize(
    "words",
    [
        {}, {"period": "8"}, {"period": "-7"}, {"period": "x" * 500}, {"from": "2026-11-09", "to": "2026-11-01"},
        {"from": "2020-01-01"}, {"from": "nonsense"}, {"from": "2027-01-01"}, {"to": "2026-11-01"},
    ],
)  # fmt: skip
def test_nonsense_gives_the_usual_period(words: dict[str, str]):
    assert read(words, TODAY) == last_days(14, TODAY)


@pytest.mark.parametrize(("year", "number", "last"), [(2026, 2, 28), (2028, 2, 29), (2026, 12, 31), (2026, 1, 31)])
def test_a_month_has_all_its_days(year: int, number: int, last: int):
    assert month(year, number) == Period(date(year, number, 1), date(year, number, last))


@given(st.dates(date(2026, 1, 1), TODAY), st.integers(0, 300))
def test_the_words_of_a_period_give_it_back(first: date, days: int):
    period = Period(first, min(TODAY, first.fromordinal(first.toordinal() + days)))
    assert read(period.words(TODAY), TODAY) == period


@pytest.mark.parametrize("first", ["0001-01-01", "0001-06-01", "1969-12-31"])
def test_a_period_before_the_calendar_of_computers_is_nonsense(first: str):
    assert read({"from": first, "to": first}, TODAY) == last_days(14, TODAY)
