"""What the ticketing system was told of a line of money: what it said, each time; and who had it told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Code, Key, Ref
from app.kernel.queries import only


class OfficeMark(Base):
    """The ticketing system took a line, or refused it with a code of ours; told again, the attempt is another one."""

    __tablename__ = "office_mark"

    line_id: Mapped[Ref] = mapped_column(ForeignKey("settlement_line.id"), primary_key=True)
    attempt: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: Empty where it was taken.
    refused: Mapped[Code] = mapped_column(default="")
    at: Mapped[datetime]
    by_id: Mapped[Ref] = mapped_column(ForeignKey("person.id"))


class MarkRun(Base):
    """Somebody has the ticketing system told of a batch by the worker; one at a time of a batch."""

    __tablename__ = "mark_run"
    __table_args__ = (
        Index("uq_mark_run_live", "batch_id", unique=True, **only("ended_at IS NULL")),
        Index(None, "batch_id", "id"),
        CheckConstraint("problem = '' OR ended_at IS NOT NULL", name="problem"),
    )

    id: Mapped[Key]
    batch_id: Mapped[Ref] = mapped_column(ForeignKey("settlement_batch.id"))
    asked_by: Mapped[Ref] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    #: Lines that were to be told when the worker began; None before.
    due: Mapped[int | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None]
    #: Why it ended before every line was told, as a code.
    problem: Mapped[Code] = mapped_column(default="")
