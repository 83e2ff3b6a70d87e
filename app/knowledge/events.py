"""Facts about articles."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePublished(Event):
    """A version of an article is now what people read."""

    slug: str
    lang: str
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleWithdrawn(Event):
    """An article is no longer on the shelf."""

    slug: str
    lang: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSaid(Event):
    """A second reader was asked for, sent a draft back or agreed, in words of `reviews`; never what was said."""

    draft_id: int
    revision: int
    review: str
    by_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleVoted(Event):
    """A reader said whether an article answered; never who, never in which words."""

    slug: str
    lang: str
    version: int
    helpful: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionProposed(Event):
    """A reader proposed a correction of an article; never who, never in which words."""

    correction_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionAccepted(Event):
    """An editor took a correction up; never who, never in which words."""

    correction_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionRefused(Event):
    """An editor left the article as it is; never who, never in which words."""

    correction_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionReopened(Event):
    """What was decided of a correction was undone; never who, never in which words."""

    correction_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BringingAsked(Event):
    """An editor wants the knowledge base of another desk brought in."""

    bringing_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BringingUndone(Event):
    """An editor wants back what was there before a knowledge base was brought in."""

    bringing_id: int
