"""What else is true of a message: near, refund, legal threat, urgent, plain, temper; weighed, not ruled.

A linear judge over the marks that patterns and dates left, the likely types, and what the words say. Arrays of numpy
and nothing more; how it is fitted is not known here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from app.triage.facts import Facts
from app.triage.features import Floats

FLAGS: Final = ("near", "refund", "legal", "urgent", "plain", "cross", "furious")
"""What is judged: the performance is within a day, money is asked back, the law is called upon, it cannot wait, it is a
plain question or remark, the writer is annoyed, the writer is angry."""

NEAR: Final = FLAGS.index("near")
REFUND: Final = FLAGS.index("refund")
LIKELY: Final = 2.0
SAID: Final = 2.0
"""How loud the chance of a type and the flag of the words speak beside a mark."""

CERTAIN: Final = 4.0
"""Score of a performance whose day the order tells."""

SHORT_WORDS: Final = 30
LONG_WORDS: Final = 60
MANY_SEATS: Final = 10
SOON_DAYS: Final = 3
LONG_WAIT: Final = 30


def marks_of(facts: Facts) -> set[str]:
    """The codes of all that was seen in a message, for the judge to weigh."""
    counted = {
        "seats": facts.seats is not None, "many": (facts.seats or 0) >= MANY_SEATS, "code": bool(facts.orders),
        "sum": bool(facts.amounts), "deadline": facts.deadline_days is not None,
        "deadline.soon": facts.deadline_days is not None and facts.deadline_days <= SOON_DAYS,
        "day": facts.days_until is not None, "day.soon": facts.days_until is not None and facts.days_until <= SOON_DAYS,
        "waited": (facts.waiting_days or 0) > LONG_WAIT, "short": facts.length < SHORT_WORDS,
        "long": facts.length > LONG_WORDS, "asks": facts.asks, "near": facts.event_within_24h,
        "show_hours": facts.show_hours, "elsewhen": facts.elsewhen, "declines": facts.declines_refund,
        "cross": facts.anger >= 1, "furious": facts.anger > 1,
    }  # fmt: skip
    signs = (f"sign.{code}" for code in facts.signs)
    hints = (f"hint.{code}" for code in facts.hints)
    return {code for code, seen in counted.items() if seen}.union(signs, hints)


@dataclass(frozen=True, slots=True)
class Judge:
    """The fitted judge: a row of `weights` for each mark, type, flag of the words, nearness, and type when it is near.

    A score of nought is where a flag begins to stand. `asked` are the weights by which money is asked back where
    single sentences were read too: the same rows, then what was heard of these, and at last a bias.
    """

    marks: tuple[str, ...]
    weights: Floats
    bias: Floats
    asked: Floats

    def flags(
        self, facts: Sequence[Facts], kinds: Floats, words: Floats, heard: Floats | None = None
    ) -> list[frozenset[str]]:
        """The flags that stand, a set a message, from the chances of types and the flags of the words.

        `heard` is what single sentences told; None where they were not read.
        """
        scores = self.scores(rows(self.marks, facts, kinds, words), facts, kinds, heard)
        return [frozenset(flag for flag, score in zip(FLAGS, row, strict=True) if score >= 0) for row in scores]

    def scores(self, plain: Floats, facts: Sequence[Facts], kinds: Floats, heard: Floats | None = None) -> Floats:
        """Scores of all flags, given the rows of `rows`; nearness first, for urgency depends on it."""
        width = plain.shape[1]
        near = known_near(facts, plain @ self.weights[:width, NEAR] + self.bias[NEAR])
        close = nearer(near, kinds)
        found = plain @ self.weights[:width] + close @ self.weights[width:] + self.bias
        found[:, NEAR] = near
        if heard is not None:
            found[:, REFUND] = np.hstack([plain, close, heard]) @ self.asked[:-1] + self.asked[-1]
        return np.asarray(found)


def rows(marks: Sequence[str], facts: Sequence[Facts], kinds: Floats, words: Floats) -> Floats:
    """What the judge weighs at first: marks, chances of types, flags of the words; a row a message."""
    columns = {mark: at for at, mark in enumerate(marks)}
    seen = np.zeros((len(facts), len(marks)), dtype=np.float32)
    for row, fact in zip(seen, facts, strict=True):
        for mark in marks_of(fact):
            if mark in columns:
                row[columns[mark]] = 1
    return np.hstack([seen, LIKELY * kinds, SAID * words])


def nearer(near: Floats, kinds: Floats) -> Floats:
    """What the judge weighs once it knows how near the performance is."""
    chance = 1 / (1 + np.exp(-near))
    return np.hstack([near[:, None] / 2, LIKELY * kinds * chance[:, None]])


def known_near(facts: Sequence[Facts], scores: Floats) -> Floats:
    """The scores of nearness, but where an order tells the day: there it is certain."""
    told = [CERTAIN if fact.event_within_24h else -CERTAIN for fact in facts]
    dated = np.array([fact.dated for fact in facts], dtype=bool)
    return np.where(dated, np.array(told), scores)
