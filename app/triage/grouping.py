"""Near-duplicates found and kept together, so that no message is measured by what its twin taught."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedGroupKFold

from app.triage.dataset import Example
from app.triage.text import prepare

ALIKE: Final = 0.7
"""Cosine of letters from which two messages are near-duplicates."""

FOLDS: Final = 5
MANY: Final = 5_000
FOLDS_OF_MANY: Final = 3
"""From so many examples on, fewer folds tell as much, at half the price."""

_AT_ONCE: Final = 500
Places = NDArray[np.int64]


def groups(examples: Sequence[Example]) -> list[int]:
    """The group of near-duplicates of each example, as a number."""
    texts = [prepare(one.subject, one.body).folded for one in examples]
    rows = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True).fit_transform(texts)
    alike = sparse.vstack([_alike(rows, begin) for begin in range(0, len(texts), _AT_ONCE)])
    return [int(label) for label in connected_components(alike, directed=False)[1]]


def _alike(rows: sparse.csr_matrix, begin: int) -> sparse.csr_matrix:
    cosines = rows[begin : begin + _AT_ONCE] @ rows.T
    cosines.data[cosines.data < ALIKE] = 0
    cosines.eliminate_zeros()
    return cosines


def folds(examples: Sequence[Example]) -> list[tuple[Places, Places]]:
    """Places to learn from and places left out, near-duplicates together, categories spread.

    Messages of the project are parted the same way whatever a house adds, so that two models can be compared on them.
    """
    count = FOLDS if len(examples) < MANY else FOLDS_OF_MANY
    ours = np.array([at for at, one in enumerate(examples) if not one.house], dtype=np.int64)
    fold_of = np.zeros(len(examples), dtype=np.int64)
    fold_of[ours] = _spread([examples[at] for at in ours], count)
    if len(ours) < len(examples):
        _add_house(fold_of, examples, count)
    return [(np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)) for fold in range(count)]


def _spread(examples: Sequence[Example], count: int) -> Places:
    truth = [one.shipped_as or one.category for one in examples]
    found = np.zeros(len(examples), dtype=np.int64)
    parts = StratifiedGroupKFold(count, shuffle=True, random_state=0)
    for fold, (_learn, leave) in enumerate(parts.split(truth, truth, groups(examples))):
        found[leave] = fold
    return found


def _add_house(fold_of: Places, examples: Sequence[Example], count: int) -> None:
    """Give each request of the house the fold of its near-duplicate in the project, or else one by its group."""
    of_group: dict[int, int] = {}
    every = groups(examples)
    for at, group in enumerate(every):
        if not examples[at].house:
            of_group.setdefault(group, int(fold_of[at]))
    for at, group in enumerate(every):
        if examples[at].house:
            fold_of[at] = of_group.setdefault(group, group % count)
