"""What is on the bill: works and their dates."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Code, Key, Line, Ref, related


class Production(Base):
    """A work on the bill."""

    __tablename__ = "production"

    id: Mapped[Key]
    code: Mapped[Code] = mapped_column(unique=True)
    title_fr: Mapped[Line]
    title_en: Mapped[Line]
    genre: Mapped[Code] = mapped_column(default="")
    #: What accountants file it under, and the season it belongs to, such as 2026-2027.
    analytic_code: Mapped[Code] = mapped_column(default="")
    season: Mapped[Code] = mapped_column(default="")


class Performance(Base):
    """One date of a production."""

    __tablename__ = "performance"
    __table_args__ = (
        Index(None, "starts_at"),
        CheckConstraint("refund_ratio_bp BETWEEN 0 AND 10000", name="refund_ratio"),
        CheckConstraint("vat_bp BETWEEN 0 AND 10000", name="vat"),
    )

    id: Mapped[Key]
    code: Mapped[Code] = mapped_column(unique=True)
    production_id: Mapped[Ref] = mapped_column(ForeignKey("production.id"), index=True)
    hall: Mapped[Line]
    starts_at: Mapped[datetime]
    doors_at: Mapped[datetime | None]
    #: scheduled, delayed, postponed, cancelled, interrupted or done.
    status: Mapped[Code] = mapped_column(default="scheduled")
    new_starts_at: Mapped[datetime | None]
    #: The date on the bill that it moved into, by the word of a colleague: its seats stay its own, though files of the
    #: ticketing system call them by the other.
    joins_id: Mapped[Ref | None] = mapped_column(ForeignKey("performance.id"), default=None)
    capacity: Mapped[int] = mapped_column(default=0)
    sold_out: Mapped[bool] = mapped_column(default=False)
    #: What the house says about it, shown on the portal.
    notice_fr: Mapped[str] = mapped_column(default="")
    notice_en: Mapped[str] = mapped_column(default="")
    #: How much of a price is given back where it was interrupted, and its rate of VAT. Units: hundredths of a per cent.
    refund_ratio_bp: Mapped[int] = mapped_column(default=10_000)
    vat_bp: Mapped[int] = mapped_column(default=550)

    production: Mapped[Production] = related("Production")
