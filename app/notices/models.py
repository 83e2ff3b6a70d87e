"""What colleagues are to be told, and whether they have been."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Code, Key, Ref
from app.kernel.queries import only


class Notice(Base):
    """One thing that one colleague is told once; `key` tells it from every other, however often it is noted."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("person_id", "key"),
        Index("ix_notice_waiting", "due_at", "person_id", **only("told_at IS NULL")),
        Index(None, "at"),
    )

    id: Mapped[Key]
    person_id: Mapped[Ref] = mapped_column(ForeignKey("person.id"))
    #: A matter of `choices`, or what the house tells unasked.
    matter: Mapped[Code]
    key: Mapped[str] = mapped_column(String(80))
    ticket_id: Mapped[Ref | None] = mapped_column(ForeignKey("ticket.id"))
    #: Who caused it, if a person did.
    by_id: Mapped[Ref | None]
    at: Mapped[datetime]
    #: When it is told, and whether in the letter of the day.
    due_at: Mapped[datetime]
    daily: Mapped[bool] = mapped_column(default=False)
    #: When it was told, or found to be settled already.
    told_at: Mapped[datetime | None]
    #: The letter that told it; none where it was settled already.
    letter_id: Mapped[Ref | None]
