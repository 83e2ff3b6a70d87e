"""What admissions are worth, and what a household is owed for all of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.boxoffice.seats import Seat
from app.cancellations.crediting import OUT, Rule, Worth, portion, rule_from, worth
from app.cancellations.funding import Paid
from app.cancellations.shaping import contained, shaped

SEAT = Seat(
    id=1, order_id=1, household_id=1, household_kind="individual", performance_id=7, status="valid", kind="single",
    channel="web", tariff="Plein", face_cents=6000, fee_cents=150, alloc_cents=None, refunded_cents=0, vat_bp=550,
    scanned=False, currency="EUR",
)  # fmt: skip


def test_a_seat_is_worth_its_price_and_its_fees_when_the_house_gives_them_back() -> None:
    assert worth(SEAT, Rule()) == Worth(6000)
    assert worth(SEAT, Rule(fees="all")) == Worth(6150)
    kept = SEAT._replace(ticketing_fee_cents=100)
    assert [worth(kept, Rule(fees=scope)).cents for scope in ("none", "venue", "all")] == [6000, 6050, 6150]
    assert worth(kept, Rule(fees="venue", ratios={7: 5000})) == Worth(3025)


def test_an_interrupted_show_gives_back_a_share_with_the_half_cent_to_the_household() -> None:
    assert worth(SEAT, Rule(ratios={7: 5000})) == Worth(3000)
    assert portion(1, 5000) == 1
    assert portion(3333, 3333) == 1111


def test_a_seat_inside_a_pass_is_worth_its_share_of_the_pass() -> None:
    assert worth(SEAT._replace(kind="subscription", face_cents=0, alloc_cents=2450), Rule()) == Worth(2450)
    assert worth(SEAT._replace(kind="subscription", face_cents=0), Rule()) == Worth(0, "unpriced")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"status": "cancelled"}, "cancelled"), ({"status": "exchanged"}, "exchanged"), ({"status": "resold"}, "resold"),
        ({"currency": "CHF"}, "currency"), ({"channel": "reseller"}, "reseller"),
        ({"scanned": True}, "scanned"), ({"face_cents": 0, "kind": "invitation"}, "free"),
        ({"refunded_cents": 6000}, "refunded"), ({"refunded_cents": 9000}, "refunded"), ({"tariff": "Presse"}, "tariff"),
        ({"kind": "group"}, "kind"), ({"channel": "school"}, "channel"),
    ],
)  # fmt: skip
def test_a_seat_that_is_left_out_says_why(change: dict[str, object], why: str) -> None:
    rule = Rule(
        tariffs_out=frozenset({"Presse"}), kinds_out=frozenset({"group"}),
        channels_out=frozenset({"reseller", "school"}),
    )  # fmt: skip
    assert worth(SEAT._replace(**change), rule) == Worth(0, why)  # type: ignore[arg-type]
    assert why in OUT


@pytest.mark.parametrize(
    ("only", "why"),
    [
        ({"tariffs_in": {"Plein"}}, ""), ({"tariffs_in": {"Réduit"}}, "tariff"), ({"channels_in": {"web"}}, ""),
        ({"channels_in": {"counter"}}, "channel"), ({"kinds_in": {"single"}}, ""), ({"kinds_in": {"group"}}, "kind"),
        ({"kinds_in": {"single"}, "kinds_out": {"single"}}, "kind"), ({"channels_in": {"reseller"}}, "channel"),
    ],
)  # fmt: skip
def test_where_something_is_named_only_that_counts(only: dict[str, set[str]], why: str) -> None:
    rule = rule_from({name: sorted(some) for name, some in only.items()}, "EUR", {})
    assert worth(SEAT, rule).why == why


def test_a_reseller_named_to_count_is_still_left_out_as_is_usual_unless_said_otherwise() -> None:
    seat = SEAT._replace(channel="reseller")
    assert worth(seat, rule_from({"channels_in": ["reseller"]}, "EUR", {})).why == "reseller"
    assert worth(seat, rule_from({"channels_in": ["reseller"], "channels_out": []}, "EUR", {})) == Worth(6000)


def test_an_order_counts_only_if_all_it_was_paid_with_is_named() -> None:
    rule = rule_from({"tenders_in": ["card", "cash"]}, "EUR", {})
    for paid, why in ((("card",), []), (("card", "cash"), []), (("card", "ancv"), ["tender"]), (("ancv",), ["tender"])):
        payments = {1: [Paid(key, tender, 6000 // len(paid)) for key, tender in enumerate(paid)]}
        (found,) = shaped([SEAT], payments, rule)
        assert [out.why for out in found.left_out] == why


def test_a_seat_of_another_credit_is_left_out_alone() -> None:
    assert worth(SEAT, Rule(), credited=True) == Worth(0, "elsewhere")
    assert "elsewhere" in OUT
    (found,) = shaped([SEAT, SEAT._replace(id=2)], {1: [Paid(1, "card", 12000)]}, Rule(), {1})
    assert [(out.admission_id, out.why) for out in found.left_out] == [(1, "elsewhere")]
    assert found.cents == 6000


def test_what_was_given_back_already_is_not_given_back_again() -> None:
    assert worth(SEAT._replace(refunded_cents=1000), Rule()) == Worth(5000)


def test_a_scanned_seat_counts_where_the_show_was_interrupted() -> None:
    assert worth(SEAT._replace(scanned=True), Rule(include_scanned=True)) == Worth(6000)


def test_what_a_campaign_does_not_say_is_as_usual() -> None:
    assert rule_from({}, "EUR", {}) == Rule()


def test_what_pass_culture_paid_goes_back_there_and_only_the_rest_is_chosen() -> None:
    payments = {1: [Paid(1, "card", 3000), Paid(2, "passculture", 3000)]}
    (found,) = shaped([SEAT], payments, Rule())
    assert [(item.cents, item.external_cents) for item in found.items] == [(3000, 3000)]
    assert (found.cents, found.external_cents) == (3000, 3000)
    (outside,) = shaped([SEAT], {1: [Paid(1, "passculture", 6000)]}, Rule())
    assert (outside.items, outside.buckets) == ([], [])
    assert [out.why for out in outside.left_out] == ["returned"]


def test_an_order_paid_by_a_tender_that_is_out_is_left_out_whole() -> None:
    payments = {1: [Paid(1, "card", 3000), Paid(2, "invoice", 3000)]}
    (found,) = shaped([SEAT], payments, Rule(tenders_out=frozenset({"invoice"})))
    assert [out.why for out in found.left_out] == ["tender"]


def test_the_tax_contained_is_kept_by_rate() -> None:
    assert contained(5000, 550) == 261
    assert contained(0, 550) == 0
    payments = {1: [Paid(1, "card", 12000)]}
    seats = [SEAT._replace(face_cents=5000), SEAT._replace(id=2, face_cents=5000, vat_bp=1000)]
    (found,) = shaped(seats, payments, Rule())
    assert found.vat() == {"550": 261, "1000": 455}


SEATS = st.lists(
    st.builds(
        SEAT._replace, id=st.integers(1, 10**6), order_id=st.integers(1, 3), household_id=st.integers(1, 3),
        face_cents=st.integers(0, 9000), fee_cents=st.integers(0, 300), refunded_cents=st.integers(0, 2000),
        status=st.sampled_from(["valid", "used", "cancelled"]), scanned=st.booleans(),
    ),
    max_size=12,
)  # fmt: skip
PAID = st.lists(
    st.builds(
        Paid, st.integers(1, 99), st.sampled_from(["card", "ancv", "passculture", "cash"]), st.integers(0, 20_000)
    ),
    max_size=3,
)  # fmt: skip


@given(SEATS, st.dictionaries(st.integers(1, 9), PAID), st.sampled_from(["none", "all"]), st.integers(0, 10_000))
def test_seats_and_what_paid_for_them_always_balance_to_the_cent(
    seats: list[Seat], payments: dict[int, list[Paid]], fees: str, ratio: int
) -> None:
    # An order belongs to one household, as the box office keeps it.
    rows = sorted(
        {seat.id: seat._replace(order_id=seat.household_id * 3 - 3 + seat.order_id) for seat in seats}.values(),
        key=lambda seat: (seat.household_id, seat.order_id),
    )
    for found in shaped(rows, payments, Rule(fees=fees, ratios={7: ratio})):
        mine = [seat for seat in rows if seat.household_id == found.household_id]
        assert found.cents == sum(bucket.cents for bucket in found.buckets if bucket.kind != "external")
        assert all(item.cents > 0 for item in found.items)
        assert sorted([i.admission_id for i in found.items] + [o.admission_id for o in found.left_out]) == sorted(
            seat.id for seat in mine
        )
        paid = sum(one.left_cents for order in {seat.order_id for seat in mine} for one in payments.get(order, []))
        assert found.cents + found.external_cents <= paid
        assert found.cents <= sum(seat.face_cents + seat.fee_cents for seat in mine)
