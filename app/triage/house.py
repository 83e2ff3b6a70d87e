"""What a house itself says of its reasons: a category of its own that nobody learned, and phrases that speak for one.

Light on purpose: the nearness of descriptions, which needs numpy, is in `described`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from app.triage.phrases import Hit, Matcher
from app.triage.text import Prepared, fold

FORCE: Final = 3.5
"""What a phrase of the house adds to the logarithm of a chance: it decides where the sorting is not two thirds sure."""

LEAST: Final = 0.02
"""The chance from which a phrase lifts a category that nothing else speaks for."""


@dataclass(frozen=True, slots=True)
class House:
    """Descriptions of all categories in use, the house's own among them, and phrases by category.

    Shape: `descriptions` of pairs (slug, texts in two languages), `phrases` of pairs (slug, phrases with commas).
    """

    descriptions: tuple[tuple[str, tuple[str, str]], ...] = ()
    own: tuple[str, ...] = ()
    phrases: tuple[tuple[str, str], ...] = ()

    @property
    def speaks(self) -> bool:
        """Whether it has anything to say."""
        return bool(self.own or self.phrases)


SILENT: Final = House()


def said(house: House, message: Prepared) -> tuple[Hit, ...]:
    """The phrases of the house that stand in a message, by the category they speak for."""
    return tuple(_matcher(house.phrases).find(message.folded)) if house.phrases else ()


def raised(top: Sequence[tuple[str, float]], hits: Sequence[Hit]) -> tuple[tuple[str, float], ...]:
    """The likeliest categories with the votes of some phrases, where nothing was learned."""
    met = {hit.code for hit in hits}
    odds = dict.fromkeys(met, LEAST) | dict(top)
    odds = {slug: max(odds[slug], LEAST) * math.exp(FORCE) if slug in met else odds[slug] for slug in odds}
    total = max(1.0, sum(odds.values()))
    return tuple((slug, odds[slug] / total) for slug in sorted(odds, key=lambda one: -odds[one])[: len(top)])


def check(phrases: str) -> None:
    """Read phrases as the sorting will.

    Raises:
        ValueError: they cannot be read.
    """
    _matcher((("phrase", phrases),)).read_all()


@lru_cache(maxsize=8)
def _matcher(phrases: tuple[tuple[str, str], ...]) -> Matcher:
    return Matcher({slug: fold(words) for slug, words in phrases})
