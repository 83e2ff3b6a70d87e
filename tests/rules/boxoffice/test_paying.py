"""How an order was paid, from what its seats say; sums hold to the cent."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.boxoffice.paying import Seat, payments_of, shared

TENDERS = st.dictionaries(st.sampled_from(["card", "ancv", "cash", "cheque"]), st.integers(0, 10_000), min_size=1)


@st.composite
def seats(draw: st.DrawFn) -> Seat:
    total = draw(st.integers(0, 20_000))
    exact = draw(st.booleans())
    paid = {"card": total} if exact else draw(TENDERS)
    return Seat(
        total, draw(st.integers(0, total)), paid, draw(st.sampled_from(["valid", "used", "cancelled", "exchanged"]))
    )


@given(st.lists(seats(), max_size=8))
def test_payments_make_up_the_price_and_never_give_back_more(bought: list[Seat]) -> None:
    paid = payments_of(bought)
    counted = [seat for seat in bought if seat.status != "exchanged"]
    assert paid.total_cents == sum(seat.total_cents for seat in counted)
    assert sum(part.refunded_cents for part in paid.parts) == sum(seat.refunded_cents for seat in counted)
    assert all(0 <= part.refunded_cents <= part.cents for part in paid.parts)


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=9), st.data())
def test_shares_sum_up_and_none_passes_its_weight(weights: list[int], data: st.DataObject) -> None:
    total = data.draw(st.integers(0, sum(weights)))
    parts = shared(total, weights)
    assert sum(parts) == total
    assert all(0 <= part <= weight for part, weight in zip(parts, weights, strict=True))


def test_amounts_of_the_whole_order_are_counted_once() -> None:
    seat = Seat(2500, 0, {"card": 3000, "ancv": 2000})
    paid = payments_of([seat, seat])
    assert {part.tender: part.cents for part in paid.parts} == {"card": 3000, "ancv": 2000}
    assert paid.exact
    assert paid.tender == "card"


def test_amounts_of_each_seat_are_added() -> None:
    paid = payments_of([Seat(2500, 0, {"card": 1500, "ancv": 1000}), Seat(1000, 0, {"cash": 1000})])
    assert {part.tender: part.cents for part in paid.parts} == {"card": 1500, "ancv": 1000, "cash": 1000}


def test_amounts_that_make_up_no_price_are_cut_and_told() -> None:
    paid = payments_of([Seat(2500, 0, {"card": 1500, "ancv": 1500})])
    assert not paid.exact
    assert {part.tender: part.cents for part in paid.parts} == {"card": 1250, "ancv": 1250}


def test_an_order_without_seats_owes_nothing() -> None:
    assert payments_of([]).total_cents == 0
    assert payments_of([]).tender == "free"
