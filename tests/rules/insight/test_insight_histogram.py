"""Classes of minutes and the percentiles they tell."""

from __future__ import annotations

from collections import Counter
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.insight.histogram import LONGEST, bucket_of, counted, flat, percentile, width_at


@pytest.mark.parametrize(
    ("minutes", "bucket"),
    [(-3, 0), (0, 0), (119, 119), (120, 120), (124, 120), (479, 475), (494, 480), (1_500, 1_500), (10**9, LONGEST)],
)
def test_short_times_are_exact_and_long_ones_grouped(minutes: int, bucket: int):
    assert bucket_of(minutes) == bucket


def test_no_case_has_no_percentile():
    assert percentile({}, 0.5) is None
    assert percentile({7: 0}, 0.5) is None


def test_median_and_ninetieth_of_ten_cases():
    spread = Counter(range(1, 11))
    assert percentile(spread, 0.5) == 5
    assert percentile(spread, 0.9) == 9


@given(st.lists(st.integers(0, LONGEST - 1), min_size=1), st.floats(0.01, 1))
def test_a_percentile_lies_in_the_class_of_the_true_one(cases: list[int], share: float):
    true = sorted(cases)[max(1, ceil(share * len(cases))) - 1]
    told = percentile(Counter(bucket_of(case) for case in cases), share)
    assert told is not None
    assert abs(told - true) < width_at(true)


@given(st.dictionaries(st.integers(0, LONGEST), st.integers(0, 99)))
def test_a_histogram_survives_being_written_down(spread: dict[int, int]):
    assert counted(flat(spread)) == Counter(spread)


@given(st.integers(0, LONGEST))
def test_a_class_contains_its_minutes(minutes: int):
    assert bucket_of(minutes) <= minutes < bucket_of(minutes) + width_at(minutes)
