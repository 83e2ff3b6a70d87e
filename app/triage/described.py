"""How near a message is to what a house wrote of its own categories, beside what it wrote of all others.

A category of the house works from its two descriptions alone. What nearness tells was fitted on the shipped categories,
each left out once as if a house had just added it: of their messages .55 found it first and .87 among the first three,
and of all others .016 were taken for it. Numpy and nothing more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from app.triage.features import Floats, Rows, Vectoriser
from app.triage.house import FORCE, LEAST, House, said
from app.triage.labels import CATEGORIES
from app.triage.phrases import Hit
from app.triage.text import Prepared, prepare

#: By nearness in letters and in words – beside the mean of the other descriptions, beside the next best, and as it is –
#: and by the score and the logarithm of the chance of the best category that was learned.
_WEIGHTS: Final = np.array([0.38, -1.17, 1.82, 0.0, 2.17, 2.40, -13.62, 3.44])
_BIAS: Final = -9.09


@dataclass(frozen=True, slots=True)
class Heard:
    """Chances with the house's word in them, a column a category of `slugs`; and the phrases met, a list a message."""

    chances: Floats
    slugs: tuple[str, ...]
    hits: tuple[tuple[Hit, ...], ...]


def heard(
    house: House, vectoriser: Vectoriser, messages: Sequence[Prepared], rows: tuple[Rows, Rows], scores: Floats,
    chances: Floats,
) -> Heard:  # fmt: skip
    """The chances of all categories, from those of the learned ones.

    Shape: `rows` of words and of letters; `scores` and `chances` a column a learned category.
    """
    slugs = (*CATEGORIES, *house.own)
    found = chances
    if house.own:
        described = _described(house, vectoriser, *rows, scores, chances)
        room = np.clip(1 - described.sum(axis=1, keepdims=True), 0.05, 1)
        found = np.hstack([chances * room, described])
        found = found / found.sum(axis=1, keepdims=True)
    hits = tuple(said(house, one) for one in messages)
    for row, some in zip(found, hits, strict=True):
        for slug in {hit.code for hit in some}.intersection(slugs):
            at = slugs.index(slug)
            row[at] = max(row[at], LEAST) * np.exp(FORCE)
    return Heard(found / found.sum(axis=1, keepdims=True), slugs, hits)


def _described(
    house: House, vectoriser: Vectoriser, words: Rows, letters: Rows, scores: Floats, chances: Floats
) -> Floats:
    """The chances of the house's own categories; a row a message, a column a category."""
    slugs = [slug for slug, _texts in house.descriptions]
    near = [
        _cosines(rows, _told(house, vectoriser)[name]) for name, rows in (("letters", letters), ("words", words))
    ]  # fmt: skip
    best = np.column_stack([scores.max(axis=1), np.log(chances.max(axis=1))])
    found = np.zeros((len(scores), len(house.own)))
    for column, slug in enumerate(house.own):
        at = slugs.index(slug)
        parts = [part for one in near for part in _beside(one, at)]
        marks = np.column_stack([*parts, best])
        found[:, column] = 1 / (1 + np.exp(-(marks @ _WEIGHTS + _BIAS)))
    return found


def _beside(cosines: Floats, at: int) -> tuple[Floats, Floats, Floats]:
    others = np.delete(cosines, at, axis=1)
    mine = cosines[:, at]
    return (mine - others.mean(axis=1)) / (others.std(axis=1) + 1e-9), mine - others.max(axis=1), mine


def _cosines(rows: Rows, told: Floats) -> Floats:
    """How near each message is to each category, by the nearer of its descriptions. Shape: `told` of (2, width, n)."""
    return np.asarray(np.maximum(*(rows.times(one) for one in told)))


_kept: dict[tuple[int, Any], Mapping[str, Floats]] = {}


def _told(house: House, vectoriser: Vectoriser) -> Mapping[str, Floats]:
    """The descriptions as tables of words and of letters, made once for a model and a house."""
    key = (id(vectoriser), house.descriptions)
    if key not in _kept:
        _kept.clear()
        parts = {"words": vectoriser.word_rows, "letters": vectoriser.letter_rows}
        texts = [[prepare("", both[side]) for _slug, both in house.descriptions] for side in (0, 1)]
        _kept[key] = {name: np.stack([_dense(rows(some)) for some in texts]) for name, rows in parts.items()}
    return _kept[key]


def _dense(rows: Rows) -> Floats:
    table = np.zeros((rows.width, len(rows.starts) - 1), dtype=np.float32)
    for column in range(table.shape[1]):
        at, values = rows.of(column)
        table[at, column] = values
    return table
