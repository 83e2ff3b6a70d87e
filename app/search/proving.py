"""What learning is worth, measured on the project's own questions: those asked again, and those nobody asked before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from app.search import asking, finding
from app.search.analysis import folded
from app.search.measures import DEPTH, reciprocal_rank
from app.search.memory import ENOUGH, NOTHING, Memory, Opened
from app.search.questions import BEST, Question
from app.search.ranking import Taught

_DAY = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Proof:
    """Mean reciprocal ranks without and with what was learned: of questions asked again in a hurry, and of new ones."""

    repeated_before: float
    repeated: float
    new_before: float
    new: float

    def plain(self) -> dict[str, float]:
        """As values that JSON can hold, rounded."""
        return {name: round(float(getattr(self, name)), 4) for name in Proof.__slots__}


def proved(questions: Iterable[Question], *, words_only: bool) -> Proof:
    """Learn from all questions and ask them again, misspelt; learn from every other group and ask the rest."""
    known = [one for one in questions if one.expected and one.audience == "public"]
    logged = set(sorted({one.group for one in known})[::2])
    new = [one for one in known if one.group not in logged]
    learned = _learned(one for one in known if one.group in logged)

    def mean(some: Sequence[Question], memory: Memory, said: Callable[[Question], str]) -> float:
        return _mean(some, memory, said, words_only=words_only)

    return Proof(
        mean(known, NOTHING, _again), mean(known, _learned(known), _again), mean(new, NOTHING, _said),
        mean(new, learned, _said),
    )  # fmt: skip


def hurried(text: str, seed: str) -> str:
    """A question as somebody in a hurry types it again: no accents, and every other long word misspelt."""
    chance = Random(seed)  # noqa: S311 - nothing is secret here
    return " ".join(_misspelt(word, chance) for word in folded(text).split())


def _misspelt(word: str, chance: Random) -> str:
    if len(word) < len("place") or chance.random() < 0.5:
        return word
    at = chance.randrange(1, len(word) - 2)
    swapped, lost = word[:at] + word[at + 1] + word[at] + word[at + 2 :], word[:at] + word[at + 1 :]
    return chance.choice((swapped, lost, word[:at] + word[at] + word[at:]))


def _again(one: Question) -> str:
    return hurried(one.text, one.id)


def _said(one: Question) -> str:
    return one.text


def _learned(questions: Iterable[Question]) -> Memory:
    opened = (
        Opened(one.lang, asking.shareable(one.text), slug, _DAY, ENOUGH)
        for one in questions
        for slug, grade in one.expected.items()
        if grade == BEST
    )
    return Memory(opened, _DAY)


def _mean(some: Sequence[Question], memory: Memory, said: Callable[[Question], str], *, words_only: bool) -> float:
    ranks = [
        reciprocal_rank(
            [hit.slug for hit in finding.search(
                said(one), one.page, limit=DEPTH, words_only=words_only, taught=Taught({}, memory)
            ).hits],
            one.expected,
        )
        for one in some
    ]  # fmt: skip
    return sum(ranks) / len(ranks) if ranks else 0.0
