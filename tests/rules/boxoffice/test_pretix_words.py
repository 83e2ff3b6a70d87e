"""What pretix says of an order becomes admissions whose money adds up to the cent."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from app.boxoffice.connectors import pretix_words as words
from app.boxoffice.connectors.pretix_words import Around, Date, Item

AT = datetime(2027, 1, 10, 19, tzinfo=UTC)
AROUND = Around(
    {7: Date("La Traviata", "traviata", AT, "Grande salle", "EUR")},
    {1: Item("Plein tarif", admission=True), 2: Item("Programme", admission=False)}, None,
)  # fmt: skip


def a_seat(number: int, **others: object) -> dict[str, Any]:
    return {
        "id": number, "positionid": number, "item": 1, "price": "41.50", "tax_rate": "5.50", "subevent": 7,
        "seat": None, "checkins": [], "canceled": False, **others,
    }  # fmt: skip


def an_order(*seats: dict[str, Any], **others: object) -> dict[str, Any]:
    return {
        "code": "CMD01", "status": "p", "email": "lea@exemple.fr", "phone": None, "locale": "fr", "fees": [],
        "datetime": "2026-09-01T10:00:00+02:00", "last_modified": "2026-09-02T10:00:00+02:00", "sales_channel": "web",
        "invoice_address": None, "refunds": [], "positions": seats,
        "payments": [{"local_id": 1, "state": "confirmed", "amount": "83.00", "provider": "stripe_cc"}], **others,
    }  # fmt: skip


def a_refund(amount: str, state: str = "done") -> dict[str, Any]:
    return {"local_id": 1, "state": state, "amount": amount, "payment": 1}


def read(order: dict[str, Any]) -> list[Any]:
    return [line.sale or line.flaws[0].code for line in words.lines_of(order, AROUND, 1, words.TENDERS, "EUR")]


def test_of_a_secret_only_its_end_is_kept() -> None:
    sales = read(an_order(a_seat(1, secret="z3fsn8jyufm5kpk768q69gkbyr5f4h6w"), a_seat(2)))
    assert [sale.barcode_end for sale in sales] == ["4H6W", ""]
    assert "z3fsn8" not in repr(sales)


def test_fees_are_shared_to_the_cent() -> None:
    fees = [{"value": "1.00", "canceled": False}, {"value": "9.00", "canceled": True}]
    assert [one.fee_cents for one in read(an_order(a_seat(1), a_seat(2), a_seat(3), fees=fees))] == [34, 33, 33]


def test_what_was_given_back_belongs_to_cancelled_seats_first() -> None:
    order = an_order(a_seat(1, canceled=True), a_seat(2), refunds=[a_refund("50.00"), a_refund("9.00", "failed")])
    assert [(one.status, one.already_refunded_cents) for one in read(order)] == [("cancelled", 4150), ("valid", 850)]


def test_a_refund_from_outside_that_nobody_dealt_with_is_a_bank_that_takes_money_back() -> None:
    said = [an_order(a_seat(1), refunds=some) for some in ([a_refund("83.00", "external")], [a_refund("9.00")], [])]
    assert [read(order)[0].disputed for order in said] == [True, False, False]


def test_what_is_no_seat_is_left_out() -> None:
    assert [one.external_id for one in read(an_order(a_seat(1), a_seat(2, item=2)))] == ["1"]


@pytest.mark.parametrize(("others", "code"), [({"tax_rate": "19.00"}, "vat"), ({"subevent": 8}, "required")])
def test_what_cannot_be_taken_is_named(others: dict[str, object], code: str) -> None:
    assert read(an_order(a_seat(1, **others))) == [code]


def test_somebody_who_came_in_was_there() -> None:
    entries = [
        {"type": "exit", "datetime": "2027-01-10T19:00:00Z"},
        {"type": "entry", "datetime": "2027-01-10T18:40:00Z"},
    ]
    (sale,) = read(an_order(a_seat(1, checkins=entries)))
    assert (sale.status, sale.scanned_at) == ("used", datetime(2027, 1, 10, 18, 40, tzinfo=UTC))


@pytest.mark.parametrize(("provider", "tender"), [
    ("banktransfer", "transfer"), ("stripe_cc", "card"), ("giftcard", "giftcard"), ("mollie_creditcard", "card"),
])  # fmt: skip
def test_a_plugin_is_a_means_of_payment(provider: str, tender: str) -> None:
    assert words.tender_of(provider, words.TENDERS) == tender


@pytest.mark.parametrize(("status", "state", "sold"), [
    ("p", "created", True), ("n", "created", False), ("c", "refunded", True), ("c", "canceled", False),
    ("e", "confirmed", True), ("e", "created", False),
])  # fmt: skip
def test_what_was_never_paid_was_not_sold(status: str, state: str, sold: bool) -> None:
    payments = [{"local_id": 1, "state": state, "amount": "83.00", "provider": "stripe_cc"}]
    assert words.sold(an_order(a_seat(1), status=status, payments=payments, valid_if_pending=False)) is sold
