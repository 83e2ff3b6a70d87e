"""The trained model: the guesses it makes for a group of messages. How it is fitted or kept is not known here.

Words decide first; what a message means is asked where they leave a doubt, if the meaning model runs here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from app.search import meaning
from app.triage.asking import Asker
from app.triage.classify import Guess, Neighbour
from app.triage.described import Heard, heard
from app.triage.facts import Facts
from app.triage.features import Floats, Rows, Topics, Vectoriser, pattern_rows, topics_of
from app.triage.habit_card import Habit
from app.triage.house import SILENT, House
from app.triage.judging import FLAGS, Judge
from app.triage.labels import CATEGORIES
from app.triage.likeness import Examples
from app.triage.novelty import is_strange
from app.triage.sentences import Asking
from app.triage.text import Prepared
from app.triage.weighing import KINDS, KINDS_OF, Beliefs, Dials, believed, first_thought

FORMAT: Final = 5
TOP: Final = 3
WORDS_SHOWN: Final = 3
WORD_COUNTS_FROM: Final = 0.02
"""Share of a score from which a word is worth showing as a reason."""

MEANT: Final = len(CATEGORIES) + len(KINDS)
COLUMNS: Final = MEANT + len(FLAGS)
"""Scores of words: a column a category, a type, a flag. Meaning speaks of categories and types."""


@dataclass(frozen=True, slots=True)
class Card:
    """What stands in the JSON beside a model.

    `examples` are the messages learned from, `house` those among them that colleagues sorted here; `held` is the
    share of the others whose category was right while each was left out. `habits` is what the house sorts its own way.
    """

    format: int
    version: str
    sha256: str
    dials: Dials
    categories: list[str]
    types: list[str]
    flags: list[str]
    patterns: list[str]
    marks: list[str]
    examples: int
    house: int
    held: float
    habits: tuple[Habit, ...] = ()


@dataclass(frozen=True, slots=True)
class Weights:
    """One block of columns: rows of words, of letters, or of patterns."""

    words: Floats
    letters: Floats
    patterns: Floats
    bias: Floats


@dataclass(frozen=True, slots=True)
class Meaning:
    """What vectors of meaning say, once the usual is taken out of them; of no rows where nothing was learned."""

    centre: Floats
    weights: Floats
    bias: Floats

    @property
    def learned(self) -> bool:
        """Whether vectors were there to learn from."""
        return len(self.centre) > 0

    def scores(self, vectors: Floats) -> Floats:
        """A row a vector, a column a category and then a type."""
        return np.asarray(centred(vectors, self.centre) @ self.weights + self.bias)


def centred(vectors: Floats, centre: Floats) -> Floats:
    """Vectors without what all of them share, of length one."""
    own = vectors - centre
    return np.asarray(own / np.maximum(np.linalg.norm(own, axis=1, keepdims=True), 1e-9))


class Model:
    """A linear model over words, letters and patterns, a second over meaning, and a judge over what both say."""

    def __init__(
        self, vectoriser: Vectoriser, weights: Weights, meant: Meaning, asking: Asking, judge: Judge,
        examples: Examples, card: Card,
    ) -> None:  # fmt: skip
        self.vectoriser, self.weights, self.meaning, self.judge, self.card = vectoriser, weights, meant, judge, card
        self.asking, self.examples = asking, examples
        self._terms = list(vectoriser.words.vocabulary)
        self._asker = Asker(meaning.of_message)

    @property
    def version(self) -> str:
        """The name of this model, kept with every decision it takes."""
        return self.card.version

    @property
    def questions(self) -> int:
        """How often the meaning model was asked since this model was loaded."""
        return self._asker.questions

    def guess(
        self, messages: Sequence[Prepared], facts: Sequence[Facts], *, hurried: bool = False, house: House = SILENT
    ) -> list[Guess]:
        """What it thinks of each message.

        `hurried` where they are so many that no meaning is asked and no sentence is read by itself.
        """
        if not messages:
            return []
        words, letters = self.vectoriser.word_rows(messages), self.vectoriser.letter_rows(messages)
        topics = [topics_of(message, fact) for message, fact in zip(messages, facts, strict=True)]
        scores = score(self.weights, words, letters, topics, facts)
        meant, asked = self._meant(messages, letters, scores, hurried=hurried)
        beliefs = believed(scores, meant, asked, self.card.dials)
        asks = None if hurried else self.asking.heard(self.vectoriser, messages)
        flags = self.judge.flags(facts, beliefs.kinds, scores[:, MEANT:], asks)
        telling = [self._telling(words, row, int(best)) for row, best in enumerate(beliefs.categories.argmax(axis=1))]
        strange = self._strange(messages, facts, beliefs)
        # In a storm nobody reads why, and one after the other is enough.
        near = [() if hurried else self.examples.near(*words.of(row)) for row in range(len(messages))]
        found = guesses(beliefs, flags, telling, strange, self.card.dials.route_at, near)
        if not house.speaks:
            return found
        many = len(CATEGORIES)
        told = heard(house, self.vectoriser, messages, (words, letters), scores[:, :many], beliefs.categories)
        return [_moved(one, told, beliefs, row) for row, one in enumerate(found)]

    def _strange(self, messages: Sequence[Prepared], facts: Sequence[Facts], beliefs: Beliefs) -> list[bool]:
        """Which messages are unlike all that was learned; not looked at where a person decides in any case."""
        sure = beliefs.categories.max(axis=1) >= self.card.dials.route_at
        known = self.vectoriser.words.vocabulary
        return [
            bool(mine) and is_strange(one, fact, known) for mine, one, fact in zip(sure, messages, facts, strict=True)
        ]

    def _meant(
        self, messages: Sequence[Prepared], letters: Rows, scores: Floats, *, hurried: bool
    ) -> tuple[Floats, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
        """The scores of meaning, and in which rows there are any."""
        meant, asked = np.zeros((len(messages), MEANT), dtype=np.float32), np.zeros(len(messages), dtype=bool)
        if hurried or not self.meaning.learned or not meaning.available():
            return meant, asked
        sureness = first_thought(scores, self.card.dials).max(axis=1)
        below = self.card.dials.ask_below
        for row, vector in self._asker.meanings(messages, letters, sureness, below).items():
            meant[row], asked[row] = self.meaning.scores(vector[None])[0], True
        return meant, asked

    def _telling(self, words: Rows, row: int, column: int) -> tuple[str, ...]:
        """The words that speak loudest for a category."""
        terms, values = words.of(row)
        shares = values * self.weights.words[terms, column]
        loudest = np.argsort(-shares)[:WORDS_SHOWN]
        return tuple(self._terms[int(terms[at])] for at in loudest if shares[at] > WORD_COUNTS_FROM)


def _moved(guess: Guess, told: Heard, beliefs: Beliefs, row: int) -> Guess:
    """A guess with the word of the house in it; where that changes what it is, a person is asked."""
    chances = told.chances[row]
    top = tuple((told.slugs[at], float(chances[at])) for at in np.argsort(-chances)[:TOP])
    first = top[0][0]
    hits = tuple(hit for hit in told.hits[row] if hit.code == first)
    if first == guess.top[0][0]:
        return replace(guess, top=top, house=hits)
    kind = KINDS[max(KINDS_OF[first], key=lambda at: beliefs.under[row, at])] if first in KINDS_OF else ""
    return replace(
        guess, top=top, type=kind, words=(), abstains=True, house=hits, described=first not in KINDS_OF and not hits
    )  # fmt: skip


def score(weights: Weights, words: Rows, letters: Rows, topics: Sequence[Topics], facts: Sequence[Facts]) -> Floats:
    """What words, letters and patterns say; a row a message."""
    patterns = pattern_rows(topics, facts) @ weights.patterns
    return np.asarray(words.times(weights.words) + letters.times(weights.letters) + patterns + weights.bias)


def guesses(
    beliefs: Beliefs,
    flags: Sequence[frozenset[str]],
    telling: Sequence[tuple[str, ...]],
    strange: Sequence[bool],
    route_at: float,
    near: Sequence[tuple[Neighbour, ...]],
) -> list[Guess]:
    """Beliefs as guesses: the likeliest categories, the likeliest type under the first, and whether to ask a person."""
    found = []
    for row, chances in enumerate(beliefs.categories):
        order = np.argsort(-chances)[:TOP]
        top = tuple((CATEGORIES[at], float(chances[at])) for at in order)
        kind = KINDS[max(KINDS_OF[top[0][0]], key=lambda at: beliefs.under[row, at])]
        unsure = strange[row] or top[0][1] < route_at
        found.append(Guess(top, kind, telling[row], unsure, flags[row], strange[row], near[row]))
    return found
