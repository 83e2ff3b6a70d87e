"""The sentences of a message one by one, and which of them ask for money back.

A long letter tells a story and asks in a few words at its end: beside all others these weigh little. Arrays of numpy
and nothing more; how it is fitted is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np

from app.triage.features import Floats, Rows, Vectoriser
from app.triage.text import Prepared, fold, normalise

MOST: Final = 80
"""Sentences looked at one by one; what follows is read as one more."""

TRAITS: Final = 9
HEARD: Final = 3
"""What is told of a message: its surest sentence, the next, and how much all of them say together."""

SILENCE: Final = -6.0
"""Score where there is no sentence: nobody asks for anything."""

_TRAIT_WEIGHT: Final = np.float32(0.3)
_SHORT: Final = 25
_LONG: Final = 300
_END: Final = re.compile(r"(?<=[.!?])\s+|\n+")
_WORD: Final = re.compile(r"[^\W_]")
_NUMBER: Final = re.compile(r"\d")
_MONEY: Final = re.compile(r"[€£$]|\b(?:euros?|eur|francs?|chf|pounds?|quid|dollars?|balles|sous|argent|money|cash)\b")


def sentences(message: Prepared) -> list[str]:
    """The sentences of a message in their folded form, the subject first; those without a word are none."""
    parts = _END.split(message.folded[message.body_at :], MOST)
    said = [message.headline, *parts] if message.body_at else parts
    return [one for one in map(str.strip, said) if _WORD.search(one)]


def folded(sentence: str) -> str:
    """A sentence as it was written, in the form in which `sentences` gives it."""
    return fold(normalise(sentence)).strip()


def traits(said: Sequence[str]) -> Floats:
    """What is plain of each sentence of one message: its marks, numbers and money, its length, its place."""
    many = len(said)
    found = [
        (
            "?" in one, "!" in one, _NUMBER.search(one) is not None, _MONEY.search(one) is not None,
            min(len(one), _LONG) / _LONG, len(one) < _SHORT, (at + 0.5) / many, at == many - 1, many == 1,
        )
        for at, one in enumerate(said)
    ]  # fmt: skip
    return np.array(found, dtype=np.float32).reshape(-1, TRAITS) * _TRAIT_WEIGHT


def sentence_rows(vectoriser: Vectoriser, said: Sequence[Sequence[str]]) -> tuple[Rows, Rows, Floats]:
    """The sentences of several messages one after the other: rows of words, rows of letters, traits."""
    every = [one for some in said for one in some]
    plain = np.vstack([np.zeros((0, TRAITS), dtype=np.float32), *map(traits, said)])
    return (*vectoriser.text_rows(every), plain)


@dataclass(frozen=True, slots=True)
class Asking:
    """What words, letters and traits say of whether a sentence asks for money back: a weight a row of each table."""

    words: Floats
    letters: Floats
    traits: Floats
    bias: Floats

    def heard(self, vectoriser: Vectoriser, messages: Sequence[Prepared]) -> Floats:
        """How surely each message holds a sentence that asks. Shape: (messages, `HEARD`)."""
        said = [sentences(one) for one in messages]
        words, letters, plain = sentence_rows(vectoriser, said)
        scores = words.times(self.words) + letters.times(self.letters) + plain @ self.traits + self.bias
        ends = np.cumsum([0, *map(len, said)])
        return np.array([_told(scores[ends[at] : ends[at + 1], 0]) for at in range(len(said))]).reshape(-1, HEARD)


def _told(scores: Floats) -> tuple[float, float, float]:
    if not len(scores):
        return SILENCE, SILENCE, 0.0
    first, *others = sorted(chain(scores.tolist()), reverse=True)
    return first, others[0] if others else SILENCE, float(np.log1p((1 / (1 + np.exp(-scores))).sum()))
