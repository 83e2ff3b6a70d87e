"""From scores to beliefs: what words and meaning say put together, at one temperature each. Numbers in, numbers out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.triage.features import Floats
from app.triage.labels import CATEGORIES, TYPES

KINDS: Final = (*(kind for kinds in TYPES.values() for kind in kinds), "")
"""All types in the order of their columns; what fits no type of "other" goes without one."""

KINDS_OF: Final = {
    slug: [KINDS.index(kind) for kind in (*kinds, *([""] if slug == "other" else []))] for slug, kinds in TYPES.items()
}
MEANT_KINDS: Final = 0.4
"""How loud meaning speaks of a type beside words."""

_OWNER: Final = np.zeros((len(CATEGORIES), len(KINDS)), dtype=np.float32)
for _row, _slug in zip(_OWNER, CATEGORIES, strict=True):
    _row[KINDS_OF[_slug]] = 1


@dataclass(frozen=True, slots=True)
class Dials:
    """The few numbers fitted on messages that a model had not learned.

    `temperature` divides the scores of words, `meant` those of meaning; `share` is what meaning counts where it is
    asked, `fused` divides both together; `kinds` is the temperature of types under one category. Meaning is asked
    below the confidence `ask_below`; from `route_at` on, 95 % were right.
    """

    temperature: float
    meant: float
    share: float
    fused: float
    kinds: float
    ask_below: float
    route_at: float


@dataclass(frozen=True, slots=True)
class Beliefs:
    """Chances of categories, a row a message; of types under their category; and of both at once."""

    categories: Floats
    under: Floats
    kinds: Floats


def first_thought(scores: Floats, dials: Dials) -> Floats:
    """The chances of categories by words alone."""
    return probabilities(scores[:, : len(CATEGORIES)], dials.temperature)


def believed(scores: Floats, meanings: Floats, asked: NDArray[np.bool_], dials: Dials) -> Beliefs:
    """Beliefs from the scores of words, and from those of meaning in the rows where it was asked.

    Shape: both sets of scores have a column a category, then one a type.
    """
    many = len(CATEGORIES)
    words = scores[:, :many] / dials.temperature
    fused = ((1 - dials.share) * words + dials.share * meanings[:, :many] / dials.meant) / dials.fused
    kinds = scores[:, many : many + len(KINDS)] + asked[:, None] * MEANT_KINDS * meanings[:, many:]
    chances = probabilities(np.where(asked[:, None], fused, words), 1.0)
    under = _under(kinds / dials.kinds)
    return Beliefs(chances, under, (chances @ _OWNER) * under)


def _under(hot: Floats) -> Floats:
    """The chance of each type if its category is the right one."""
    powers = np.exp(hot - hot.max(axis=1, keepdims=True)) + 1e-9
    return np.asarray(powers / ((powers @ _OWNER.T) @ _OWNER))


def probabilities(scores: Floats, temperature: float) -> Floats:
    """Scores as probabilities that sum to one in each row."""
    hot = scores / temperature
    powers = np.exp(hot - hot.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
