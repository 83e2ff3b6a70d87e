"""One visitor in ten is shown what search answers untaught: the same all day, another tenth the day after."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask

from app.kernel import clock
from app.portal import visitor

COUNT = 4_000


def untaught(app: Flask, number: int) -> bool:
    address = f"192.0.{number // 250}.{number % 250}"
    with app.test_request_context("/recherche?q=x", environ_base={"REMOTE_ADDR": address}):
        return visitor.untaught()


def few(app: Flask) -> set[int]:
    return {number for number in range(COUNT) if untaught(app, number)}


def test_a_tenth_of_visitors_see_results_that_nothing_learned_has_touched(app: Flask, noon: datetime) -> None:
    # Six standard deviations about a tenth: chance does not break this.
    assert abs(len(few(app)) - COUNT / visitor.UNTAUGHT) < 6 * (COUNT * 0.1 * 0.9) ** 0.5


def test_a_visitor_stays_on_one_side_all_day_and_may_change_sides_the_day_after(app: Flask, noon: datetime) -> None:
    today = few(app)
    assert few(app) == today
    with clock.frozen_at(noon + timedelta(hours=3)):
        assert few(app) == today
    with clock.frozen_at(noon + timedelta(days=1)):
        assert len(few(app) & today) < len(today) / 2
