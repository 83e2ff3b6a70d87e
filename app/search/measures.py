"""The figures by which search is judged, from what was found and what was expected; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from typing import Final

from app.search.questions import BEST

#: Places looked at.
DEPTH: Final = 10
#: Places a reader sees without scrolling.
SEEN: Final = 3


@dataclass(frozen=True, slots=True)
class Judged:
    """One question with what was found for it, best first, and whether the page may stand by it."""

    kind: str
    expected: Mapping[str, int]
    found: Sequence[str]
    sure: bool


@dataclass(frozen=True, slots=True)
class Line:
    """Means over some questions, between 0 and 1.

    `unsure` is the part with nothing found or nothing to stand by: right where no article answers, wrong elsewhere.
    The other figures are None where no article answers.
    """

    questions: int
    mrr: float | None
    ndcg: float | None
    recall3: float | None
    unsure: float
    nothing: float


@dataclass(frozen=True, slots=True)
class Stood:
    """How far what the page stands by is right, over all questions, those that nothing answers included; parts of 1.

    Of questions that some article answers, how many are stood by (`kept`), of those that none does, how many are not
    (`admitted`), and of all that are stood by, how many have an article that answers among the first three (`right`).
    """

    kept: float
    admitted: float
    right: float


def stood(judged: Sequence[Judged]) -> Stood:
    """What standing by an answer is worth."""
    sure = [one for one in judged if one.found and one.sure]
    unsure = [one for one in judged if not (one.found and one.sure)]
    return Stood(
        _part(_answerable(sure), _answerable(judged)),
        _part(len(unsure) - _answerable(unsure), len(judged) - _answerable(judged)),
        _mean(any(slug in one.expected for slug in one.found[:SEEN]) for one in sure),
    )


def _answerable(judged: Iterable[Judged]) -> int:
    return sum(bool(one.expected) for one in judged)


def _part(some: int, of: int) -> float:
    return some / of if of else 0.0


def reciprocal_rank(found: Sequence[str], expected: Mapping[str, int]) -> float:
    """One divided by the place of the first article that answers; 0 when none stands among the first ten."""
    places = (place for place, slug in enumerate(found[:DEPTH], 1) if expected.get(slug) == BEST)
    return 1 / next(places, float("inf"))


def gain(found: Sequence[str], expected: Mapping[str, int]) -> float:
    """How good the order of the first ten is (nDCG): what is acceptable counts a third of an answer; 1 is best."""
    ideal = _discounted(sorted(expected.values(), reverse=True)[:DEPTH])
    return _discounted([expected.get(slug, 0) for slug in found[:DEPTH]]) / ideal if ideal else 0.0


def recall(found: Sequence[str], expected: Mapping[str, int]) -> float:
    """Which part of the articles that answer stands among the first three."""
    best = {slug for slug, grade in expected.items() if grade == BEST}
    return len(best & set(found[:SEEN])) / len(best) if best else 0.0


def lines(judged: Sequence[Judged]) -> dict[str, Line]:
    """Figures for every kind, and for `all` that some article answers."""
    kinds = dict.fromkeys(one.kind for one in judged)
    found = {kind: line([one for one in judged if one.kind == kind]) for kind in kinds}
    return {**found, "all": line([one for one in judged if one.expected])}


def line(judged: Sequence[Judged]) -> Line:
    """Figures over some questions; those that some article answers, or those that none does."""
    unsure = _mean(not (one.found and one.sure) for one in judged)
    nothing = _mean(not one.found for one in judged)
    if not any(one.expected for one in judged):
        return Line(len(judged), None, None, None, unsure, nothing)
    return Line(
        len(judged),
        _mean(reciprocal_rank(one.found, one.expected) for one in judged),
        _mean(gain(one.found, one.expected) for one in judged),
        _mean(recall(one.found, one.expected) for one in judged),
        unsure,
        nothing,
    )


def _discounted(grades: Iterable[int]) -> float:
    return sum(((1 << grade) - 1) / log2(place + 1) for place, grade in enumerate(grades, 1))


def _mean(values: Iterable[float]) -> float:
    known = [float(value) for value in values]
    return sum(known) / len(known) if known else 0.0
