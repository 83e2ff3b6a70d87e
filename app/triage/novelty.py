"""How far a message is from all that was learned: a model may be sure of words that it hardly knows.

Pure: a message, its facts and a vocabulary in, a verdict out.
"""

from __future__ import annotations

from typing import Final

from app.triage.facts import Facts
from app.triage.features import Terms, model_words
from app.triage.text import Prepared

KNOWN: Final = 0.8
"""Share of its words that a model must have met."""

EVIDENCE: Final = 2
"""Topics and signs that speak of what a box office is asked."""


def is_strange(message: Prepared, facts: Facts, vocabulary: Terms) -> bool:
    """Whether too few of its words are known, or too little in it is of the trade."""
    if len(facts.topics) + len(facts.signs) < EVIDENCE:
        return True
    words = [word for word in model_words(message) if len(word) > 1]
    return sum(word in vocabulary for word in words) < KNOWN * len(words)
