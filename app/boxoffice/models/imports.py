"""What was brought in: one row for each time a file was, and for each day on which the system itself was asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Code, Key, Line, Ref
from app.people.models import IMPERSONAL, PERSONAL


class ImportRun(Base):
    """One import of one file; while it runs, how many of its rows are committed."""

    __tablename__ = "import_run"
    __table_args__ = (Index(None, "sha256"),)

    id: Mapped[Key]
    system: Mapped[Code]
    file_name: Mapped[Line] = mapped_column(info=IMPERSONAL)
    sha256: Mapped[str] = mapped_column(String(64))
    #: running, done or refused.
    state: Mapped[Code]
    by_id: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    rows_done: Mapped[int] = mapped_column(default=0)
    #: How many rows were what.
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict, info=IMPERSONAL)
    #: The first problems, with the values that made them.
    problems: Mapped[list[dict[str, Any]]] = mapped_column(default=list, info=PERSONAL)
    #: Dates that this import was the first to name, and how many seats went from one date to another. Shape: {"fresh":
    #: [ids], "seats": {"from>to": count}}.
    moves: Mapped[dict[str, Any]] = mapped_column(default=dict, info=IMPERSONAL)
    #: Up to which change the ticketing system itself was read, where it was asked.
    pulled_until: Mapped[datetime | None]


class OfficePull(Base):
    """A ticketing system that is asked: whose turn it is until when, and what was brought in of it lately.

    Shape of `known`: a digest of what was said to the moment it carries, ISO 8601; only of the last minutes.
    """

    __tablename__ = "office_pull"

    system: Mapped[Code] = mapped_column(primary_key=True)
    held_until: Mapped[datetime | None]
    #: Raised each time somebody takes the turn: whoever holds an older one lost it.
    fence: Mapped[int] = mapped_column(default=0)
    known: Mapped[dict[str, Any]] = mapped_column(default=dict, info=IMPERSONAL)
