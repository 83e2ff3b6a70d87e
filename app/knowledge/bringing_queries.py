"""Questions about knowledge bases that were brought in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import case, func, select

from app.kernel.db import session
from app.knowledge.models import Article, ArticleBringing, ArticleDraft, BroughtArticle


def bringing(bringing_id: int, *, locked: bool = False) -> ArticleBringing | None:
    """One bringing; `locked` against others who would change it."""
    return session.get(ArticleBringing, bringing_id, with_for_update=True if locked else None)


def begun(sha256: str) -> ArticleBringing | None:
    """A bringing of the same bytes that runs."""
    mine = (ArticleBringing.sha256 == sha256) & (ArticleBringing.state == "running")
    return session.scalar(select(ArticleBringing).where(mine).order_by(ArticleBringing.id).limit(1))


def bringings(limit: int) -> Sequence[ArticleBringing]:
    """The latest, newest first."""
    return session.scalars(select(ArticleBringing).order_by(ArticleBringing.id.desc()).limit(limit)).all()


def counts(bringing_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """Lines of reports by bringing. Shape: id to counts by fate; `back` and `stays` once undone."""
    table = BroughtArticle
    found: dict[int, dict[str, int]] = {one: {} for one in bringing_ids}
    for column in (table.fate, table.undone):
        query = select(table.bringing_id, column, func.count()).where(table.bringing_id.in_(bringing_ids))
        for bringing_id, code, count in session.execute(query.group_by(table.bringing_id, column)):
            if code:
                found[bringing_id][code] = int(count)
    return found


def lines(bringing_id: int, limit: int) -> Sequence[BroughtArticle]:
    """Lines of a report: what was refused first, what did not change last."""
    rank = case((BroughtArticle.fate == "refused", 0), (BroughtArticle.fate == "unchanged", 2), else_=1)
    query = select(BroughtArticle).where(BroughtArticle.bringing_id == bringing_id)
    return session.scalars(query.order_by(rank, BroughtArticle.number).limit(limit)).all()


def numbers(bringing_id: int) -> set[int]:
    """Places in the file of which a report tells already."""
    return set(session.scalars(select(BroughtArticle.number).where(BroughtArticle.bringing_id == bringing_id)))


def to_undo(bringing_id: int, limit: int) -> Sequence[BroughtArticle]:
    """Lines that changed something and are not undone yet, the last first."""
    what = (BroughtArticle.bringing_id == bringing_id) & (BroughtArticle.undone == "")
    changed = BroughtArticle.fate.in_(("new", "changed", "kept"))
    query = select(BroughtArticle).where(what, changed).order_by(BroughtArticle.number.desc()).limit(limit)
    return session.scalars(query).all()


def held_addresses() -> Sequence[Any]:
    """Who answers where. Shape: rows (lang, address, slug)."""
    query = select(Article.lang, Article.address, Article.slug).where(Article.address.is_not(None))
    return session.execute(query).all()


def untouched_draft(draft_id: int) -> ArticleDraft | None:
    """A draft that nobody saved or asked to be read since it was made."""
    row = session.get(ArticleDraft, draft_id)
    return row if row is not None and row.revision == 1 and not row.review and row.origin == "brought" else None
