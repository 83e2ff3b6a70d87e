"""What spectators thought of an answer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Key, Ref
from app.people.models import PERSONAL


class Opinion(Base):
    """An opinion asked for on one ticket, and given or not; a mark from 1 to 5."""

    __tablename__ = "opinion"
    __table_args__ = (Index(None, "given_at"),)

    id: Mapped[Key]
    ticket_id: Mapped[Ref] = mapped_column(ForeignKey("ticket.id"), unique=True)
    nonce: Mapped[str] = mapped_column(String(32), unique=True)
    asked_at: Mapped[datetime]
    mark: Mapped[int | None]
    words: Mapped[str] = mapped_column(default="", info=PERSONAL)
    given_at: Mapped[datetime | None]
