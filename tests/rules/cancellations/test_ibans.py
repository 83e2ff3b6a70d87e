"""Bank accounts as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cancellations.ibans import BadIban, canonical, masked

GOOD = "FR7630006000011234567890189"


@pytest.mark.parametrize(
    "typed",
    [GOOD, "fr76 3000 6000 0112 3456 7890 189", "IBAN : FR76 3000-6000-0112-3456-7890-189", f"\u00a0{GOOD}\u202f"],
)
def test_an_account_is_the_same_however_it_is_spaced(typed: str) -> None:
    assert canonical(typed) == GOOD


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "iban_empty"), ("IBAN", "iban_empty"), ("30006000011234567890189", "iban_form"),
        ("FR76 3000 6000 0112 3456 7890 188", "iban_checksum"), ("FR7730006000011234567890189", "iban_checksum"),
        ("FR76300060000112345678901", "iban_checksum"), ("US64SVBKUS6S3300958879", "iban_country"),
        ("BR1800360305000010009795493C1", "iban_country"), ("FR76\u041e0006000011234567890189", "iban_form"),
        ("FR76 3000 6000 0112 3456 7890 18\u0661", "iban_form"),
    ],
)  # fmt: skip
def test_what_cannot_be_paid_to_is_refused_with_the_reason(typed: str, code: str) -> None:
    with pytest.raises(BadIban) as refused:
        canonical(typed)
    assert refused.value.code == code
    assert "0006" not in str(refused.value)


def test_only_the_beginning_and_the_end_are_shown() -> None:
    assert masked(GOOD) == "FR76 •••• 189"


@given(st.integers(0, len(GOOD) - 1), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_always_noticed(place: int, digit: str) -> None:
    typed = GOOD[:place] + digit + GOOD[place + 1 :]
    if typed == GOOD:
        assert canonical(typed) == GOOD
        return
    with pytest.raises(BadIban):
        canonical(typed)


@given(st.text(max_size=60))
def test_any_text_is_an_account_or_refused(typed: str) -> None:
    try:
        number = canonical(typed)
    except BadIban:
        return
    assert canonical(number) == number
