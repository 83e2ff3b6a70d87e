"""The season turns around tonight, whenever the demo is made."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.catalogue import defaults
from app.demo import season

PARIS = ZoneInfo("Europe/Paris")
MOMENTS = [
    datetime(2026, 11, 21, 20, 15, tzinfo=UTC), datetime(2026, 12, 6, 9, 0, tzinfo=UTC),
    datetime(2027, 3, 28, 0, 30, tzinfo=UTC), datetime(2028, 2, 29, 12, 0, tzinfo=UTC),
]  # fmt: skip


@pytest.mark.parametrize("now", MOMENTS)
def test_tonight_is_always_ahead(now: datetime) -> None:
    tonight = next(show for show in season.shows(now, PARIS) if show.offset == 0)
    assert timedelta(0) < tonight.starts_at - now <= timedelta(hours=25)


@pytest.mark.parametrize("now", MOMENTS)
def test_no_two_performances_share_a_code_or_a_moment_of_their_work(now: datetime) -> None:
    shows = season.shows(now, PARIS)
    assert len(shows) >= 60
    assert max(Counter(show.code for show in shows).values()) == 1
    assert max(Counter((show.production, show.starts_at) for show in shows).values()) == 1


@pytest.mark.parametrize("now", MOMENTS)
def test_nobody_plays_at_christmas(now: datetime) -> None:
    days = {show.starts_at.astimezone(PARIS).date() for show in season.shows(now, PARIS) if show.offset}
    assert not {(day.month, day.day) for day in days} & {(12, 24), (12, 25), (1, 1)}


def test_the_counter_stays_until_the_curtain_is_up() -> None:
    now = datetime(2026, 11, 18, 13, 30, tzinfo=UTC)
    slots = season.evening_slots(season.shows(now, PARIS), defaults.week(), PARIS)
    # A Wednesday: the afternoon and the two hours before eight o'clock run into each other.
    assert slots[date(2026, 11, 18)] == [{"start": 660, "end": 780}, {"start": 840, "end": 1230}]
