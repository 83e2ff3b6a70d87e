"""How a household may divide what it is owed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.cancellations.choices import DEFAULTS, GIFT, OPTIONS, Room, Terms, faults, left, rooms, with_rest
from app.cancellations.funding import Bucket, Means, means

EVERYTHING = tuple(Terms(code) for code in OPTIONS)


def found(amount: int, given_back: Means, terms: tuple[Terms, ...] = EVERYTHING) -> dict[str, Room]:
    return rooms(amount, terms, given_back, household_kind="individual", tenders=["card"])


def wrong(
    amount: int, lines: dict[str, int], given_back: Means, terms: tuple[Terms, ...] = EVERYTHING, *, min_split: int = 0
) -> dict[str, str]:
    return faults(amount, lines, terms, found(amount, given_back, terms), given_back, min_split=min_split)


PLENTY = Means(12000, 12000, 12000, 12000)


def test_silence_may_never_become_a_gift() -> None:
    assert GIFT not in DEFAULTS


def test_a_whole_choice_and_a_split_that_add_up_are_right() -> None:
    assert wrong(12000, {"refund_card": 12000}, PLENTY) == {}
    assert wrong(12000, {"refund_transfer": 8000, "donation": 2000, "voucher": 2000}, PLENTY) == {}


def test_a_cent_too_few_or_too_many_is_refused() -> None:
    assert wrong(12000, {"refund_card": 11999}, PLENTY) == {"sum": "choice_short"}
    assert wrong(12000, {"refund_card": 11999, "donation": 2}, PLENTY) == {"sum": "choice_over"}
    assert wrong(12000, {}, PLENTY) == {"sum": "choice_nothing"}


def test_an_option_the_house_does_not_offer_is_refused() -> None:
    assert wrong(12000, {"crypto": 12000}, PLENTY) == {"crypto": "choice_unknown"}
    assert wrong(12000, {"voucher": 12000}, PLENTY, (Terms("refund_card"),)) == {"voucher": "choice_unknown"}


def test_nothing_and_less_than_nothing_cannot_be_put_anywhere() -> None:
    assert wrong(12000, {"refund_card": 12001, "donation": -1}, PLENTY) == {
        "refund_card": "choice_above", "donation": "choice_below",
    }  # fmt: skip
    assert wrong(12000, {"refund_card": 12000, "donation": 0}, PLENTY) == {"donation": "choice_below"}


def test_holiday_vouchers_leave_room_for_less_money() -> None:
    given_back = means([Bucket("cashable", 3000), Bucket("titre", 2000)], gifts_of_titres=False)
    here = found(5000, given_back)
    assert here["refund_transfer"] == Room("refund_transfer", 3000, "money")
    assert here["refund_card"] == Room("refund_card", 0, "card")
    assert here["donation"] == Room("donation", 3000, "gift")
    assert here["voucher"] == Room("voucher", 5000)
    assert wrong(5000, {"refund_transfer": 5000}, given_back) == {"refund_transfer": "choice_above"}
    assert wrong(5000, {"refund_transfer": 2000, "donation": 3000}, given_back) == {"sum": "choice_gift"}
    assert wrong(5000, {"refund_transfer": 2000, "refund_cheque": 2000, "voucher": 1000}, given_back) == {
        "sum": "choice_money"
    }


def test_limits_of_the_house_bound_an_option() -> None:
    terms = (Terms("refund_card"), Terms("refund_cash", max_cents=5000), Terms("donation", min_cents=500))
    assert found(12000, PLENTY, terms)["refund_cash"] == Room("refund_cash", 5000, "max")
    assert wrong(12000, {"refund_card": 11900, "donation": 100}, PLENTY, terms) == {"donation": "choice_below"}
    assert found(300, PLENTY, terms)["donation"] == Room("donation", 0, "min")
    assert wrong(12000, {"refund_card": 11900, "refund_cash": 100}, PLENTY, terms, min_split=200) == {
        "refund_cash": "choice_small"
    }


def test_an_option_for_some_is_closed_to_others_with_the_reason() -> None:
    terms = (Terms("refund_transfer", only_kinds=("school",)), Terms("refund_cash", only_tenders=("cash",)))
    assert found(12000, PLENTY, terms) == {
        "refund_transfer": Room("refund_transfer", 0, "kind"), "refund_cash": Room("refund_cash", 0, "tender"),
    }  # fmt: skip


def test_a_seat_is_kept_whole() -> None:
    assert wrong(12000, {"keep_ticket": 6000, "refund_card": 6000}, PLENTY) == {"keep_ticket": "choice_whole"}
    assert wrong(12000, {"keep_ticket": 12000}, PLENTY) == {}


@given(
    st.lists(
        st.builds(Bucket, st.sampled_from(["card", "cashable", "titre"]), st.integers(1, 5_000)),
        min_size=1, max_size=5,
    ),
    st.sampled_from(OPTIONS), st.dictionaries(st.sampled_from(OPTIONS), st.integers(0, 5_000), max_size=3),
    st.booleans(),
)  # fmt: skip
def test_one_tap_choices_are_right_and_the_rest_never_overflows(
    buckets: list[Bucket], code: str, lines: dict[str, int], titres: bool
) -> None:
    amount = sum(bucket.cents for bucket in buckets)
    given_back = means(buckets, gifts_of_titres=titres)
    room = found(amount, given_back)[code]
    if room.most == amount:
        assert wrong(amount, {code: amount}, given_back) == {}
    after = with_rest(amount, lines, code, room)
    assert 0 <= after[code] <= room.most
    others = sum(cents for key, cents in lines.items() if key != code)
    if others <= amount and amount - others <= room.most:
        assert left(amount, after) == 0


@given(
    st.lists(
        st.builds(Bucket, st.sampled_from(["card", "cashable", "titre"]), st.integers(1, 5_000)),
        min_size=1, max_size=5,
    ),
    st.dictionaries(st.sampled_from(OPTIONS), st.integers(-5, 9_000), max_size=4),
)  # fmt: skip
def test_what_is_accepted_adds_up_and_is_never_more_money_than_there_is(
    buckets: list[Bucket], lines: dict[str, int]
) -> None:
    amount = sum(bucket.cents for bucket in buckets)
    given_back = means(buckets, gifts_of_titres=False)
    if wrong(amount, lines, given_back):
        return
    assert sum(lines.values()) == amount
    assert min(lines.values()) > 0
    money = sum(cents for code, cents in lines.items() if code.startswith("refund_"))
    assert money <= sum(bucket.cents for bucket in buckets if bucket.kind != "titre")
