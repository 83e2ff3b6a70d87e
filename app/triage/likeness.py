"""The nearest of the labelled messages written for the project: which they are, and of what category.

Only those are kept here, for they may be shown to anybody; requests of a house are not. Numpy and nothing more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.triage.classify import Neighbour
from app.triage.features import Floats, Ids, Rows
from app.triage.labels import CATEGORIES
from app.triage.text import Prepared

NEAREST: Final = 10
"""Messages that are looked at around one."""

ALIKE_FROM: Final = 0.12
"""Cosine of words below which two messages have nothing in common but the language."""

SHOWN: Final = 90
"""Characters of a message that are kept to show it."""


@dataclass(frozen=True, slots=True)
class Examples:
    """Rows of words of labelled messages, the numbers of their categories, and their first words."""

    rows: Rows
    categories: NDArray[np.uint8]
    words: tuple[str, ...]

    def near(self, columns: Ids, values: Floats) -> tuple[Neighbour, ...]:
        """The nearest to a row of words, nearest first; none where none is like it."""
        if not self.words:
            return ()
        cosines = self.rows.cosines(columns, values)
        order = np.argsort(-cosines)[:NEAREST]
        return tuple(
            Neighbour(CATEGORIES[self.categories[at]], float(cosines[at]), self.words[at])
            for at in order
            if cosines[at] >= ALIKE_FROM
        )


def no_examples(width: int) -> Examples:
    """No message at all."""
    nothing = np.zeros(0, dtype=np.float32)
    return Examples(
        Rows(nothing, np.zeros(0, dtype=np.int32), np.zeros(1, dtype=np.int64), width), np.zeros(0, dtype=np.uint8), ()
    )


def first_words(message: Prepared) -> str:
    """What a message is recognised by, on one line: its subject, or else how it begins."""
    words = " ".join((message.subject or message.body).split())
    return words if len(words) <= SHOWN else words[: SHOWN - 1].rstrip() + "…"
