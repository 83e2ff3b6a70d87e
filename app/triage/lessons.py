"""Labelled texts made ready to learn from: their words, their facts and their topics. Nothing is fitted here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from app.triage import facts as reading
from app.triage.dataset import Example, Seed
from app.triage.facts import Facts
from app.triage.features import Topics, topics_of
from app.triage.text import Prepared, prepare

_ANY_DAY: Final = datetime(2026, 1, 1, 12, tzinfo=UTC)
"""An article has no day; its key phrases name none."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A text to learn from."""

    message: Prepared
    facts: Facts
    topics: Topics


def of_examples(examples: Iterable[Example]) -> list[Lesson]:
    """Labelled messages as lessons, each read on its own day."""
    return [_lesson(prepare(one.subject, one.body), one.received_at) for one in examples]


def of_seeds(seeds: Sequence[Seed]) -> list[Lesson]:
    """Titles and key phrases of articles as lessons."""
    return [_lesson(prepare("", seed.text), _ANY_DAY) for seed in seeds]


def _lesson(message: Prepared, written: datetime) -> Lesson:
    facts = reading.read(message, written)
    return Lesson(message, facts, topics_of(message, facts))
