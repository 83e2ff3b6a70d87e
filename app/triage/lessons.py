"""Labelled texts made ready to learn from: their words, their facts, and their topics in two views.

Nothing is fitted here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from app.triage import facts as reading
from app.triage.facts import MANY, Facts
from app.triage.features import Topics, topics_of
from app.triage.lexicon import TOPIC, single_phrases
from app.triage.text import Prepared, prepare

SHARED_BY: Final = 2
"""Texts that must hold a phrase before it counts in learning."""

_ANY_DAY: Final = datetime(2026, 1, 1, 12, tzinfo=UTC)
"""Words and signs do not depend on the day a message came in."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A text to learn from.

    `shared` leaves out the phrases that no other text holds: a phrase met once may have been written with that very
    text in view, and would look surer here than it is on the messages to come.
    """

    message: Prepared
    facts: Facts
    full: Topics
    shared: Topics


def lessons(texts: Sequence[tuple[str, str]]) -> list[Lesson]:
    """Subjects and bodies as lessons."""
    messages = [prepare(subject, body) for subject, body in texts]
    places = [_places(message) for message in messages]
    spread = Counter(phrase for places_of_one in places for phrase in places_of_one)
    return [_lesson(message, phrases, spread) for message, phrases in zip(messages, places, strict=True)]


def _places(message: Prepared) -> dict[str, list[int]]:
    """Phrase → where it begins in the text."""
    places: dict[str, list[int]] = {}
    for hit in single_phrases().find(message.folded):
        places.setdefault(hit.code, []).append(hit.start)
    return places


def _lesson(message: Prepared, places: Mapping[str, list[int]], spread: Mapping[str, int]) -> Lesson:
    facts = reading.read(message, _ANY_DAY)
    begins: dict[str, set[int]] = {}
    for phrase, starts in places.items():
        if spread[phrase] >= SHARED_BY:
            begins.setdefault(phrase.partition("#")[0][len(TOPIC) :], set()).update(starts)
    shared = {topic: (len(at), min(at) < message.body_at) for topic, at in begins.items()}
    full = topics_of(message, facts)
    # A number of seats was written by nobody in particular.
    return Lesson(message, facts, full, shared | {code: full[code] for code in (MANY,) if code in full})
