"""What a search finds and how the index stands: plain values, which cost nothing to know of."""

from __future__ import annotations

from dataclasses import dataclass

from app.search.quoting import Piece


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that fits; `passage` are pairs (text, whether it fits the question), plain text to be escaped."""

    slug: str
    lang: str
    title: str
    brief: str
    address: str
    category: str
    passage: tuple[Piece, ...]
    anchor: str
    score: float
    #: Whether it is in another language than the page that asks.
    other_language: bool


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a question found, best first; `took_ms` is processor time."""

    hits: tuple[Hit, ...]
    did_you_mean: str | None
    took_ms: float
    #: Whether the first of them may be stood by: it knows enough of what was asked.
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Alike:
    """An article that says much the same as a text, and how much: 1 for the same words."""

    slug: str
    lang: str
    title: str
    share: float


@dataclass(frozen=True, slots=True)
class Effect:
    """A question and the titles it finds first, before and after a change."""

    words: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IndexState:
    """How the index on disk stands to the shelf."""

    articles: int
    on_disk: bool
    up_to_date: bool
    meaning: bool
