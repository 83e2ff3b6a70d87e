"""The two languages of an article kept together: which of them says something that the other does not say yet.

A text that changes leaves its twin behind, whichever language came first; a twin that was behind catches up by its next
version, or by somebody's word that it holds as it is.
"""

from __future__ import annotations

from datetime import datetime

from app.knowledge import queries
from app.knowledge.library import ArticleFile
from app.knowledge.models import Article

#: What both languages must say alike; words to search by, an address or a day of checking are each one's own.
_SHARED = ("title", "brief", "body", "audience", "performance", "starts", "ends")


def says_more(file: ArticleFile, row: Article) -> bool:
    """Whether a text says something that the article in its place does not."""
    return any(getattr(file, name) != getattr(row, name) for name in _SHARED)


def settle(row: Article, *, says_more: bool) -> None:
    """A new version is out: it catches up with its twin, or else leaves that behind if it says more."""
    if row.behind_since is not None:
        row.behind_since = None
        return
    twin = queries.twin(row.slug, row.lang) if says_more else None
    if twin is not None and twin.behind_since is None:
        twin.behind_since = row.published_at


def holds(row: Article) -> None:
    """Somebody read it beside its twin: it holds as it is."""
    row.behind_since = None


def undo(row: Article, *, taken: datetime, before: datetime) -> None:
    """A version is taken back, published at `taken` in place of one of `before`: the twins stand as they did then."""
    twin = queries.twin(row.slug, row.lang)
    if twin is None:
        return
    if twin.behind_since is not None and twin.behind_since >= taken:
        twin.behind_since = None
    # What the version that is taken back had caught up with.
    row.behind_since = queries.first_between(twin.id, before, taken)
