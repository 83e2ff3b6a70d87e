"""What was looked for and not found, day by day; nobody's name is here, and nothing that leads to one."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Code
from app.people.models import IMPERSONAL


class SearchGap(Base):
    """How often words found nothing on one day; as `asking.shareable` leaves them."""

    __tablename__ = "search_gap"
    __table_args__ = (Index(None, "lang", "words"),)

    day: Mapped[date] = mapped_column(primary_key=True)
    lang: Mapped[Code] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(String(80), primary_key=True, info=IMPERSONAL)
    count: Mapped[int]
