"""What usually comes, what is known of a day, how wide the band is, and how the crowd of an incident thins out."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from statistics import fmean

import pytest

from app.insight import bands, crowds, learning, trying
from app.insight.bands import Expected, Score
from app.insight.crowds import Curve, Running
from app.insight.drivers import Programme
from app.insight.trying import Past
from app.insight.usual import usual

MONDAY = date(2026, 3, 2)
DAY = timedelta(days=1)
NOTHING = Programme({}, {}, frozenset())
WEEK = (60.0, 50.0, 40.0, 40.0, 50.0, 20.0, 0.0)


def of_weeks(weeks: int, week: tuple[float, ...] = WEEK) -> tuple[float, ...]:
    return week * weeks


def an_eventful(days: int, *, seed: int = 1) -> Past:
    """A house whose evenings make people write, that day and the day after, more when more seats were sold."""
    chance = Random(seed)
    seats = {
        MONDAY + place * DAY: chance.choice((300, 600, 900)) for place in range(-3, days + 16) if chance.random() < 0.3
    }
    means = [WEEK[place % 7] / 2 + 10 + seats.get(MONDAY + place * DAY, 0) / 30 + seats.get(MONDAY + (place - 1) * DAY, 0) / 20
             for place in range(days)]  # fmt: skip
    counts = tuple(float(max(0, round(chance.gauss(mean, mean**0.5)))) for mean in means)
    return Past(counts, MONDAY, Programme(dict.fromkeys(seats, 1), seats, frozenset()))


def test_a_day_brings_what_its_weekday_brings() -> None:
    expected = [usual(of_weeks(8), MONDAY, MONDAY + (56 + place) * DAY) for place in range(7)]
    assert expected == pytest.approx(WEEK, abs=4.5)


def test_a_season_that_begins_is_followed_within_a_fortnight() -> None:
    doubled = of_weeks(6) + tuple(2 * count for count in of_weeks(2))
    day = MONDAY + len(doubled) * DAY
    assert usual(doubled, MONDAY, day) > 1.6 * usual(of_weeks(8), MONDAY, day)


def test_last_year_tells_the_season() -> None:
    quiet, busy = of_weeks(52), tuple(count * 1.5 for count in of_weeks(8))
    counts = quiet[: 49 * 7] + busy + quiet[: 44 * 7]
    assert usual(counts, MONDAY, MONDAY + (len(counts) + 3) * DAY) > 1.2 * fmean(WEEK) * WEEK[3] / fmean(WEEK)


def test_the_band_holds_about_eight_days_in_ten() -> None:
    inside: list[bool] = []
    for seed in range(12):
        chance = Random(seed)
        counts = [float(max(0, round(chance.gauss(count, (count + 1) ** 0.5 * 1.3)))) for count in of_weeks(15)]
        told = trying.foretold(Past(tuple(counts[:98]), MONDAY, NOTHING))
        inside += [day.low - 0.5 <= came <= day.high + 0.5 for day, came in zip(told.days, counts[98:], strict=False)]
    assert 0.72 <= fmean(inside) <= 0.93


def test_a_house_that_grew_overnight_gets_no_band_as_wide_as_the_sky() -> None:
    counts = tuple(count / 20 for count in of_weeks(12)) + tuple(count * 10 for count in of_weeks(4))
    first = trying.foretold(Past(counts, MONDAY, NOTHING)).days[1]
    assert first.high < 2 * first.count


def test_three_weeks_are_the_least_and_ten_the_least_to_learn_from() -> None:
    assert not Past(of_weeks(3)[:20], MONDAY, NOTHING).long_enough
    young = Past(of_weeks(3), MONDAY, NOTHING)
    assert young.long_enough
    assert not young.teaches
    assert trying.foretold(young).method == trying.WEEKDAYS
    assert Past(of_weeks(10), MONDAY, NOTHING).teaches
    assert not Past((0.5,) * 100, MONDAY, NOTHING).teaches


def test_what_learns_wins_where_the_programme_moves_people_and_is_left_where_it_does_not() -> None:
    eventful = an_eventful(150)
    question = trying.question(eventful)
    told = trying.foretold(eventful, learning.predicted(question["rows"], question["splits"]))
    assert told.method == trying.LEARNT
    assert told.missed[trying.LEARNT] < 0.8 * told.missed[trying.WEEKDAYS]
    worse = [[0.0] * 8 for _ in question["splits"]]
    assert trying.foretold(eventful, worse).method == trying.WEEKDAYS


def test_what_is_learnt_of_a_stretch_does_not_know_what_came_in_it() -> None:
    past = an_eventful(120)
    end = trying.ends(past)[0]
    changed = Past((*past.counts[:end], *(count + 500 for count in past.counts[end:])), past.first, past.programme)
    first = [
        learning.predicted(trying.question(one)["rows"], trying.question(one)["splits"][:1]) for one in (past, changed)
    ]
    assert first[0] == first[1]


def test_forecasts_are_scored_by_what_came() -> None:
    days = [(Expected(10, 5, 15), 12.0), (Expected(10, 5, 15), 20.0), (Expected(1, 0, 2), 0.0)]
    assert bands.scored(days) == Score(3, pytest.approx((2 / 12 + 10 / 20 + 1) / 3), pytest.approx(2 / 3))
    assert bands.scored([]) is None
    assert bands.pooled([(Score(10, 0.1, 0.8), 90.0), (Score(10, 0.9, 0.6), 10.0)]) == Score(
        10, pytest.approx(0.18), pytest.approx(0.78)
    )


def test_departments_add_up_and_their_bands_grow_less_than_they_do() -> None:
    both = bands.added([Expected(10, 6, 14), Expected(20, 17, 23)])
    assert (both.count, both.low, both.high) == (30, 25, 35)


def test_a_cause_known_brings_its_share_of_those_concerned_corrected_by_what_came() -> None:
    taught = crowds.decay([Curve("cancelled", 1000, (200, 100, 50)), Curve("late", 1000, (900,))], "cancelled")
    assert taught == (0.2, 0.1, 0.05)
    assert crowds.decay([Curve("late", 500, (50,))], "cancelled") == (0.1,)
    fresh = crowds.coming(Running("cancelled", 400, (), 0), taught)
    assert fresh[:5] == pytest.approx((80, 40, 20, 10, 5))
    louder = crowds.coming(Running("cancelled", 400, (160,), 0), taught)
    assert louder[0] == pytest.approx(40 * 170 / 90)


def test_an_incident_that_ended_early_says_nothing_of_the_days_after_it() -> None:
    curves = [Curve("cancelled", 300, (60, 30, 15)), Curve("cancelled", 100, (60,))]
    assert crowds.decay(curves, "cancelled") == pytest.approx((0.3, 0.1, 0.05))


def test_while_none_has_ended_each_day_brings_half_of_the_day_before() -> None:
    assert crowds.coming(Running("cancelled", 400, (60, 40), 5), ())[:3] == (20, 10, 5)
    assert crowds.coming(Running("sale", 0, (), 12), (0.2,))[:2] == (12, 6)
