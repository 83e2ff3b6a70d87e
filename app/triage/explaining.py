"""What weighed in one decision, laid open: words, patterns, nearest examples. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from app.triage import facts as reading
from app.triage.classify import Decision, Incoming, Neighbour, classify
from app.triage.facts import Facts
from app.triage.features import pattern_names, pattern_rows, topics_of
from app.triage.labels import CATEGORIES
from app.triage.model import Model
from app.triage.text import Prepared, prepare

SHOWN: Final = 8
LEAST: Final = 0.005
"""Weight from which a word or a pattern is worth naming."""

LETTERS: Final = "…letters within words"

Weights = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision and what weighed in it: for its category when positive, against it when negative."""

    decision: Decision
    words: Weights
    patterns: Weights
    near: tuple[Neighbour, ...]

    def to_json(self) -> dict[str, Any]:
        """The object of `flask triage explain --json`."""
        return self.decision.to_json() | {
            "words": [{"word": word, "weight": round(weight, 4)} for word, weight in self.words],
            "patterns": [{"pattern": name, "weight": round(weight, 4)} for name, weight in self.patterns],
            "nearest": [asdict(one) | {"cosine": round(one.cosine, 4)} for one in self.near],
        }


def explain(one: Incoming, model: Model | None) -> Explanation:
    """Decide on one message and tell what weighed; by rules alone there are only patterns, which all weigh one."""
    (decision,) = classify([one], model)
    message = prepare(one.subject, one.body)
    facts = reading.read(message, one.received_at, one.performance_at)
    if model is None:
        return Explanation(decision, (), tuple((code, 1.0) for code in (*facts.topics, *facts.signs)), ())
    column = CATEGORIES.index(decision.category)
    rows = model.vectoriser.word_rows([message])
    return Explanation(
        decision, _words(model, message, column), _patterns(model, message, facts, column),
        model.examples.near(*rows.of(0)),
    )  # fmt: skip


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
