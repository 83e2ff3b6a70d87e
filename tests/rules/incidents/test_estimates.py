"""A place is said as a band, an estimate to the half hour, and neither when nobody can tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.incidents.estimates import BOUNDS, about, band, expected, place_words, rounded

NOW = datetime(2026, 11, 10, 13, 30, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize("ahead", [0, 9, 10, 24, 99, 100, 2_499, 9_999, 10_000, 15_000])
def test_everybody_stands_within_their_band(ahead: int) -> None:
    lower, upper = band(ahead)
    assert lower <= ahead
    assert not upper or ahead < upper
    assert (lower == 0) == (ahead < BOUNDS[0])


@pytest.mark.parametrize(
    ("ahead", "french", "english"),
    [
        (3, "Moins de 10 personnes", "Fewer than 10 people"),
        (120, "Entre 100 et 250 personnes", "Between 100 and 250 people"),
        (1_200, "Entre 1\u202f000 et 2\u202f500 personnes", "Between 1,000 and 2,500 people"),
        (14_000, "Plus de 10\u202f000 personnes", "More than 10,000 people"),
    ],
)
def test_a_place_is_said_in_both_languages(ahead: int, french: str, english: str) -> None:
    assert place_words(ahead, "fr") == f"{french} ont écrit avant vous"
    assert place_words(ahead, "en") == f"{english} wrote before you"


def test_the_estimate_is_the_half_hour_after_the_pace_leads_there() -> None:
    assert expected(NOW, 49, 1.0, None) == NOW + timedelta(minutes=60)
    assert rounded(NOW + timedelta(minutes=1)) == NOW + timedelta(minutes=30)
    assert rounded(NOW) == NOW


@pytest.mark.parametrize("pace", [0.0, -1.0, 0.0001])
def test_nobody_is_given_a_moment_that_nobody_can_tell(pace: float) -> None:
    assert expected(NOW, 100, pace, None) is None


@pytest.mark.parametrize(
    ("later", "french", "english"),
    [
        (timedelta(hours=2), "vers\xa016\xa0h\xa030", "around 4:30\xa0pm"),
        (timedelta(days=1), "demain vers\xa014\xa0h\xa030", "tomorrow around 2:30\xa0pm"),
        (
            timedelta(days=3),
            "vendredi 13\xa0novembre vers\xa014\xa0h\xa030",
            "on Friday 13\xa0November around 2:30\xa0pm",
        ),
    ],
)
def test_a_moment_is_said_as_one_says_it(later: timedelta, french: str, english: str) -> None:
    assert about(NOW + later, NOW, "fr", PARIS) == french
    assert about(NOW + later, NOW, "en", PARIS) == english
