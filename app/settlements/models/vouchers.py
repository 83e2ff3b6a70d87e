"""Vouchers: a code that is money, sealed; and what was used of each."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Code, Key, Ref
from app.people.models import PERSONAL


class Voucher(Base):
    """One voucher. Units: cents."""

    __tablename__ = "voucher"
    __table_args__ = (CheckConstraint("amount_cents > 0", name="amount"),)

    id: Mapped[Key]
    line_id: Mapped[Ref] = mapped_column(ForeignKey("settlement_line.id"), unique=True)
    #: Its code, sealed for its line; whoever holds it may spend it.
    code_sealed: Mapped[str] = mapped_column(info=PERSONAL)
    #: Keyed hash of the code, by which it is found.
    code_print: Mapped[str] = mapped_column(String(64), unique=True)
    amount_cents: Mapped[int]
    issued_at: Mapped[datetime]
    expires_on: Mapped[date | None]


class VoucherUse(Base):
    """What was used of a voucher, once for each reference. Units: cents. Only ever added."""

    __tablename__ = "voucher_use"
    __table_args__ = (
        UniqueConstraint("voucher_id", "reference"),
        Index(None, "voucher_id"),
        CheckConstraint("amount_cents > 0", name="amount"),
    )

    id: Mapped[Key]
    voucher_id: Mapped[Ref] = mapped_column(ForeignKey("voucher.id"))
    amount_cents: Mapped[int]
    at: Mapped[datetime]
    by_id: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))
    #: What it was used for: an order.
    reference: Mapped[Code]
