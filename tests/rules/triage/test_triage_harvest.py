"""What is learned from: a storm, a busy day or a zealous colleague never outweighs the rest; and what replaces what."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.triage.contest import NOISE, Contest, verdict
from app.triage.dataset import Example
from app.triage.harvest import A_COLLEAGUE_A_DAY, A_DAY, A_GROUP, FREE, Told, chosen

DAY = date(2026, 11, 3)


def told(number: int = 0, *, category: str = "invoice", colleague: int | None = 1, day: date = DAY) -> Told:
    example = Example(
        f"house-{number}", "fr", "email", "", f"Lettre {number}", datetime(2026, 11, 3, tzinfo=UTC), category,
        "", "normal", wants_refund=False, event_within_24h=False, anger=0, legal_threat=False, house=True,
    )  # fmt: skip
    return Told(example, "other", colleague, day)


def apart(some: list[Told]) -> list[Told]:
    return chosen(some, range(len(some)))


def test_a_storm_teaches_as_much_as_a_few_letters() -> None:
    storm = [told(at, colleague=at) for at in range(60)]
    assert len(chosen(storm, [7] * 60)) == A_GROUP


def test_one_colleague_teaches_so_much_a_day() -> None:
    assert len(apart([told(at) for at in range(150)])) == A_COLLEAGUE_A_DAY


def test_one_day_teaches_so_much() -> None:
    assert len(apart([told(at, colleague=at % 20) for at in range(500)])) == A_DAY


def test_one_colleague_never_tells_more_than_all_others_together() -> None:
    zealous = [told(at, colleague=1, day=DAY - timedelta(days=at // 30)) for at in range(900)]
    others = [told(1000 + at, colleague=2 + at % 5, day=DAY - timedelta(days=at // 20)) for at in range(200)]
    kept = apart([*zealous, *others])
    assert sum(one.colleague == 1 for one in kept) == 200
    assert sum(one.colleague != 1 for one in kept) == 200
    alone = apart(zealous)
    assert len(alone) == FREE


def test_near_duplicates_told_apart_follow_the_larger_part_and_teach_nothing_in_doubt() -> None:
    two = [told(1, colleague=1), told(2, category="complaint", colleague=2)]
    assert chosen(two, [5, 5]) == []
    three = [*two, told(3, colleague=3)]
    assert {one.example.category for one in chosen(three, [5, 5, 5])} == {"invoice"}


def test_the_newest_are_kept_first() -> None:
    some = [told(at) for at in range(A_COLLEAGUE_A_DAY + 5)]
    assert apart(some) == some[:A_COLLEAGUE_A_DAY]


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 4), st.integers(0, 8)), max_size=300))
def test_whatever_is_told_no_limit_is_passed(some: list[tuple[int, int, int]]) -> None:
    given_ = [told(at, colleague=who, day=DAY - timedelta(days=days)) for at, (who, days, _group) in enumerate(some)]
    kept = chosen(given_, [group for _who, _days, group in some])
    assert all(one in given_ for one in kept)
    assert len(kept) <= 9 * A_GROUP


EVEN = Contest("v2", 1000, 10, 0.80, 0.80, 10, 6, 6)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (EVEN, "published"),
        (replace(EVEN, held_before=None), "published"),
        (replace(EVEN, held_after=0.80 - NOISE), "published"),
        (replace(EVEN, held_after=0.79), "worse_held"),
        (replace(EVEN, recent_after=5), "worse_recent"),
        (replace(EVEN, recent_after=5, held_after=0.7), "worse_held"),
    ],
)
def test_a_model_takes_over_only_if_it_knows_no_less(changed: Contest, said: str) -> None:
    assert verdict(changed, rolled_back=False) == said


def test_who_went_back_decides_when_it_goes_on() -> None:
    assert verdict(EVEN, rolled_back=True) == "waits"
    assert verdict(replace(EVEN, recent_after=0), rolled_back=True) == "worse_recent"
