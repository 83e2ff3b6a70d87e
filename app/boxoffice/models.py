"""The mirror of the ticketing system; written by connectors only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Code, Key, Line, Ref, related
from app.people.models import IMPERSONAL, PERSONAL


class Production(Base):
    """A work on the bill."""

    __tablename__ = "production"

    id: Mapped[Key]
    code: Mapped[Code] = mapped_column(unique=True)
    title_fr: Mapped[Line]
    title_en: Mapped[Line]
    genre: Mapped[Code] = mapped_column(default="")


class Performance(Base):
    """One date of a production."""

    __tablename__ = "performance"
    __table_args__ = (Index(None, "starts_at"),)

    id: Mapped[Key]
    code: Mapped[Code] = mapped_column(unique=True)
    production_id: Mapped[Ref] = mapped_column(ForeignKey("production.id"), index=True)
    hall: Mapped[Line]
    starts_at: Mapped[datetime]
    doors_at: Mapped[datetime | None]
    #: scheduled, delayed, postponed, cancelled, interrupted or done.
    status: Mapped[Code] = mapped_column(default="scheduled")
    new_starts_at: Mapped[datetime | None]
    capacity: Mapped[int] = mapped_column(default=0)
    sold_out: Mapped[bool] = mapped_column(default=False)
    #: What the house says about it, shown on the portal.
    notice_fr: Mapped[str] = mapped_column(default="")
    notice_en: Mapped[str] = mapped_column(default="")

    production: Mapped[Production] = related("Production")


class Household(Base):
    """Several spectators, one entry of the address book."""

    __tablename__ = "household"

    id: Mapped[Key]
    code: Mapped[Code] = mapped_column(unique=True)
    kind: Mapped[Code] = mapped_column(default="individual")
    name: Mapped[Line] = mapped_column(info=PERSONAL)
    person_id: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"), index=True)
    #: Words such as "Abonné 2026-2027".
    typologies: Mapped[list[str]] = mapped_column(info=PERSONAL)


class Order(Base):
    """What a household bought at once."""

    __tablename__ = "purchase"
    __table_args__ = (UniqueConstraint("system", "code"), Index(None, "email"))

    id: Mapped[Key]
    system: Mapped[Code]
    code: Mapped[Code] = mapped_column(index=True)
    household_id: Mapped[Ref] = mapped_column(ForeignKey("household.id"), index=True)
    #: Normalised address given with the order.
    email: Mapped[str] = mapped_column(String(320), info=PERSONAL)
    ordered_at: Mapped[datetime]
    channel: Mapped[Code]
    status: Mapped[Code] = mapped_column(default="paid")
    total_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    #: Means of payment, and the last four digits of a card.
    tender: Mapped[Code] = mapped_column(default="card")
    card_last4: Mapped[str | None] = mapped_column(String(4), info=PERSONAL)

    household: Mapped[Household] = related("Household")
    admissions: Mapped[list[Admission]] = related("Admission", back_populates="order", order_by="Admission.id")


class Admission(Base):
    """What opens a door: one seat at one performance."""

    __tablename__ = "admission"

    id: Mapped[Key]
    order_id: Mapped[Ref] = mapped_column(ForeignKey("purchase.id"), index=True)
    performance_id: Mapped[Ref] = mapped_column(ForeignKey("performance.id"), index=True)
    external_id: Mapped[Code] = mapped_column(unique=True)
    category: Mapped[Line] = mapped_column(info=IMPERSONAL)
    seat: Mapped[Line] = mapped_column(info=IMPERSONAL)
    tariff: Mapped[Line] = mapped_column(info=IMPERSONAL)
    face_cents: Mapped[int]
    fee_cents: Mapped[int] = mapped_column(default=0)
    status: Mapped[Code] = mapped_column(default="valid")
    scanned_at: Mapped[datetime | None]

    order: Mapped[Order] = related("Order", back_populates="admissions")
    performance: Mapped[Performance] = related("Performance")
