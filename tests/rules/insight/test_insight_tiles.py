"""From counts by day to figures."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from app.insight import tiles
from app.insight.cards import Alarm
from app.insight.definitions import DEFINITIONS
from app.insight.ledger import UNSORTED
from app.insight.periods import Period, last_days

TODAY = date(2026, 11, 10)
DAY = timedelta(days=1)
WEEK = last_days(7, TODAY)
ALARM = Alarm(2, 3, 100, 42, ())


def one_day(**counts: int) -> tiles.Span:
    return tiles.span({TODAY: Counter(counts)}, WEEK)


def test_a_share_is_compared_with_the_period_before():
    days = {TODAY: Counter(first_kept=9, first_late=1), TODAY - 8 * DAY: Counter(first_kept=1, first_late=1)}
    tile = tiles.tile("first_in_time", tiles.span(days, WEEK), tiles.first_in_time, "first_kept", "first_late")
    assert (tile.value, tile.before, tile.change) == (0.9, 0.5, pytest.approx(0.4))
    assert tile.counts == {"first_kept": 9, "first_late": 1}


def test_a_series_has_fourteen_days_and_gaps_where_nothing_happened():
    tile = tiles.tile("satisfaction", one_day(marks_sum=9, opinions=2), tiles.satisfaction)
    assert tile.series == (None,) * 13 + (4.5,)


def test_nothing_counted_is_no_figure_rather_than_zero():
    tile = tiles.tile("alone", tiles.span({}, WEEK), tiles.alone)
    assert (tile.value, tile.before, tile.change) == (None, None, None)


def test_minutes_come_with_their_ninetieth_percentile_and_number():
    tile = tiles.minutes_tile("first_minutes", tiles.span({TODAY: Counter({10: 8, 100: 2})}, WEEK))
    assert (tile.value, tile.counts) == (10, {"answered": 10, "p90": 100})


def test_minutes_of_nobody_say_nothing():
    assert tiles.minutes_tile("first_minutes", tiles.span({}, WEEK)).counts == {"answered": 0}


def test_open_requests_of_earlier_days_follow_from_today():
    days = {TODAY: Counter(received=5, solved=2), TODAY - DAY: Counter(received=1, solved=4)}
    tile = tiles.open_tile(tiles.span(days, WEEK), Counter(free=2, ours=3, theirs=4, later=1), TODAY)
    assert tile.value == 10
    assert tile.series[-3:] == (10, 7, 10)
    assert tile.before == 10
    assert tile.counts == {"free": 2, "ours": 5, "theirs": 4, "later": 1}


def test_open_requests_can_be_told_at_the_end_of_an_old_period():
    old = Period(TODAY - 40 * DAY, TODAY - 30 * DAY)
    tile = tiles.open_tile(tiles.span({TODAY - 20 * DAY: Counter(received=3)}, old), Counter(ours=3), TODAY)
    assert (tile.series[-1], tile.before) == (0, 0)


def test_the_late_tile_says_how_bad_it_is():
    days = {TODAY - DAY: Counter(first_late=2, solution_late=1)}
    tile = tiles.late_tile(tiles.span(days, WEEK), ALARM, TODAY)
    assert tile.counts == {"near": 3, "cap": 100, "broken_yesterday": 3, "worst_minutes": 42}
    assert tile.series[-2:] == (3, 0)


def test_categories_are_listed_by_size_without_empty_ones():
    lines = tiles.category_lines([("seating", 1, 1, 0), (UNSORTED, 4, 0, 2), ("invoice", 0, 0, 0)])
    assert [(line.slug, line.received, line.share) for line in lines] == [(None, 4, 0.0), ("seating", 1, 1.0)]


def test_heat_is_a_mean_over_the_weeks_there_were():
    monday = date(2026, 11, 2)
    heat = tiles.heat([(5, 6, monday), (6 * 12 + 11, 1, monday)], last_days(56, TODAY))
    assert heat.first == monday
    assert heat.cells[0][5] == 3.0  # two Mondays
    assert heat.cells[6][11] == 1.0  # one Sunday
    assert heat.peak == (0, 5)


def test_a_house_without_arrivals_has_no_peak():
    assert tiles.heat([], last_days(56, TODAY)).peak is None


def test_every_open_request_is_in_one_band():
    opened = {TODAY + DAY: 1, TODAY: 2, TODAY - DAY: 3, TODAY - 6 * DAY: 4, TODAY - 7 * DAY: 5, date(2020, 1, 1): 6}
    assert [(band.code, band.count) for band in tiles.bands(opened, TODAY)] == [
        ("today", 3), ("days_1_2", 3), ("days_3_6", 4), ("days_7_more", 11),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("figure", "value", "reached"),
    [
        ("first_in_time", 0.9, True), ("first_in_time", 0.89, False), ("first_minutes", 121, False),
        ("late_now", 0, True),
        ("open_now", 3, None), ("satisfaction", None, None),
    ],
)  # fmt: skip
def test_a_target_is_reached_from_its_own_side(figure: str, value: float | None, reached: bool | None):
    assert DEFINITIONS[figure].reached(value) is reached


def test_every_figure_has_a_sentence_of_its_own():
    assert len({definition.sentence for definition in DEFINITIONS.values()}) == len(DEFINITIONS)
