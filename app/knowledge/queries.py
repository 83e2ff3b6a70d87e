"""Questions about articles, versions, drafts, votes and readings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, delete, func, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from app.kernel.db import Base, session
from app.knowledge.models import (
    Article,
    ArticleAddress,
    ArticleDraft,
    ArticleReading,
    ArticleSending,
    ArticleVersion,
    ArticleVote,
)

_CARD = (
    Article.id, Article.slug, Article.lang, Article.title, Article.brief, Article.address, Article.category,
    Article.audience, Article.keywords, Article.owner, Article.reviewed, Article.position, Article.related,
    Article.types, Article.performance, Article.starts, Article.ends, Article.version, Article.text_hash,
    Article.published_at, Article.behind_since,
)  # fmt: skip


def shelf() -> Sequence[Any]:
    """Every published article without its body, in the order of the shelf; plain rows of the columns of a card."""
    query = select(*_CARD).where(Article.withdrawn_at.is_(None))
    return session.execute(query.order_by(Article.position, Article.slug, Article.lang)).all()


def bodies(article_ids: Iterable[int]) -> dict[int, str]:
    """Bodies by article."""
    rows = session.execute(select(Article.id, Article.body).where(Article.id.in_(list(article_ids))))
    return {row.id: row.body for row in rows}


def article(slug: str, lang: str, *, locked: bool = False) -> Article | None:
    """The row of one article, withdrawn or not; `locked` against others who would change it."""
    query = select(Article).where(Article.slug == slug, Article.lang == lang)
    return session.scalar(query.with_for_update() if locked else query)


def twin(slug: str, lang: str) -> Article | None:
    """The row of the same article in the other language, withdrawn or not."""
    return session.scalar(select(Article).where(Article.slug == slug, Article.lang != lang))


def articles(keys: Iterable[tuple[str, str]] | None = None) -> dict[tuple[str, str], Article]:
    """Rows by (slug, lang), withdrawn ones included; all of them unless some are named."""
    query = select(Article)
    if keys is not None:
        query = query.where(tuple_(Article.slug, Article.lang).in_(list(keys)))
    return {(row.slug, row.lang): row for row in session.scalars(query)}


def slug_once_at(lang: str, address: str) -> str | None:
    """The article that was found at an address before."""
    query = select(ArticleAddress.slug).where(ArticleAddress.lang == lang, ArticleAddress.address == address)
    return session.scalar(query)


def remember_address(lang: str, address: str, slug: str) -> None:
    """Let an address of the past lead to an article."""
    session.merge(ArticleAddress(lang=lang, address=address, slug=slug))


def pass_addresses_on(lang: str, slug: str, successor: str) -> None:
    """Let every address of the past that leads to an article lead to another one."""
    mine = (ArticleAddress.lang == lang) & (ArticleAddress.slug == slug)
    session.execute(update(ArticleAddress).where(mine).values(slug=successor))


def forget_address(lang: str, address: str) -> None:
    """An address is somebody's present one again."""
    session.execute(delete(ArticleAddress).where(ArticleAddress.lang == lang, ArticleAddress.address == address))


def holder(lang: str, address: str) -> Article | None:
    """The article that answers at an address now."""
    return session.scalar(select(Article).where(Article.lang == lang, Article.address == address))


def in_conflict() -> set[int]:
    """Articles whose file was changed while the desk changed them too."""
    return set(session.scalars(select(Article.id).where(Article.conflict_hash.is_not(None))))


def version(article_id: int, number: int) -> ArticleVersion | None:
    """One version with its text."""
    return session.get(ArticleVersion, (article_id, number))


def versions(article_id: int) -> Sequence[Any]:
    """The versions of an article without their texts, newest first; plain rows of the other columns of a version."""
    table = ArticleVersion
    what = select(table.number, table.at, table.author_id, table.reader_id, table.note)
    mine = ArticleVersion.article_id == article_id
    return session.execute(what.where(mine).order_by(ArticleVersion.number.desc())).all()


def version_before(article_id: int, moment: datetime) -> ArticleVersion | None:
    """The version that people read until a moment."""
    mine = (ArticleVersion.article_id == article_id) & (ArticleVersion.at < moment)
    return session.scalar(select(ArticleVersion).where(mine).order_by(ArticleVersion.number.desc()).limit(1))


def first_between(article_id: int, after: datetime, until: datetime) -> datetime | None:
    """When an article was first published after a moment, up to another one."""
    mine = (ArticleVersion.article_id == article_id) & (ArticleVersion.at > after) & (ArticleVersion.at <= until)
    return session.scalar(select(func.min(ArticleVersion.at)).where(mine))


def current_sources() -> list[tuple[str, str, str]]:
    """The whole texts of all published articles. Shape: triples (slug, lang, source)."""
    query = (
        select(Article.slug, Article.lang, ArticleVersion.source)
        .join(ArticleVersion, (ArticleVersion.article_id == Article.id) & (ArticleVersion.number == Article.version))
        .where(Article.withdrawn_at.is_(None))
        .order_by(Article.slug, Article.lang)
    )
    return [(row.slug, row.lang, row.source) for row in session.execute(query)]


def texts_with(words: str) -> list[tuple[str, str]]:
    """Texts that hold some words, as people read them and as drafts. Shape: pairs (slug, source)."""
    joined = (ArticleVersion.article_id == Article.id) & (ArticleVersion.number == Article.version)
    current = select(Article.slug, ArticleVersion.source).join(ArticleVersion, joined)
    drafted = select(ArticleDraft.slug, ArticleDraft.source).where(ArticleDraft.source.contains(words, autoescape=True))
    rows = [*session.execute(current.where(ArticleVersion.source.contains(words, autoescape=True))),
            *session.execute(drafted)]  # fmt: skip
    return [(row.slug, row.source) for row in rows]


def current_source(slug: str, lang: str) -> str | None:
    """The whole text of one article as people read it, or read it last."""
    query = (
        select(ArticleVersion.source)
        .join(Article, (ArticleVersion.article_id == Article.id) & (ArticleVersion.number == Article.version))
        .where(Article.slug == slug, Article.lang == lang)
    )
    return session.scalar(query)


def withdrawn(slug: str | None = None) -> dict[tuple[str, str], datetime]:
    """When articles were taken off the shelf, by (slug, lang); of one slug where it is named."""
    query = select(Article.slug, Article.lang, Article.withdrawn_at).where(Article.withdrawn_at.is_not(None))
    if slug is not None:
        query = query.where(Article.slug == slug)
    return {(row.slug, row.lang): row.withdrawn_at for row in session.execute(query.order_by(Article.slug))}


def slugs_like(word: str) -> set[str]:
    """Slugs in use, by articles or drafts, that begin with a word of small letters, digits and hyphens."""
    tables = (Article.slug, ArticleDraft.slug)
    return {slug for column in tables for slug in session.scalars(select(column).where(column.like(f"{word}%")))}


def was_published(article_id: int, text_hash: str) -> bool:
    """Whether a text was ever a version of the article."""
    same = (ArticleVersion.article_id == article_id) & (ArticleVersion.text_hash == text_hash)
    return session.scalar(select(ArticleVersion.number).where(same).limit(1)) is not None


def draft(draft_id: int, *, locked: bool = False) -> ArticleDraft | None:
    """One draft with its text; `locked` against others who would change it."""
    return session.get(ArticleDraft, draft_id, with_for_update=True if locked else None)


_DRAFT_CARD = (
    ArticleDraft.id, ArticleDraft.slug, ArticleDraft.lang, ArticleDraft.base_version, ArticleDraft.author_id,
    ArticleDraft.saved_at, ArticleDraft.revision, ArticleDraft.origin, ArticleDraft.review, ArticleDraft.review_by_id,
    ArticleDraft.review_at, ArticleDraft.review_words,
)  # fmt: skip


def drafts(slug: str | None = None, lang: str | None = None) -> Sequence[Any]:
    """Drafts without their texts, newest first; plain rows of the columns of a draft's card."""
    query = select(*_DRAFT_CARD)
    if slug is not None:
        query = query.where(ArticleDraft.slug == slug)
    if lang is not None:
        query = query.where(ArticleDraft.lang == lang)
    return session.execute(query.order_by(ArticleDraft.saved_at.desc(), ArticleDraft.id.desc())).all()


def is_drafted(slug: str, lang: str, source: str) -> bool:
    """Whether a draft holds exactly this text."""
    same = (ArticleDraft.slug == slug) & (ArticleDraft.lang == lang) & (ArticleDraft.source == source)
    return session.scalar(select(ArticleDraft.id).where(same).limit(1)) is not None


def drop_draft(draft_id: int) -> None:
    """Forget a draft."""
    session.execute(delete(ArticleDraft).where(ArticleDraft.id == draft_id))


def vote_counts() -> dict[int, tuple[int, int]]:
    """Votes by article. Shape: article to pair (helpful, all)."""
    helpful = func.sum(case((ArticleVote.helpful, 1), else_=0))
    rows = session.execute(select(ArticleVote.article_id, helpful, func.count()).group_by(ArticleVote.article_id))
    return {row[0]: (int(row[1]), int(row[2])) for row in rows}


def votes(article_id: int, limit: int) -> Sequence[ArticleVote]:
    """What readers said last of an article."""
    query = select(ArticleVote).where(ArticleVote.article_id == article_id)
    return session.scalars(query.order_by(ArticleVote.at.desc(), ArticleVote.id.desc()).limit(limit)).all()


def vote_reasons(article_id: int) -> list[tuple[bool, str, int]]:
    """Votes on one article. Shape: triples (helpful, reason, count)."""
    query = select(ArticleVote.helpful, ArticleVote.reason, func.count()).where(ArticleVote.article_id == article_id)
    rows = session.execute(query.group_by(ArticleVote.helpful, ArticleVote.reason))
    return [(bool(row[0]), str(row[1]), int(row[2])) for row in rows]


def readings_of(article_id: int, since: date) -> int:
    """How often one article was opened since a day."""
    query = select(func.sum(ArticleReading.count)).where(ArticleReading.article_id == article_id)
    return int(session.scalar(query.where(ArticleReading.day >= since)) or 0)


def add_sendings(rows: Sequence[Mapping[str, Any]]) -> None:
    """Count answers that were sent with an article; those counted already stay as they are."""
    session.execute(_insert(ArticleSending).values([dict(row) for row in rows]).on_conflict_do_nothing())


def sendings_of(article_id: int, since: date) -> int:
    """How many answers were sent with one article since a day."""
    query = select(func.count()).where(ArticleSending.article_id == article_id, ArticleSending.day >= since)
    return int(session.scalar(query) or 0)


def put_vote(values: Mapping[str, Any]) -> None:
    """Write a vote, over the same reader's earlier one."""
    statement = _insert(ArticleVote).values(dict(values))
    key = ("article_id", "visitor_hash")
    changed = {name: value for name, value in values.items() if name not in key}
    session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=changed))


def reading_counts(since: date) -> dict[int, int]:
    """How often articles were opened since a day."""
    query = select(ArticleReading.article_id, func.sum(ArticleReading.count)).where(ArticleReading.day >= since)
    return {row[0]: int(row[1]) for row in session.execute(query.group_by(ArticleReading.article_id))}


def add_readings(day: date, counts: Mapping[int, int]) -> None:
    """Count openings of articles on one day."""
    rows = [{"article_id": article_id, "day": day, "count": count} for article_id, count in counts.items()]
    statement = _insert(ArticleReading).values(rows)
    more = {"count": ArticleReading.count + statement.excluded.count}
    session.execute(statement.on_conflict_do_update(index_elements=["article_id", "day"], set_=more))


def _insert(table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def readings_by_day(since: date) -> dict[date, int]:
    """How often articles were opened on each day since one, all together."""
    query = select(ArticleReading.day, func.sum(ArticleReading.count)).where(ArticleReading.day >= since)
    return {row[0]: int(row[1]) for row in session.execute(query.group_by(ArticleReading.day))}


def votes_since(moment: datetime) -> dict[int, tuple[int, int]]:
    """Votes of late by article. Shape: article to pair (helpful, all)."""
    helpful = func.sum(case((ArticleVote.helpful, 1), else_=0))
    query = select(ArticleVote.article_id, helpful, func.count()).where(ArticleVote.at >= moment)
    return {row[0]: (int(row[1]), int(row[2])) for row in session.execute(query.group_by(ArticleVote.article_id))}
