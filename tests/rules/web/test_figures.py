"""Amounts, numbers, weights and the filters bound to a reader."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.web import presentation

NOON = datetime(2026, 3, 12, 11, 42, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cents", "french", "english"),
    [
        (12000, "120,00\u00a0€", "€120.00"), (120450, "1\u202f204,50\u00a0€", "€1,204.50"), (5, "0,05\u00a0€", "€0.05"),
        (-2000, "-20,00\u00a0€", "-€20.00"), (0, "0,00\u00a0€", "€0.00"),
    ],
)  # fmt: skip
def test_amounts_read_as_each_language_writes_them(cents: int, french: str, english: str) -> None:
    assert presentation.money(cents, "EUR", "fr") == french
    assert presentation.money(cents, "EUR", "en") == english


def test_an_amount_for_a_dashboard_leaves_the_cents_out() -> None:
    assert presentation.money(3120449, "EUR", "fr", whole=True) == "31\u202f204\u00a0€"
    assert presentation.money(3120449, "EUR", "en", whole=True) == "€31,204"


def test_other_currencies_keep_their_sign() -> None:
    assert "CHF" in presentation.money(12000, "CHF", "fr")


def test_numbers_and_shares_take_the_separators_of_the_language() -> None:
    assert presentation.number(1204, "fr") == "1\u202f204"
    assert presentation.number(4.4, "en", 1) == "4.4"
    assert presentation.percent(0.914, "fr", 1) == "91,4\u00a0%"
    assert presentation.percent(0.58, "en") == "58%"


@pytest.mark.parametrize(
    ("size", "french", "english"),
    [
        (312, "312\u00a0octets", "312\u00a0bytes"), (421_888, "412\u00a0ko", "412\u00a0kB"),
        (1_258_291, "1,2\u00a0Mo", "1.2\u00a0MB"), (10 * 1024 * 1024, "10\u00a0Mo", "10\u00a0MB"),
    ],
)  # fmt: skip
def test_a_file_of_the_permitted_weight_reads_as_the_limit(size: int, french: str, english: str) -> None:
    assert presentation.file_size(size, "fr") == french
    assert presentation.file_size(size, "en") == english


def test_a_telephone_link_dials_digits_only() -> None:
    assert presentation.phone_digits("+33 (0)3 00-00") == "+3303" + "0000"
    assert presentation.phone_digits("03 00 00 00 00") == "0300000000"


@pytest.fixture
def bound():
    return presentation.filters(lambda: "fr", lambda: ZoneInfo("Europe/Paris"), lambda: NOON)


def test_filters_speak_the_language_of_the_reader(bound) -> None:
    assert bound["money"](12000) == "120,00\u00a0€"
    assert bound["money"](12000, whole=True) == "120\u00a0€"
    assert bound["deadline"](NOON + timedelta(minutes=41)).kind == "warn"
    assert bound["deadline"](NOON, paused=True).text == "En pause"
    assert bound["age"](NOON - timedelta(hours=3)) == "il y a 3\u00a0h"
    assert bound["short_day"](NOON) == "jeudi 12\u00a0mars"
    assert bound["spaces"]("Pourquoi ?") == "Pourquoi\u202f?"


def test_filters_follow_a_language_that_changes() -> None:
    spoken = ["fr"]
    bound = presentation.filters(lambda: spoken[0], lambda: ZoneInfo("Europe/Paris"), lambda: NOON)
    before = bound["hour"](NOON)
    spoken[0] = "en"
    assert (before, bound["hour"](NOON)) == ("12\u00a0h\u00a042", "12:42\u00a0pm")
