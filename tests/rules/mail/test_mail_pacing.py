"""How many letters a minute a domain gets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.mail.pacing import allowed, paces_from

NOW = datetime(2026, 11, 10, 13, 30, tzinfo=UTC)


@pytest.mark.parametrize(("rate", "most"), [(1, 1), (6, 1), (20, 3), (60, 10), (300, 50)])
def test_at_once_goes_ten_seconds_worth(rate: int, most: int) -> None:
    assert allowed(rate, None, NOW, 1_000)[0] == most


@pytest.mark.parametrize("rate", [1, 7, 20, 300])
def test_in_any_hour_no_more_goes_than_the_rate_allows(rate: int) -> None:
    free, sent = None, 0
    for second in range(3_600):
        count, free = allowed(rate, free, NOW + timedelta(seconds=second), 1_000)
        sent += count
    assert rate * 59 <= sent <= rate * 60 + max(1, rate // 6)


def test_rest_is_not_saved_up() -> None:
    _, free = allowed(60, None, NOW, 5)
    assert allowed(60, free, NOW + timedelta(hours=8), 1_000)[0] == 10


def test_a_domain_without_a_rate_is_slowed_only_when_it_was_braked() -> None:
    assert allowed(None, None, NOW, 500)[0] == 500
    assert allowed(None, NOW + timedelta(minutes=1), NOW, 500)[0] == 0


def test_rates_are_read_and_wrong_ones_named() -> None:
    paces = paces_from("gmail.com=20/min, *=300/min")
    assert (paces.of("gmail.com"), paces.of("exemple.fr")) == (20, 300)
    assert paces_from("").of("exemple.fr") is None
    with pytest.raises(ValueError, match="20/s"):
        paces_from("gmail.com=20/s")
