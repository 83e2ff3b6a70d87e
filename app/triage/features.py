"""Messages as numbers: TF-IDF of words and of letters within words, topics, votes and signs, in one sparse row each.

Fast on purpose: the letters of a word are looked up once, then remembered. Arrays of numpy and nothing more, for
scipy and scikit-learn cost a second to load; no learning here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from app.triage.facts import Facts
from app.triage.labels import CATEGORIES
from app.triage.lexicon import TOPIC, sign_codes, topics
from app.triage.text import Prepared

SUBJECT_WEIGHT: Final = 3
"""How many times the words of the subject count."""

LETTERS: Final = (2, 5)
TOPIC_WEIGHT: Final = 0.15
VOTE_WEIGHT: Final = 0.2
SIGN_WEIGHT: Final = 0.4
REMEMBERED: Final = 50_000
"""Words whose letters are remembered at most; then all are forgotten and learned again."""

Terms = Mapping[str, int]
Ids = NDArray[np.int32]
Floats = NDArray[np.floating[Any]]
Topics = Mapping[str, tuple[int, bool]]
"""Topic → how often it was met, and whether in the subject."""

_WORD: Final = re.compile(r"[^\W_]+")


def model_words(message: Prepared) -> list[str]:
    """The words of a message as the model counts them, those of its subject several times."""
    words = _WORD.findall(message.folded)
    if not message.body_at:
        return words
    return _WORD.findall(message.headline) * (SUBJECT_WEIGHT - 1) + words


def word_terms(words: Sequence[str]) -> list[str]:
    """Words and pairs of neighbours."""
    long = [word for word in words if len(word) > 1]
    return [*long, *(f"{first} {second}" for first, second in pairwise(long))]


def letter_terms(word: str) -> list[str]:
    """Runs of letters within a word and its borders."""
    bordered = f" {word} "
    low, high = LETTERS
    return [bordered[at : at + length] for length in range(low, high + 1) for at in range(len(bordered) - length + 1)]


@dataclass(frozen=True, slots=True)
class Rows:
    """Sparse rows: those of row n are ``values[starts[n]:starts[n + 1]]``, in the columns of the same places."""

    values: Floats
    columns: Ids
    starts: NDArray[np.int64]
    width: int

    def of(self, row: int) -> tuple[Ids, Floats]:
        """The columns and the values of one row."""
        here = slice(self.starts[row], self.starts[row + 1])
        return self.columns[here], self.values[here]

    def cosines(self, columns: Ids, values: Floats) -> Floats:
        """How alike each of these rows is to one row, all of length one."""
        mine = np.zeros(self.width, dtype=np.float32)
        mine[columns] = values
        shares = self.values * mine.take(self.columns)
        # A sum that begins after the last entry would be one too far; an empty row has nothing to sum.
        return np.asarray(np.diff(np.concatenate([[0.0], np.cumsum(shares)])[self.starts]))

    def times(self, table: Floats) -> Floats:
        """These rows by a table of `width` rows."""
        # No BLAS: for so little it would wake its threads, and they burn more than they bring.
        found = np.zeros((len(self.starts) - 1, table.shape[1]), dtype=np.float32)
        for row, into in enumerate(found):
            columns, values = self.of(row)
            np.einsum("i,ij->j", values, table.take(columns, axis=0), out=into)
        return found


@dataclass(slots=True)
class Weighing:
    """A vocabulary with the weight of each term, and TF-IDF rows of length one made with it."""

    vocabulary: Terms
    idf: Floats

    def rows(self, counted: Sequence[Ids]) -> Rows:
        """One row for each message, given the ids of its terms, repeated as often as they were met."""
        met = [np.unique(ids, return_counts=True) for ids in counted]
        starts = np.cumsum([0, *(len(ids) for ids, _ in met)])
        columns = np.concatenate([ids for ids, _ in met]) if met else np.zeros(0, dtype=np.int32)
        counts = np.concatenate([times for _, times in met]) if met else np.zeros(0)
        values = (1 + np.log(counts.astype(np.float32))) * self.idf[columns]
        owner = np.repeat(np.arange(len(met)), np.diff(starts))
        lengths = np.sqrt(np.bincount(owner, weights=values**2, minlength=len(met)))
        values /= np.maximum(lengths, 1e-9)[owner].astype(np.float32)
        return Rows(values, columns, starts, len(self.idf))


class Vectoriser:
    """Rows for the model: words, letters, and what the patterns found."""

    def __init__(self, words: Weighing, letters: Weighing) -> None:
        self.words, self.letters = words, letters
        self._known: dict[str, Ids] = {}

    def word_rows(self, messages: Sequence[Prepared]) -> Rows:
        """TF-IDF rows of words and pairs of words."""
        return self.words.rows([_ids(word_terms(model_words(one)), self.words.vocabulary) for one in messages])

    def text_rows(self, texts: Sequence[str]) -> tuple[Rows, Rows]:
        """Rows of the words and of the letters of folded texts, such as single sentences."""
        words = [_WORD.findall(one) for one in texts]
        return (
            self.words.rows([_ids(word_terms(one), self.words.vocabulary) for one in words]),
            self.letters.rows([self._letters(one) for one in words]),
        )

    def letter_rows(self, messages: Sequence[Prepared]) -> Rows:
        """TF-IDF rows of letters within words."""
        return self.letters.rows([self._letters(model_words(one)) for one in messages])

    def _letters(self, words: Iterable[str]) -> Ids:
        known = self._known
        parts = [known[word] if word in known else self._learn(word) for word in words]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int32)

    def _learn(self, word: str) -> Ids:
        if len(self._known) >= REMEMBERED:
            self._known.clear()
        ids = self._known[word] = _ids(letter_terms(word), self.letters.vocabulary)
        return ids


def _ids(terms: Iterable[str], vocabulary: Terms) -> Ids:
    find: Callable[[str], int | None] = vocabulary.get
    return np.array([at for term in terms if (at := find(term)) is not None], dtype=np.int32)


def topics_of(message: Prepared, facts: Facts) -> dict[str, tuple[int, bool]]:
    """The topics of a message as the model counts them."""
    return {code: (len(at), at[0].start < message.body_at) for code, at in facts.topics.items()}


def pattern_names() -> tuple[str, ...]:
    """The columns that patterns fill, in order: topics, votes of categories, signs."""
    signs = [f"sign.{code}" for code in sign_codes() if not code.endswith("_not")]
    return (*topics(), *(f"vote.{slug}" for slug in CATEGORIES), *signs)


def pattern_rows(met: Sequence[Topics], facts: Sequence[Facts]) -> Floats:
    """What the patterns found in each message, weighted against the rows of words."""
    columns = {name: at for at, name in enumerate(pattern_names())}
    votes = {code: (columns[f"vote.{topic.category}"], topic.votes) for code, topic in topics().items()}
    rows = np.zeros((len(facts), len(columns)), dtype=np.float32)
    for row, codes, fact in zip(rows, met, facts, strict=True):
        for code, (count, in_subject) in codes.items():
            force = np.log1p(count) + in_subject
            vote, weight = votes[TOPIC + code]
            row[columns[TOPIC + code]] = TOPIC_WEIGHT * force
            row[vote] += VOTE_WEIGHT * weight * force
        for code in fact.signs:
            row[columns[f"sign.{code}"]] = SIGN_WEIGHT
    return rows
