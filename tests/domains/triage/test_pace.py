"""Whether they come together or one by one, so many messages are a storm, and what each means is not asked."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask

from app.kernel import clock
from app.triage import pace


def test_many_together_are_a_storm(app: Flask, noon: datetime) -> None:
    assert not pace.hurried(pace.TOGETHER)
    clock.advance(pace.LATELY)
    assert pace.hurried(pace.TOGETHER + 1)


def test_many_that_come_one_by_one_are_a_storm_until_they_come_thin_again(app: Flask, noon: datetime) -> None:
    for _ in range(pace.THICK):
        clock.advance(timedelta(seconds=5))
        assert not pace.hurried(1)
    assert pace.hurried(1)
    clock.advance(pace.LATELY)
    assert not pace.hurried(1)


def test_a_busy_day_is_none(app: Flask, noon: datetime) -> None:
    """Two hundred an hour, as a large house has them on the day a sale opens."""
    for _ in range(400):
        clock.advance(timedelta(seconds=18))
        assert not pace.hurried(1)


def test_of_a_storm_of_any_size_one_in_twenty_is_asked_at_most(app: Flask, noon: datetime) -> None:
    for letters in (1_500, 15_000):
        clock.advance(timedelta(hours=1))
        asked = 0.0
        for _ in range(letters):
            clock.advance(timedelta(hours=1) / letters)
            asked += 0 if pace.hurried(1) else 0.3  # `asking.SHARE`
        assert asked < 0.05 * letters
