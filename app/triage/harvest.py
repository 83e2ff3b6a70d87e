"""Which requests that colleagues sorted are learned from: no storm, no colleague and no day may outweigh the rest.

Pure: what colleagues told and which requests are alike in, examples out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final, TypeVar

from app.triage.dataset import Example

T = TypeVar("T")

OURS: Final = "house-"
"""Before the id of a request, where it is the id of an example."""

A_GROUP: Final = 3
"""Near-duplicates that teach; a storm says one thing, however many write it."""

A_COLLEAGUE_A_DAY: Final = 40
A_DAY: Final = 200
FREE: Final = 100
"""What one colleague may always teach; beyond it, no more than all others together."""

MOST: Final = 5_000


@dataclass(frozen=True, slots=True)
class Told:
    """A request with what a colleague made of it, on which day, and what triage had said."""

    example: Example
    said: str
    colleague: int | None
    day: date


def chosen(told: Sequence[Told], groups: Sequence[int]) -> list[Told]:
    """What is learned from, the newest first. Where near-duplicates are told apart, the larger part of them is right.

    Shape: `told` newest first; `groups` names for each the group of near-duplicates it belongs to.
    """
    agreed = _agreed(list(zip(told, groups, strict=True)))
    kept = [one for one, _group in _most(agreed, A_GROUP, lambda pair: pair[1])]
    kept = _most(kept, A_COLLEAGUE_A_DAY, lambda one: (one.colleague, one.day))
    kept = _most(kept, A_DAY, lambda one: one.day)
    return _balanced(kept)[:MOST]


def _agreed(pairs: Sequence[tuple[Told, int]]) -> list[tuple[Told, int]]:
    """Those whose category more than half of their near-duplicates have."""
    votes: dict[int, Counter[str]] = {}
    for one, group in pairs:
        votes.setdefault(group, Counter())[one.example.category] += 1
    return [
        (one, group) for one, group in pairs if votes[group][one.example.category] * 2 > votes[group].total()
    ]  # fmt: skip


def _most(some: Iterable[T], many: int, of: Callable[[T], Hashable]) -> list[T]:
    met: Counter[Hashable] = Counter()
    kept = []
    for one in some:
        met[of(one)] += 1
        if met[of(one)] <= many:
            kept.append(one)
    return kept


def _balanced(told: Sequence[Told]) -> list[Told]:
    """No colleague tells more than all others together, but for a few."""
    spread = Counter(one.colleague for one in told)
    limits = {who: max(FREE, spread.total() - count) for who, count in spread.items()}
    met: Counter[int | None] = Counter()
    kept = []
    for one in told:
        met[one.colleague] += 1
        if met[one.colleague] <= limits[one.colleague]:
            kept.append(one)
    return kept


def ticket_of(example: Example) -> int:
    """The request that an example of the house is."""
    return int(example.id.removeprefix(OURS))


def question(told: Iterable[Told]) -> list[dict[str, Any]]:
    """What colleagues told, as it is handed to the other process."""
    return [
        {
            "example": asdict(one.example) | {"received_at": one.example.received_at.isoformat()},
            "said": one.said, "colleague": one.colleague, "day": one.day.isoformat(),
        }
        for one in told
    ]  # fmt: skip
