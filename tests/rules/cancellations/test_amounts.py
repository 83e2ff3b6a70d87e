"""Amounts as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cancellations.amounts import MOST_CENTS, BadAmount, cents_of, read, said


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("12", 1200), ("12,5", 1250), ("12,5 €", 1250), ("12.50", 1250), ("1 234,50", 123450), ("0", 0), ("0,05", 5),
        ("1\u202f234,50\u00a0€", 123450), ("1\u00a0234,5", 123450), ("€12.50", 1250), ("12 EUR", 1200),
        ("EUR 7", 700), ("1.234,50", 123450), ("1,234.50", 123450), (" 30 euros ", 3000), ("007", 700),
        ("1'234.50", 123450),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_people_write_it(typed: str, cents: int) -> None:
    assert cents_of(typed) == cents


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "amount_empty"), ("   ", "amount_empty"), ("€", "amount_empty"), ("-3", "amount_negative"),
        ("−3", "amount_negative"), ("1e9", "amount_form"), ("12,505", "amount_form"), ("1,234", "amount_form"),
        ("1.234", "amount_form"), ("1 2", "amount_form"), ("12,", "amount_form"), (",50", "amount_form"),
        ("0x10", "amount_form"), ("nan", "amount_form"), ("inf", "amount_form"), ("١٢", "amount_form"),
        ("1_000", "amount_form"), ("12,50,00", "amount_form"), ("+5", "amount_form"), ("10 $", "amount_form"),
        ("9999999999", "amount_large"), ("20000000,01", "amount_large"), ("9" * 400, "amount_large"),
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused_with_the_reason(typed: str, code: str) -> None:
    with pytest.raises(BadAmount) as refused:
        cents_of(typed)
    assert refused.value.code == code


@given(st.integers(0, MOST_CENTS), st.sampled_from(["fr", "en"]))
def test_what_is_said_is_read_back_to_the_cent(cents: int, language: str) -> None:
    assert cents_of(said(cents, language)) == cents


@given(st.text(max_size=40))
def test_any_text_is_an_amount_within_bounds_or_refused(typed: str) -> None:
    cents, code = read(typed)
    assert 0 <= cents <= MOST_CENTS
    assert cents == 0 or code == ""


def test_amounts_read_as_each_language_writes_them() -> None:
    assert said(123450, "fr") == "1\u202f234,50\u00a0€"
    assert said(123450, "en") == "€1,234.50"
    assert said(-5, "fr") == "−0,05\u00a0€"
