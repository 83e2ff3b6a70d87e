"""What follows a publication, and what editors bring in: both touch files, so they run outside transactions."""

from __future__ import annotations

from collections.abc import Sequence

from app.knowledge import arriving, filing
from app.knowledge.events import ArticlePublished, ArticleWithdrawn, BringingAsked, BringingUndone


def write_file(events: Sequence[ArticlePublished]) -> None:
    """An article was published: its file follows."""
    for slug, lang in dict.fromkeys((e.slug, e.lang) for e in events):
        filing.write_file(slug, lang)


def remove_file(events: Sequence[ArticleWithdrawn]) -> None:
    """An article was withdrawn: its file goes."""
    for slug, lang in dict.fromkeys((e.slug, e.lang) for e in events):
        filing.write_file(slug, lang)


def bring_in(events: Sequence[BringingAsked]) -> None:
    """Knowledge bases of other desks wait: bring each in, in groups of its own."""
    for e in events:
        arriving.bring_in(e.bringing_id)


def put_back(events: Sequence[BringingUndone]) -> None:
    """What was brought in is not wanted: put back what was there before."""
    for e in events:
        arriving.put_back(e.bringing_id)
