"""Receipts of gifts: the right that a house asserts to give them, and each receipt as it was given, for ever."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Code, Key, Line, Ref
from app.people.models import IMPERSONAL, PERSONAL


class ReceiptRight(Base):
    """What a house says of its right to give receipts; the newest holds. Only ever added."""

    __tablename__ = "receipt_right"
    __table_args__ = (
        CheckConstraint("NOT asserted OR (statute <> '' AND object <> '' AND articles <> '')", name="said"),
    )

    id: Mapped[Key]
    #: False where the right was taken back: no receipt is given any more.
    asserted: Mapped[bool]
    #: What the house is, what it is for, and by which articles of the tax code gifts to it are deducted.
    statute: Mapped[Line] = mapped_column(default="", info=IMPERSONAL)
    object: Mapped[Line] = mapped_column(default="", info=IMPERSONAL)
    articles: Mapped[Line] = mapped_column(default="", info=IMPERSONAL)
    #: The tax office's own word about it, if there is one.
    ruling: Mapped[Line] = mapped_column(default="", info=IMPERSONAL)
    #: Who signs, and as what.
    signer: Mapped[Line] = mapped_column(default="", info=PERSONAL)
    signer_role: Mapped[Line] = mapped_column(default="", info=IMPERSONAL)
    #: Why it is said, or taken back.
    reason: Mapped[Line] = mapped_column(default="", info=IMPERSONAL)
    by_id: Mapped[Ref] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class ReceiptSerial(Base):
    """The last number given in a year; no gaps, for it is taken in the transaction that uses it."""

    __tablename__ = "receipt_serial"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class GiftReceipt(Base):
    """A receipt as it was given: who gave what and when, and the bytes of both its forms. Cents. Only ever added."""

    __tablename__ = "gift_receipt"
    __table_args__ = (UniqueConstraint("year", "serial"), CheckConstraint("amount_cents > 0", name="amount"))

    id: Mapped[Key]
    year: Mapped[int]
    serial: Mapped[int]
    number: Mapped[Code] = mapped_column(unique=True)
    credit_id: Mapped[Ref] = mapped_column(ForeignKey("credit.id"), index=True)
    #: A gift has one receipt.
    line_id: Mapped[Ref] = mapped_column(ForeignKey("settlement_line.id"), unique=True)
    right_id: Mapped[Ref] = mapped_column(ForeignKey("receipt_right.id"))
    amount_cents: Mapped[int]
    given_on: Mapped[date]
    #: The donor as they said they are, when it was given.
    donor_name: Mapped[Line] = mapped_column(info=PERSONAL)
    donor: Mapped[dict[str, Any]] = mapped_column(info=PERSONAL)
    #: Its bytes, sealed for its number; never made again.
    pdf_sealed: Mapped[str] = mapped_column(info=PERSONAL)
    pdf_sha256: Mapped[str] = mapped_column(String(64))
    page_sealed: Mapped[str] = mapped_column(info=PERSONAL)
    page_sha256: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    made_by: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))
