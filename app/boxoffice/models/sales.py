"""What was sold: orders, how they were paid, and the admissions in them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.boxoffice.models.bill import Performance
from app.boxoffice.models.holders import Household
from app.kernel.db import Base, Code, Key, Line, Ref, related
from app.kernel.queries import only
from app.people.models import IMPERSONAL, PERSONAL


class Order(Base):
    """What a household bought at once."""

    __tablename__ = "purchase"
    __table_args__ = (UniqueConstraint("system", "code"), Index(None, "email"))

    id: Mapped[Key]
    system: Mapped[Code]
    code: Mapped[Code] = mapped_column(index=True)
    household_id: Mapped[Ref] = mapped_column(ForeignKey("household.id"), index=True)
    contact_id: Mapped[Ref | None] = mapped_column(ForeignKey("contact.id"), index=True)
    #: Normalised address given with the order.
    email: Mapped[str] = mapped_column(String(320), info=PERSONAL)
    ordered_at: Mapped[datetime]
    #: web, counter, phone, reseller or school.
    channel: Mapped[Code]
    status: Mapped[Code] = mapped_column(default="paid")
    total_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    #: Means of payment of the greatest part, and the last four digits of a card.
    tender: Mapped[Code] = mapped_column(default="card")
    card_last4: Mapped[str | None] = mapped_column(String(4), info=PERSONAL)

    household: Mapped[Household] = related("Household")
    admissions: Mapped[list[Admission]] = related("Admission", back_populates="order", order_by="Admission.id")
    payments: Mapped[list[Payment]] = related("Payment", back_populates="order", order_by="Payment.id")


class Payment(Base):
    """A part of an order's price, paid by one means. Units: cents."""

    __tablename__ = "payment"
    __table_args__ = (
        UniqueConstraint("order_id", "external_id"),
        CheckConstraint("amount_cents >= 0", name="amount"),
        CheckConstraint("refunded_cents BETWEEN 0 AND amount_cents", name="refunded"),
    )

    id: Mapped[Key]
    order_id: Mapped[Ref] = mapped_column(ForeignKey("purchase.id"))
    #: card, transfer, cheque, cash, giftcard, ancv, passculture, works_council, local, invoice or free.
    tender: Mapped[Code]
    amount_cents: Mapped[int]
    refunded_cents: Mapped[int] = mapped_column(default=0)
    external_id: Mapped[str] = mapped_column(String(80))
    paid_at: Mapped[datetime]
    refundable_until: Mapped[datetime | None]

    order: Mapped[Order] = related("Order", back_populates="payments")


class PaymentDispute(Base):
    """A payment by card that a bank was asked to take back: until that is over no card is credited with it."""

    __tablename__ = "payment_dispute"
    __table_args__ = (
        Index(None, "payment_id"),
        Index("uq_payment_dispute_live", "payment_id", unique=True, **only("ended_at IS NULL")),
        CheckConstraint("source IN ('file', 'agent')", name="source"),
    )

    id: Mapped[Key]
    payment_id: Mapped[Ref] = mapped_column(ForeignKey("payment.id"))
    #: Who says so: file (the ticketing system) or agent.
    source: Mapped[Code]
    reason: Mapped[Line] = mapped_column(info=PERSONAL)
    noted_at: Mapped[datetime]
    noted_by: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))


class Admission(Base):
    """What opens a door: one seat at one performance. Units: cents, VAT in hundredths of a per cent."""

    __tablename__ = "admission"
    __table_args__ = (
        UniqueConstraint("system", "external_id"),
        CheckConstraint("alloc_cents >= 0", name="alloc"),
        CheckConstraint("already_refunded_cents >= 0", name="already_refunded"),
        CheckConstraint("ticketing_fee_cents BETWEEN 0 AND fee_cents", name="ticketing_fee"),
    )

    id: Mapped[Key]
    order_id: Mapped[Ref] = mapped_column(ForeignKey("purchase.id"), index=True)
    performance_id: Mapped[Ref] = mapped_column(ForeignKey("performance.id"), index=True)
    #: The date it stood on before a file of the ticketing system brought it to this one.
    came_from_id: Mapped[Ref | None] = mapped_column(ForeignKey("performance.id"), default=None)
    system: Mapped[Code]
    external_id: Mapped[Code]
    category: Mapped[Line] = mapped_column(info=IMPERSONAL)
    seat: Mapped[Line] = mapped_column(info=IMPERSONAL)
    tariff: Mapped[Line] = mapped_column(info=IMPERSONAL)
    #: single, subscription, group or invitation.
    kind: Mapped[Code] = mapped_column(default="single")
    face_cents: Mapped[int]
    fee_cents: Mapped[int] = mapped_column(default=0)
    #: The part of the fees that the ticketing system kept; the rest is the house's.
    ticketing_fee_cents: Mapped[int] = mapped_column(default=0)
    vat_bp: Mapped[int] = mapped_column(default=550)
    #: What a seat inside a pass is worth; None where the face is.
    alloc_cents: Mapped[int | None]
    already_refunded_cents: Mapped[int] = mapped_column(default=0)
    #: How it was paid, as the ticketing system says it: tender to cents.
    tenders: Mapped[dict[str, Any]] = mapped_column(default=dict, info=IMPERSONAL)
    #: valid, used, cancelled, exchanged or resold.
    status: Mapped[Code] = mapped_column(default="valid")
    scanned_at: Mapped[datetime | None]
    #: The last four signs of its barcode, in capitals; empty where the ticketing system does not tell it. Never more:
    #: the whole opens a door.
    barcode_end: Mapped[str] = mapped_column(String(4), default="", info=PERSONAL)
    #: Whether the ticketing system says that a bank takes back what paid for it; None where it says nothing.
    disputed: Mapped[bool | None] = mapped_column(default=None)
    #: Further columns of the ticketing system, which we keep and do not read.
    extra: Mapped[dict[str, Any]] = mapped_column(default=dict, info=PERSONAL)

    order: Mapped[Order] = related("Order", back_populates="admissions")
    performance: Mapped[Performance] = related("Performance", foreign_keys="Admission.performance_id")
