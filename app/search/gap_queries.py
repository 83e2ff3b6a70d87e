"""Questions about searches that found nothing, and the one statement that counts them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import Row, case, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from app.kernel.db import session
from app.kernel.queries import read
from app.search.models import SearchGap

#: A row of columns, by the names given to them.
Columns: TypeAlias = Row[*tuple[Any, ...]]


def add(day: date, lang: str, words: str) -> None:
    """Count one search."""
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    statement = (postgresql.insert if on_postgresql else sqlite.insert)(SearchGap)
    statement = statement.values(day=day, lang=lang, words=words, count=1)
    more = {"count": SearchGap.count + statement.excluded.count}
    session.execute(statement.on_conflict_do_update(index_elements=["day", "lang", "words"], set_=more))


def lines_of(day: date) -> int:
    """How many different searches of one day are kept."""
    return session.scalar(select(func.count()).select_from(SearchGap).where(SearchGap.day == day)) or 0


def since(day: date, lately: date, limit: int) -> Sequence[Columns]:
    """Searches since a day, the most frequent first. Shape: rows (lang, words, times, recent, last)."""
    times = func.sum(SearchGap.count).label("times")
    recent = func.sum(case((SearchGap.day >= lately, SearchGap.count), else_=0)).label("recent")
    last = func.max(SearchGap.day).label("last")
    query = select(SearchGap.lang, SearchGap.words, times, recent, last).where(SearchGap.day >= day)
    query = query.group_by(SearchGap.lang, SearchGap.words).order_by(times.desc(), last.desc(), SearchGap.words)
    return read(query.limit(limit)).all()


def drop(lang: str, words: str) -> int:
    """Forget one search; returns how many days of it there were."""
    done = session.execute(delete(SearchGap).where(SearchGap.lang == lang, SearchGap.words == words))
    return int(done.rowcount)  # type: ignore[attr-defined]


def forget_before(day: date) -> int:
    """Forget what was looked for before a day; returns how many rows."""
    done = session.execute(delete(SearchGap).where(SearchGap.day < day))
    return int(done.rowcount)  # type: ignore[attr-defined]
