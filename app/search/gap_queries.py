"""Questions about searches that found nothing and words that were heard, and the statements that count them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Row, case, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from app.kernel.db import session
from app.kernel.queries import read, write
from app.search.models import HeardWord, SearchGap

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
    """Forget words of both kinds; returns how many rows there were."""
    return sum(_drop(table, table.lang == lang, table.words == words) for table in (SearchGap, HeardWord))


def drop_answered(lang: str, words: str) -> int:
    """Forget words that find something now and did not before; returns how many rows there were."""
    unheard = _drop(HeardWord, HeardWord.lang == lang, HeardWord.words == words, HeardWord.answered.is_(False))
    return unheard + _drop(SearchGap, SearchGap.lang == lang, SearchGap.words == words)


def forget_before(day: date) -> int:
    """Forget what was looked for and heard before a day; returns how many rows."""
    return sum(_drop(table, table.day < day) for table in (SearchGap, HeardWord))


def _drop(table: type[SearchGap | HeardWord], *tests: ColumnElement[bool]) -> int:
    done = session.execute(delete(table).where(*tests))
    return int(done.rowcount)  # type: ignore[attr-defined]


def hear(rows: Sequence[Mapping[str, Any]]) -> None:
    """Write words that were heard."""
    write(HeardWord, rows)


def heard_since(day: date) -> Sequence[HeardWord]:
    """Words heard since a day, of most people first."""
    query = select(HeardWord).where(HeardWord.day >= day)
    return session.scalars(query.order_by(HeardWord.people.desc(), HeardWord.source, HeardWord.words)).all()
