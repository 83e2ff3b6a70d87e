"""What weighed in one decision, laid open: words, patterns, nearest examples. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from app.triage import facts as reading
from app.triage import house as house_words
from app.triage.classify import Decision, Incoming, Neighbour, classify
from app.triage.facts import Facts
from app.triage.features import pattern_names, pattern_rows, topics_of
from app.triage.house import FORCE, SILENT, House
from app.triage.labels import CATEGORIES
from app.triage.model import Model
from app.triage.phrases import Hit
from app.triage.text import Prepared, prepare

SHOWN: Final = 8
LEAST: Final = 0.005
"""Weight from which a word or a pattern is worth naming."""

LETTERS: Final = "…letters within words"

Weights = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision and what weighed in it: for its category when positive, against it when negative.

    `house` are the phrases of the house that stand in the message, each with the category it speaks for.
    """

    decision: Decision
    words: Weights
    patterns: Weights
    near: tuple[Neighbour, ...]
    house: tuple[tuple[str, str], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The object of `flask triage explain --json`."""
        return self.decision.to_json() | {
            "words": [{"word": word, "weight": round(weight, 4)} for word, weight in self.words],
            "patterns": [{"pattern": name, "weight": round(weight, 4)} for name, weight in self.patterns],
            "house": [{"phrase": words, "category": slug, "weight": FORCE} for words, slug in self.house],
            "nearest": [asdict(one) | {"cosine": round(one.cosine, 4)} for one in self.near],
        }


def explain(one: Incoming, model: Model | None, house: House = SILENT) -> Explanation:
    """Decide on one message and tell what weighed; by rules alone there are only patterns, which all weigh one.

    `house` is what the house says of its reasons. Nothing was learned of a reason of its own, so no word weighs for it.
    """
    (decision,) = classify([one], model, house=house)
    message = prepare(one.subject, one.body)
    facts = reading.read(message, one.received_at, one.performance_at)
    said = tuple((_as_written(message, hit), hit.code) for hit in house_words.said(house, message))
    if model is None:
        return Explanation(decision, (), tuple((code, 1.0) for code in (*facts.topics, *facts.signs)), (), said)
    near = model.examples.near(*model.vectoriser.word_rows([message]).of(0))
    if decision.category not in CATEGORIES:
        return Explanation(decision, (), (), near, said)
    column = CATEGORIES.index(decision.category)
    words, patterns = _words(model, message, column), _patterns(model, message, facts, column)
    return Explanation(decision, words, patterns, near, said)


def _as_written(message: Prepared, hit: Hit) -> str:
    return " ".join(message.plain[hit.start : hit.end].split())


def _words(model: Model, message: Prepared, column: int) -> Weights:
    """The words that weighed most, and all letters together."""
    terms, values = model.vectoriser.word_rows([message]).of(0)
    names = list(model.vectoriser.words.vocabulary)
    said = _loudest([names[int(at)] for at in terms], values * model.weights.words[terms, column])
    letters, counts = model.vectoriser.letter_rows([message]).of(0)
    return (*said, (LETTERS, float((counts * model.weights.letters[letters, column]).sum())))


def _patterns(model: Model, message: Prepared, facts: Facts, column: int) -> Weights:
    row = pattern_rows([topics_of(message, facts)], [facts])[0]
    return _loudest(pattern_names(), row * model.weights.patterns[:, column])


def _loudest(names: Sequence[str], weights: np.ndarray[Any, Any]) -> Weights:
    order = np.argsort(-np.abs(weights))[:SHOWN]
    return tuple((names[int(at)], float(weights[at])) for at in order if abs(weights[at]) >= LEAST)
