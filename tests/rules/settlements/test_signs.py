"""Signs that somebody looks at, codes of vouchers, amounts in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.settlements import codes, spoken
from app.settlements.signs import Seen, signs

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
numbers = st.lists(st.integers(0, 30), min_size=7, max_size=7)


def told(**values: object) -> tuple[str, ...]:
    return signs(Seen(**{"cents": 5_000, **values}), most_cents=100_000, at=AT)  # type: ignore[arg-type]


def test_an_ordinary_line_has_no_sign() -> None:
    assert told() == ()
    assert told(holder="Mme L. Fontanel", names=("FONTANEL Léa",), households=1, refundable_cents=5_000) == ()


@pytest.mark.parametrize(
    ("values", "sign"),
    [
        ({"cents": 100_001}, "amount"), ({"households": 4}, "shared_account"),
        ({"given_at": AT - timedelta(hours=23)}, "fresh_account"),
        ({"holder": "Jean Martin", "names": ("Fontanel", "Léa Fontanel")}, "other_name"),
        ({"holder": "M. et Mme Roux", "names": ("Monsieur et Madame Fontanel",)}, "other_name"),
        ({"holder": "Иван", "names": ("Иван",), "banked": True}, "unwritable_name"),
        ({"refundable_until": AT}, "card_late"), ({"refundable_cents": 4_999}, "refunded"), ({"own": True}, "own"),
    ],
)  # fmt: skip
def test_each_sign_is_told(values: dict[str, object], sign: str) -> None:
    assert told(**values) == (sign,)


def test_an_account_given_long_before_is_no_sign() -> None:
    assert told(given_at=AT - timedelta(hours=24)) == ()
    assert told(refundable_until=AT + timedelta(days=1)) == ()


@given(numbers)
def test_a_code_is_known_however_it_is_typed(drawn: list[int]) -> None:
    code = codes.code(drawn)
    assert not set(code[4:]) & set("01OIL")
    for typed in (code, code.lower(), code.replace("-", " "), code.removeprefix("CHQ-"), f" {code} "):
        assert codes.canonical(typed) == code


@given(numbers, st.integers(0, 7), st.sampled_from(codes.SIGNS))
def test_one_sign_mistyped_is_noticed(drawn: list[int], place: int, sign: str) -> None:
    bare = codes.code(drawn).removeprefix("CHQ-").replace("-", "")
    slipped = bare[:place] + sign + bare[place + 1 :]
    assert bool(codes.canonical(slipped)) == (slipped == bare)


@given(numbers, st.integers(0, 6))
def test_two_signs_swapped_are_noticed(drawn: list[int], place: int) -> None:
    bare = codes.code(drawn).removeprefix("CHQ-").replace("-", "")
    swapped = bare[:place] + bare[place + 1] + bare[place] + bare[place + 2 :]
    assert bool(codes.canonical(swapped)) == (swapped == bare)


def test_what_can_be_no_code_is_none() -> None:
    assert codes.canonical("") == codes.canonical("CHQ-0000-0000") == codes.canonical("CHQ-2222-22") == ""
    with pytest.raises(ValueError, match="seven"):
        codes.code([1, 2, 3])


@pytest.mark.parametrize(
    ("cents", "words"),
    [
        (100, "un euro"), (0, "zéro euro"), (50, "cinquante centimes"), (8_000, "quatre-vingts euros"),
        (7_101, "soixante et onze euros et un centime"), (9_199, "quatre-vingt-onze euros et quatre-vingt-dix-neuf centimes"),
        (20_000, "deux cents euros"), (20_100, "deux cent un euros"), (2_100, "vingt et un euros"),
        (123_456, "mille deux cent trente-quatre euros et cinquante-six centimes"), (8_000_000, "quatre-vingt mille euros"),
        (100_000_000, "un million d’euros"), (20_000_000, "deux cent mille euros"),
    ],
)  # fmt: skip
def test_amounts_are_said_as_cheques_say_them(cents: int, words: str) -> None:
    assert spoken.euros(cents) == words
