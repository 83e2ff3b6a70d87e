"""What follows a publication: the house's own folder; both touch files, so they run outside transactions."""

from __future__ import annotations

from collections.abc import Sequence

from app.knowledge import filing
from app.knowledge.events import ArticlePublished, ArticleWithdrawn


def write_file(events: Sequence[ArticlePublished]) -> None:
    """An article was published: its file follows."""
    for slug, lang in dict.fromkeys((e.slug, e.lang) for e in events):
        filing.write_file(slug, lang)


def remove_file(events: Sequence[ArticleWithdrawn]) -> None:
    """An article was withdrawn: its file goes."""
    for slug, lang in dict.fromkeys((e.slug, e.lang) for e in events):
        filing.write_file(slug, lang)
