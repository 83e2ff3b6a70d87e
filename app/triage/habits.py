"""What a house sorts its own way: a type of the project that its colleagues put under another category again and again.

A correction is one message beside dozens of the project that say the opposite, and would be outvoted for months. Where
colleagues agree, the messages of the project are taken to say what the house says, and the next model follows. How many
must agree, and how clearly a request must be of a type, was drawn on habits played with the project's messages
(`practice`): all were found, and none in 1,800 corrections of a house that has no habits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from app.triage.dataset import Example
from app.triage.fitting import Taught, tables
from app.triage.habit_card import Habit
from app.triage.labels import CATEGORIES, CATEGORY_OF
from app.triage.model import MEANT, score
from app.triage.weighing import KINDS

LEAST: Final = 5
"""Requests of a type that colleagues must have put under one other category."""

SHARE: Final = 2 / 3
"""And their part of all requests of that type: less is how any model errs, not how a house sorts."""


CLEAR: Final = -0.4
"""Score from which a request is clearly of a type: of half of all requests, and nine in ten of these are of it."""


def habits(taught: Taught, left: Mapping[str, int]) -> tuple[Habit, ...]:
    """The habits that requests of the house show, read by tables that learned from the project alone.

    Tables that had learned a habit would no longer know what it is about. `left` counts by type the requests that were
    answered as they had been sorted: who only ever says what is wrong must not make a habit of a few errors.
    """
    house = np.array([one.house for one in taught.examples], dtype=bool)
    if house.sum() < LEAST:
        return ()
    vectoriser, weights = tables(taught.part(np.flatnonzero(~house)))
    theirs = taught.part(np.flatnonzero(house))
    messages = [one.message for one in theirs.lessons]
    given = vectoriser.word_rows(messages), vectoriser.letter_rows(messages)
    scores = score(weights, *given, [one.topics for one in theirs.lessons], [one.facts for one in theirs.lessons])
    said = scores[:, len(CATEGORIES) : MEANT]
    kinds = [KINDS[row.argmax()] if row.max() >= CLEAR else None for row in said]
    return agreed(theirs.examples, kinds, left)


def agreed(told: Sequence[Example], kinds: Sequence[str | None], left: Mapping[str, int]) -> tuple[Habit, ...]:
    """Types that colleagues put elsewhere, from the requests they sorted and the type each would have had.

    None stands for a request like none of the project: what a house asks that nobody else does is no habit.
    """
    where: dict[str, Counter[tuple[str, str]]] = {}
    for one, kind in zip(told, kinds, strict=True):
        if kind in CATEGORY_OF:
            where.setdefault(kind, Counter())[one.category, one.type] += 1
    found = []
    for kind, places in sorted(where.items()):
        of = places.total() + left.get(kind, 0)
        by_category: Counter[str] = Counter()
        for (category, _own), count in places.items():
            by_category[category] += count
        category, count = by_category.most_common(1)[0]
        if category != CATEGORY_OF[kind] and count >= max(LEAST, SHARE * of):
            own = max((pair for pair in places if pair[0] == category), key=lambda pair: (places[pair], pair))
            found.append(Habit(kind, category, own[1], count, of))
    return tuple(found)


def followed(taught: Taught, found: Sequence[Habit]) -> Taught:
    """The same lessons as a house of these habits would have labelled them."""
    own = {habit.kind: habit for habit in found}
    return replace(
        taught,
        examples=[_followed(one, own) for one in taught.examples],
        seeds=[
            replace(seed, category=own[seed.type].category, type=own[seed.type].own_kind or None)
            if seed.type in own
            else seed
            for seed in taught.seeds
        ],
    )


def _followed(example: Example, own: Mapping[str, Habit]) -> Example:
    habit = own.get(example.type)
    if habit is None or example.house:
        return example
    return replace(example, category=habit.category, type=habit.own_kind, shipped_as=example.category)
