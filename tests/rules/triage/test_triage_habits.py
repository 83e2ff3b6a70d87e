"""What a house sorts its own way: when colleagues agree it is a habit, and what one errs in is none."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime

import numpy as np
import pytest

from app.triage import contest
from app.triage.contest import Contest
from app.triage.dataset import Example, Seed
from app.triage.fitting import Taught
from app.triage.habit_card import Habit, habits_of
from app.triage.habits import LEAST, agreed, followed

SWAP = "name_change"


def told(category: str, kind: str) -> Example:
    return Example(
        id="house-1", language="fr", channel="email", subject="", body="…",
        received_at=datetime(2026, 5, 2, 12, tzinfo=UTC), category=category, type=kind, priority="normal",
        wants_refund=False, event_within_24h=False, anger=0, legal_threat=False, house=True,
    )  # fmt: skip


MOVED, KEPT = told("exchange", "exchange_date"), told("ticket_lost_or_name_change", SWAP)


def test_what_colleagues_put_elsewhere_again_and_again_is_a_habit() -> None:
    found = agreed([MOVED] * LEAST, [SWAP] * LEAST, {})
    assert found == (Habit(SWAP, "exchange", "exchange_date", LEAST, LEAST),)


@pytest.mark.parametrize(
    ("moved", "kept", "left", "is_one"),
    [
        (LEAST - 1, 0, 0, False),  # too few
        (LEAST, LEAST - 3, 0, True),
        (LEAST, LEAST - 1, 0, False),  # colleagues do not agree
        (LEAST, 0, LEAST, False),  # as many were answered as they had been sorted
        (4 * LEAST, LEAST, LEAST, True),
    ],
)
def test_a_few_errors_are_no_habit(moved: int, kept: int, left: int, is_one: bool) -> None:
    said = [MOVED] * moved + [KEPT] * kept
    assert bool(agreed(said, [SWAP] * len(said), {SWAP: left})) is is_one


def test_errors_that_go_everywhere_are_no_habit() -> None:
    elsewhere = [MOVED, told("invoice", "invoice_request"), told("complaint", "formal_claim")] * LEAST
    assert agreed(elsewhere, [SWAP] * len(elsewhere), {}) == ()


def test_requests_like_none_of_the_project_make_no_habit() -> None:
    assert agreed([MOVED] * LEAST, [None] * LEAST, {}) == ()
    assert agreed([MOVED] * LEAST, [""] * LEAST, {}) == ()  # “other” may go without a type


def test_the_type_is_the_one_colleagues_gave_most() -> None:
    said = [told("gift_voucher", "credit_voucher")] * LEAST + [told("gift_voucher", "gift_voucher")] * (LEAST + 1)
    (habit,) = agreed(said, ["special_tender"] * len(said), {})
    assert (habit.category, habit.own_kind, habit.told) == ("gift_voucher", "gift_voucher", 2 * LEAST + 1)


def test_examples_and_key_phrases_of_the_project_follow_and_requests_of_the_house_stay() -> None:
    project = replace(KEPT, id="a1", house=False)
    other = replace(project, category="invoice", type="invoice_request")
    seeds = [Seed("ticket_lost_or_name_change", SWAP, "changer le nom"), Seed("invoice", "invoice_request", "facture")]
    taught = Taught([project, other, KEPT], [], seeds, [], np.zeros((0, 0)), np.zeros(0, dtype=bool))
    found = followed(taught, [Habit(SWAP, "exchange", "exchange_date", 5, 5)])
    assert [(one.category, one.type) for one in found.examples] == [
        ("exchange", "exchange_date"), ("invoice", "invoice_request"), ("ticket_lost_or_name_change", SWAP),
    ]  # fmt: skip
    assert [(seed.category, seed.type) for seed in found.seeds] == [
        ("exchange", "exchange_date"), ("invoice", "invoice_request"),
    ]  # fmt: skip
    assert followed(taught, []).examples == taught.examples


def test_a_card_tells_its_habits_and_what_was_damaged_is_not_believed() -> None:
    habit = Habit(SWAP, "exchange", "exchange_date", 5, 6)
    told_of = asdict(habit)
    assert habits_of([]) == ()
    assert habits_of([told_of]) == (habit,)
    for changed in ({"told": "5"}, {"told": True}, {"kind": ["name_change"]}, {"category": None}, {"more": 1}):
        with pytest.raises(ValueError, match="habit"):
            habits_of([told_of | changed])
    for damaged in (None, {}, "habits", [None], ["x"], [{}], [[told_of]]):
        with pytest.raises(ValueError, match="habit"):
            habits_of(damaged)


@pytest.mark.parametrize(("other_habits", "verdict"), [(True, "published"), (False, "worse_held")])
def test_another_habit_may_cost_a_little_on_messages_it_labels_anew(other_habits: bool, verdict: str) -> None:
    found = Contest(
        version="4-x", labelled=100, house=9, held_before=0.8, held_after=0.79, recent=9, recent_before=1,
        recent_after=8, other_habits=other_habits,
    )  # fmt: skip
    assert contest.verdict(found, rolled_back=False) == verdict
    assert contest.verdict(replace(found, held_after=0.77), rolled_back=False) == "worse_held"
    assert contest.verdict(replace(found, recent_after=0), rolled_back=False) != "published"
