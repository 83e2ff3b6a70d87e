"""Statements on what the house taught its search: groups of words, and answers opened after questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from app.kernel.db import session
from app.search.models import GivenUp, SearchClick, WordGroup


def groups() -> Sequence[WordGroup]:
    """Every group of words, by language, in the order they were made."""
    return session.scalars(select(WordGroup).order_by(WordGroup.lang.desc(), WordGroup.id)).all()


def group(group_id: int) -> WordGroup | None:
    """One group."""
    return session.get(WordGroup, group_id)


def add_click(values: Mapping[str, Any]) -> None:
    """Write an opened answer; who opened it after the same words today counts once."""
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    statement = (postgresql.insert if on_postgresql else sqlite.insert)(SearchClick).values(dict(values))
    session.execute(statement.on_conflict_do_nothing())


def clicks_of(day: date, visitor: str | None = None) -> int:
    """How many openings of one day are kept, of everybody or of one visitor."""
    query = select(func.count()).select_from(SearchClick).where(SearchClick.day == day)
    return session.scalar(query if visitor is None else query.where(SearchClick.visitor == visitor)) or 0


def fold(before: date) -> int:
    """Make sums of the openings of days gone by, without a mark of whoever opened; returns how many rows went."""
    table = SearchClick
    marked = select(table.day).where(table.day < before, table.visitor != "")
    mine = table.day.in_(marked)
    columns = (table.day, table.slug, table.lang, table.words)
    sums = session.execute(
        select(*columns, func.sum(table.weight).label("weight")).where(mine).group_by(*columns)
    ).all()
    gone = session.execute(delete(table).where(mine))
    if sums:
        session.execute(insert(table), [{**row._mapping, "visitor": ""} for row in sums])
    return int(gone.rowcount) - len(sums)  # type: ignore[attr-defined]


def clicks_since(day: date, limit: int) -> Sequence[Any]:
    """What was opened since a day, the newest first. Shape: rows (lang, words, slug, day, weight)."""
    table = SearchClick
    query = select(table.lang, table.words, table.slug, table.day, func.sum(table.weight).label("weight"))
    query = query.where(table.day >= day).group_by(table.lang, table.words, table.slug, table.day)
    return session.execute(query.order_by(table.day.desc(), table.words, table.slug).limit(limit)).all()


def drop_clicks(day: date, visitor: str, slug: str) -> None:
    """Forget that a visitor opened an answer on a day."""
    mine = (SearchClick.day == day) & (SearchClick.visitor == visitor) & (SearchClick.slug == slug)
    session.execute(delete(SearchClick).where(mine))


def drop_clicks_before(day: date) -> int:
    """Forget what was opened before a day; returns how many rows."""
    done = session.execute(delete(SearchClick).where(SearchClick.day < day))
    return int(done.rowcount)  # type: ignore[attr-defined]


def opened_by(day: date, visitor: str) -> Sequence[Any]:
    """What a visitor opened on a day. Shape: rows (slug, lang, words)."""
    table = SearchClick
    query = select(table.slug, table.lang, table.words).where(table.day == day, table.visitor == visitor)
    return session.execute(query.order_by(table.slug, table.lang, table.words)).all()


def add_given_up(day: date, rows: Sequence[Any]) -> None:
    """Count answers that spared nothing. Shape of `rows`: (slug, lang, words), each once."""
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    statement = (postgresql.insert if on_postgresql else sqlite.insert)(GivenUp)
    statement = statement.values([{**row._mapping, "day": day, "count": 1} for row in rows])
    more = {"count": GivenUp.count + statement.excluded.count}
    session.execute(statement.on_conflict_do_update(index_elements=["day", "slug", "lang", "words"], set_=more))


def given_up_since(day: date, limit: int) -> Sequence[Any]:
    """Answers given up since a day, the most frequent first. Shape: rows (slug, lang, words, times)."""
    table, times = GivenUp, func.sum(GivenUp.count).label("times")
    query = select(table.slug, table.lang, table.words, times).where(table.day >= day)
    query = query.group_by(table.slug, table.lang, table.words)
    return session.execute(query.order_by(times.desc(), table.slug, table.words).limit(limit)).all()


def drop_given_up_before(day: date) -> int:
    """Forget answers given up before a day; returns how many rows."""
    done = session.execute(delete(GivenUp).where(GivenUp.day < day))
    return int(done.rowcount)  # type: ignore[attr-defined]
