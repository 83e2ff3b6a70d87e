"""Spectators who are awaited, how far they have been told so, and how long each department waits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Code, Ref


class Awaited(Base):
    """Since when the spectator of a request is awaited; counts only while the request waits for them."""

    __tablename__ = "awaited"
    __table_args__ = (Index(None, "step", "since"), Index(None, "step", "ends_at"))

    ticket_id: Mapped[Ref] = mapped_column(ForeignKey("ticket.id"), primary_key=True, autoincrement=False)
    since: Mapped[datetime]
    #: asked, reminded, or warned of the end.
    step: Mapped[Code]
    #: When the request ends, once its spectator has been told so.
    ends_at: Mapped[datetime | None]
    #: The letter that tells so: nothing ends of which no letter left.
    letter_id: Mapped[Ref | None]


class WaitingRule(Base):
    """How long one department waits, where it says otherwise than is usual; None is never. Units: days."""

    __tablename__ = "waiting_rule"

    department_id: Mapped[Ref] = mapped_column(ForeignKey("department.id"), primary_key=True, autoincrement=False)
    remind: Mapped[int | None]
    warn: Mapped[int | None]
    end: Mapped[int | None]
