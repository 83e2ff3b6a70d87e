"""What a machine can look up is found, and bank details are masked."""

from __future__ import annotations

import pytest

from app.triage.entities import Amount
from tests.rules.triage.saying import read


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ("ma commande VAL-7KQ4M", ("VAL-7KQ4M",)),
        ("Commande n° 4417-22", ("4417-22",)),
        ("order ref 9D3CM please", ("9D3CM",)),
        ("avoir AV-2026-000412", ("AV-2026-000412",)),
        ("une commande de billets", ()),
        ("my order was late", ()),
        ("VAL-7KQ4M puis VAL-7KQ4M", ("VAL-7KQ4M",)),
    ],
)
def test_order_codes_are_found(body: str, codes: tuple[str, ...]) -> None:
    assert read(body).orders == codes


@pytest.mark.parametrize(
    ("body", "amounts"),
    [
        ("120 €", [Amount(12000, "EUR")]),
        ("12,50 euros", [Amount(1250, "EUR")]),
        ("45€50", [Amount(4550, "EUR")]),
        ("£1,250.00", [Amount(125000, "GBP")]),
        ("1 200 CHF", [Amount(120000, "CHF")]),
        ("$40 and 3 pounds", [Amount(4000, "USD"), Amount(300, "GBP")]),
        ("12 places", []),
    ],
)
def test_sums_are_found_in_cents(body: str, amounts: list[Amount]) -> None:
    assert list(read(body).amounts) == amounts


@pytest.mark.parametrize(
    ("body", "seats"),
    [("4 places", 4), ("two tickets", 2), ("28 élèves et 3 adultes", 28), ("une place", None), ("vingt billets", 20)],
)
def test_seats_are_counted(body: str, seats: int | None) -> None:
    assert read(body).seats == seats


@pytest.mark.parametrize(
    "iban", ["FR76 3000 6000 0112 3456 7890 189", "fr7630006000011234567890189", "BE68539007547034"]
)
def test_a_bank_account_is_masked(iban: str) -> None:
    (masked,) = read(f"mon iban {iban}").ibans
    assert masked == f"{iban[:4].upper()}…{iban[-2:]}"


def test_words_are_no_bank_account() -> None:
    assert read("en 2026 nous avions pris deux places").ibans == ()
