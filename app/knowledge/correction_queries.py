"""Questions about corrections of readers and comments of colleagues."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from app.kernel.db import session
from app.knowledge.models import Article, ArticleComment, ArticleCorrection

_ROW = (
    ArticleCorrection.id, Article.slug, Article.lang, Article.title, ArticleCorrection.version, ArticleCorrection.text,
    ArticleCorrection.at, ArticleCorrection.state, ArticleCorrection.reason, ArticleCorrection.decided_by_id,
    ArticleCorrection.decided_at, ArticleCorrection.person_id.is_not(None).label("thanks"),
)  # fmt: skip


def correction(correction_id: int) -> ArticleCorrection | None:
    """One correction, locked against others who would decide of it."""
    return session.scalar(select(ArticleCorrection).where(ArticleCorrection.id == correction_id).with_for_update())


def waiting() -> int:
    """How many corrections wait for an editor."""
    query = select(func.count()).where(ArticleCorrection.state == "waiting")
    return int(session.scalar(query) or 0)


def corrections(*, state: str = "", key: tuple[str, str] | None = None, limit: int) -> Sequence[Any]:
    """Corrections with their article, the newest first; in one state or of one article where that is named."""
    query = select(*_ROW).join(Article, Article.id == ArticleCorrection.article_id)
    if state:
        query = query.where(ArticleCorrection.state == state)
    if key is not None:
        query = query.where(Article.slug == key[0], Article.lang == key[1])
    return session.execute(query.order_by(ArticleCorrection.at.desc(), ArticleCorrection.id.desc()).limit(limit)).all()


def article_of(correction_id: int) -> Article | None:
    """The article that a correction is about."""
    query = select(Article).join(ArticleCorrection, ArticleCorrection.article_id == Article.id)
    return session.scalar(query.where(ArticleCorrection.id == correction_id))


def comments(slug: str, limit: int) -> Sequence[ArticleComment]:
    """What colleagues said of an article, the newest first."""
    query = select(ArticleComment).where(ArticleComment.slug == slug)
    return session.scalars(query.order_by(ArticleComment.at.desc(), ArticleComment.id.desc()).limit(limit)).all()
