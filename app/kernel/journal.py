"""Every event, in order: the trace of who did what and the source of all figures; append-only, guarded by triggers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, select, text, tuple_
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import Base, Code, Key, Ref, session
from app.kernel.events import Event
from app.kernel.queries import write


class JournalEntry(Base):
    """One fact, who caused it and through which door.

    `batch` is PostgreSQL's transaction number (0 on SQLite): readers that follow the journal by cursor must not step
    over a row of a transaction that commits late.
    """

    __tablename__ = "journal"
    __table_args__ = (Index(None, "subject_id", "id"), Index(None, "batch", "id"), Index(None, "name", "at"))

    id: Mapped[Key]
    batch: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    at: Mapped[datetime]
    name: Mapped[Code]
    subject_id: Mapped[Ref | None]
    actor_role: Mapped[Code]
    actor_id: Mapped[Ref | None]
    door: Mapped[Code]
    data: Mapped[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a reader has come."""

    batch: int = 0
    id: int = 0


def record(entries: Sequence[tuple[Event, Actor]]) -> None:
    """Write facts down, in the transaction that made them."""
    moment = clock.now()
    rows = [
        {
            "at": moment, "name": type(event).__name__, "subject_id": subject_id, "actor_role": by.role,
            "actor_id": by.person_id, "door": by.door, "data": values,
        }
        for event, by in entries
        for subject_id, values in event.entries()
    ]  # fmt: skip
    write(JournalEntry, rows)


def since(cursor: Cursor, limit: int = 5_000) -> list[JournalEntry]:
    """Entries after the cursor, oldest first, none of an unfinished transaction."""
    query = (
        select(JournalEntry)
        .where(tuple_(JournalEntry.batch, JournalEntry.id) > tuple_(cursor.batch, cursor.id))
        .order_by(JournalEntry.batch, JournalEntry.id)
        .limit(limit)
    )
    if session.get_bind().dialect.name == "postgresql":
        query = query.where(text("journal.batch < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"))
    return list(session.scalars(query))


def about(subject_id: int, limit: int = 200) -> Iterator[JournalEntry]:
    """What happened to one subject, oldest first."""
    rows = (
        select(JournalEntry).where(JournalEntry.subject_id == subject_id).order_by(JournalEntry.id.desc()).limit(limit)
    )
    return reversed(list(session.scalars(rows)))
