"""What search does when the shelf changes; both write files, so they run outside transactions."""

from __future__ import annotations

from collections.abc import Sequence

from app.knowledge.events import ArticlePublished, ArticleWithdrawn
from app.search import gaps, service


def index_article(events: Sequence[ArticlePublished]) -> None:
    """Articles were published: the index follows, whatever else it had missed; what they answer is no gap any more."""
    service.refresh()
    gaps.close_answered()


def forget_article(events: Sequence[ArticleWithdrawn]) -> None:
    """Articles were withdrawn: the index follows, whatever else it had missed."""
    service.refresh()
