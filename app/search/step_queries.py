"""Statements on what visitors searched and read before they asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeAlias

from sqlalchemy import Row, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from app.kernel.db import session
from app.kernel.queries import read, write
from app.search.models import BeforeRequest, VisitStep

#: A row of columns, by the names given to them.
Columns: TypeAlias = Row[*tuple[Any, ...]]
_ASKED = (VisitStep.words == "", VisitStep.slug == "")


def steps_kept() -> int:
    """How many steps are kept."""
    return session.scalar(select(func.count()).select_from(VisitStep)) or 0


def add_steps(rows: Sequence[Mapping[str, Any]]) -> None:
    """Write steps."""
    write(VisitStep, rows)


def asked_until(moment: datetime) -> dict[str, datetime]:
    """Visitors who asked before a moment, and when they did so last."""
    query = select(VisitStep.visitor, func.max(VisitStep.at)).where(*_ASKED, VisitStep.at <= moment)
    return {row[0]: row[1] for row in read(query.group_by(VisitStep.visitor))}


def steps_of(visitors: Collection[str]) -> Sequence[Columns]:
    """What visitors did, in order. Shape: rows (id, at, visitor, lang, words, slug)."""
    columns = (VisitStep.id, VisitStep.at, VisitStep.visitor, VisitStep.lang, VisitStep.words, VisitStep.slug)
    return read(select(*columns).where(VisitStep.visitor.in_(list(visitors))).order_by(VisitStep.at)).all()


def drop_steps(ids: Collection[int]) -> None:
    """Forget steps."""
    session.execute(delete(VisitStep).where(VisitStep.id.in_(list(ids))))


def drop_steps_before(moment: datetime) -> int:
    """Forget what was done before a moment; returns how many rows."""
    done = session.execute(delete(VisitStep).where(VisitStep.at < moment))
    return int(done.rowcount)  # type: ignore[attr-defined]


def count(day: date, lang: str, words: str, slug: str, people: int) -> None:
    """Count people who searched or read and asked all the same."""
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    statement = (postgresql.insert if on_postgresql else sqlite.insert)(BeforeRequest)
    statement = statement.values(day=day, lang=lang, words=words, slug=slug, count=people)
    more = {"count": BeforeRequest.count + statement.excluded.count}
    session.execute(statement.on_conflict_do_update(index_elements=["day", "lang", "words", "slug"], set_=more))


def counted_since(day: date) -> Sequence[Columns]:
    """What came before requests since a day, the most frequent first. Shape: rows (lang, words, slug, people, last)."""
    table, people = BeforeRequest, func.sum(BeforeRequest.count).label("people")
    query = select(table.lang, table.words, table.slug, people, func.max(table.day).label("last"))
    query = query.where(table.day >= day).group_by(table.lang, table.words, table.slug)
    return read(query.order_by(people.desc(), table.words, table.slug)).all()


def drop_counted_before(day: date) -> int:
    """Forget what came before requests of long ago; returns how many rows."""
    done = session.execute(delete(BeforeRequest).where(BeforeRequest.day < day))
    return int(done.rowcount)  # type: ignore[attr-defined]
