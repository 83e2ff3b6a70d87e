"""What may be given back in money, against a solver that finds the best way of paying by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_flow

from app.cancellations.funding import Bucket, Paid, buckets_of, kind_of, means, obstacle, share

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)
CENTS = st.integers(0, 500)
BUCKETS = st.lists(
    st.builds(Bucket, st.sampled_from(["card", "cashable", "titre", "external"]), st.integers(1, 300)), max_size=6
)
#: Which kinds of money each way of giving back accepts, when gifts of vouchers are allowed and when not.
ACCEPTED = {
    "card": {"card"}, "money": {"card", "cashable"}, "gifts": {"card", "cashable"},
    "rest": {"card", "cashable", "titre"},
}  # fmt: skip


@given(st.integers(0, 10**7), st.lists(st.integers(0, 10**6), min_size=1, max_size=12))
def test_shares_add_up_and_stay_within_a_cent_of_their_part(total: int, weights: list[int]) -> None:
    parts = share(total, weights)
    assert sum(parts) == total
    whole = sum(weights)
    for part, weight in zip(parts, weights, strict=True):
        assert part >= 0
        if whole:
            assert abs(part * whole - total * weight) < whole


@given(st.integers(1, 10**6), st.lists(st.integers(1, 10**6), min_size=1, max_size=8))
def test_shares_of_no_more_than_there_is_never_exceed_their_weight(total: int, weights: list[int]) -> None:
    owed = min(total, sum(weights))
    assert all(part <= weight for part, weight in zip(share(owed, weights), weights, strict=True))


@given(BUCKETS, CENTS, CENTS, CENTS, CENTS, st.booleans())
def test_a_choice_can_be_paid_exactly_when_the_solver_finds_a_way(
    buckets: list[Bucket], card: int, money: int, gifts: int, rest: int, allowed: bool
) -> None:
    found = obstacle(means(buckets, gifts_of_titres=allowed), card=card, money=money, gifts=gifts, rest=rest)
    asked = {"card": card, "money": money, "gifts": gifts, "rest": rest}
    assert (found == "") == (flow(buckets, asked, allowed) == card + money + gifts + rest)


def flow(buckets: list[Bucket], asked: dict[str, int], gifts_of_titres: bool) -> int:
    """How much of what is asked a solver can draw from the buckets: source, buckets, ways, sink."""
    size = len(buckets) + len(asked) + 2
    sink = size - 1
    graph = np.zeros((size, size), dtype=np.int32)
    for place, bucket in enumerate(buckets, start=1):
        graph[0, place] = bucket.cents
        for row, way in enumerate(asked, start=len(buckets) + 1):
            takes = bucket.kind in ACCEPTED[way] or (way == "gifts" and gifts_of_titres and bucket.kind == "titre")
            graph[place, row] = bucket.cents if takes else 0
    for row, cents in enumerate(asked.values(), start=len(buckets) + 1):
        graph[row, sink] = cents
    return int(maximum_flow(csr_matrix(graph), 0, sink).flow_value)


@given(
    st.integers(0, 10**6),
    st.lists(
        st.builds(
            Paid, st.none(), st.sampled_from(["card", "ancv", "cash", "passculture", "works_council", "free"]),
            st.integers(-100, 10**5),
        ),
        max_size=6,
    ),
    st.sampled_from(["individual", "school", "works_council"]),
)  # fmt: skip
def test_buckets_never_exceed_what_was_paid_and_not_given_back(worth: int, payments: list[Paid], kind: str) -> None:
    buckets = buckets_of(worth, payments, kind)
    there = sum(max(0, paid.left_cents) for paid in payments)
    assert sum(bucket.cents for bucket in buckets) == min(worth, there)
    assert all(bucket.cents > 0 for bucket in buckets)
    for tender in {paid.tender for paid in payments}:
        most = sum(max(0, paid.left_cents) for paid in payments if paid.tender == tender)
        assert sum(bucket.cents for bucket in buckets if bucket.tender == tender) <= most


def test_a_works_council_is_paid_back_what_it_paid_and_nobody_else_is() -> None:
    assert kind_of("works_council", "works_council") == "cashable"
    assert kind_of("works_council", "individual") == "external"
    assert kind_of("ancv", "individual") == "titre"
    assert kind_of("passculture", "individual") == "external"
    assert kind_of("local", "individual") == "cashable"


def test_a_card_that_can_no_longer_be_credited_is_money_like_any_other() -> None:
    late = Bucket("card", 100, "card", 1, NOW)
    early = Bucket("card", 100, "card", 1, NOW + timedelta(days=1))
    assert late.on(NOW).kind == "cashable"
    assert early.on(NOW).kind == "card"
    assert Bucket("card", 100).on(NOW).kind == "card"


def test_holiday_vouchers_bound_what_is_paid_in_money() -> None:
    given_back = means([Bucket("card", 3000), Bucket("titre", 2000)], gifts_of_titres=False)
    assert obstacle(given_back, card=3000, money=0, gifts=0, rest=2000) == ""
    assert obstacle(given_back, card=3001, money=0, gifts=0, rest=1999) == "card"
    assert obstacle(given_back, card=0, money=3001, gifts=0, rest=1999) == "money"
    assert obstacle(given_back, card=0, money=2000, gifts=1001, rest=1999) == "gift"
    assert obstacle(given_back, card=0, money=0, gifts=0, rest=5001) == "all"
