"""What is left of a credit without some seats: to the cent, and never more of any payment than before."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.boxoffice import seats as mirror
from app.cancellations.crediting import Rule
from app.cancellations.funding import Paid
from app.cancellations.lessening import Part, Seat, is_whole, lessened, parted, tax_of
from app.cancellations.shaping import shaped

TENDERS = st.sampled_from(["card", "cash", "ancv", "passculture"])
SEATS = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 4), st.integers(1, 9_999)), min_size=1, max_size=9)
PAID = st.lists(st.tuples(st.integers(1, 3), TENDERS, st.integers(1, 20_000)), min_size=1, max_size=7)


@given(SEATS, PAID, st.integers(1, 4))
def test_what_is_left_adds_up_and_draws_on_no_payment_more_than_before(
    seats: list[tuple[int, int, int]], paid: list[tuple[int, str, int]], gone: int
) -> None:
    held = [
        mirror.Seat(key, order, 1, "individual", show, "valid", "single", "web", "", cents, 0, None, 0, 550, False, "EUR")
        for key, (order, show, cents) in enumerate(sorted(seats))
    ]  # fmt: skip
    payments: dict[int, list[Paid]] = {}
    orders = {}
    for key, (order, tender, cents) in enumerate(paid):
        payments.setdefault(order, []).append(Paid(key, tender, cents))
        orders[key] = order
    (credit,) = shaped(held, payments, Rule())
    order_of = {one.id: one.order_id for one in held}
    every = [
        Seat(key, one.admission_id, order_of[one.admission_id], one.performance_id, one.cents, one.external_cents, 550)
        for key, one in enumerate(credit.items)
    ]  # fmt: skip
    parts = [
        Part(key, orders[one.payment_id or 0], one.kind == "external", one.cents)
        for key, one in enumerate(credit.buckets)
    ]  # fmt: skip
    stay = [seat for seat in every if seat.performance_id != gone]
    less = lessened(stay, parts)
    own = sum(less.buckets[part.bucket_id] for part in parts if not part.external)
    outside = sum(less.buckets[part.bucket_id] for part in parts if part.external)
    assert (less.cents, less.external_cents) == (sum(seat.cents for seat in stay), outside)
    assert own == less.cents
    assert all(0 <= less.buckets[part.bucket_id] <= part.cents for part in parts)
    for order in orders.values():
        of_order = [part for part in parts if part.order_id == order and not part.external]
        assert sum(less.buckets[part.bucket_id] for part in of_order) == sum(
            seat.cents for seat in stay if seat.order_id == order
        )


@given(SEATS, PAID, st.sets(st.integers(0, 8), max_size=8))
def test_what_stays_and_what_goes_are_together_what_it_was(
    seats: list[tuple[int, int, int]], paid: list[tuple[int, str, int]], away: set[int]
) -> None:
    held = [
        mirror.Seat(key, order, 1, "individual", show, "valid", "single", "web", "", cents, 0, None, 0, 550, False, "EUR")
        for key, (order, show, cents) in enumerate(sorted(seats))
    ]  # fmt: skip
    payments: dict[int, list[Paid]] = {}
    for key, (order, tender, cents) in enumerate(paid):
        payments.setdefault(order, []).append(Paid(key, tender, cents))
    (credit,) = shaped(held, payments, Rule())
    order_of = {one.id: one.order_id for one in held}
    paid_for = {key: order for key, (order, _tender, _cents) in enumerate(paid)}
    # Rates of two kinds: their tax is that of each seat, so that it can be parted.
    every = [
        Seat(
            key, one.admission_id, order_of[one.admission_id], one.performance_id, one.cents, one.external_cents,
            550 if one.admission_id % 2 else 210,
        )
        for key, one in enumerate(credit.items)
    ]  # fmt: skip
    parts = [
        Part(key, paid_for[one.payment_id or 0], one.kind == "external", one.cents)
        for key, one in enumerate(credit.buckets)
    ]  # fmt: skip
    stay, gone = parted(every, parts, away)
    assert stay.cents == sum(seat.cents for seat in every if seat.admission_id not in away)
    assert gone.cents == sum(seat.cents for seat in every if seat.admission_id in away)
    assert is_whole(stay, parts)
    assert is_whole(gone, parts)
    assert stay.external_cents + gone.external_cents == sum(part.cents for part in parts if part.external)
    for part in parts:
        pair = stay.buckets[part.bucket_id], gone.buckets[part.bucket_id]
        assert min(pair) >= 0
        assert sum(pair) == part.cents
    for rate, cents in tax_of(every).items():
        assert stay.vat.get(rate, 0) + gone.vat.get(rate, 0) == cents
        assert gone.vat.get(rate, 0) >= 0
