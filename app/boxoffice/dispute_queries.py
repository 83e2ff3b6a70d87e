"""Questions about payments by card that a bank was asked to take back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Row, and_, select

from app.boxoffice.models import Order, Payment, PaymentDispute
from app.kernel.db import session
from app.kernel.queries import read

#: A row of columns, by the names given to them.
Columns: TypeAlias = Row[*tuple[Any, ...]]
#: Payments shown at once.
_SHOWN = 200


def cards(household_ids: Iterable[int]) -> Sequence[Columns]:
    """What some records paid by card, the newest first, with the dispute that lives, if one does."""
    living = and_(PaymentDispute.payment_id == Payment.id, PaymentDispute.ended_at.is_(None))
    query = (
        select(
            Payment.id.label("payment_id"), Order.code, Order.ordered_at, Payment.amount_cents,
            Payment.refunded_cents, Order.currency, Order.card_last4, PaymentDispute.id.label("dispute_id"),
            PaymentDispute.source, PaymentDispute.reason, PaymentDispute.noted_at, PaymentDispute.noted_by,
        )
        .join(Order, Order.id == Payment.order_id).outerjoin(PaymentDispute, living)
        .where(Order.household_id.in_(list(household_ids)), Payment.tender == "card", Payment.amount_cents > 0)
        .order_by(Order.ordered_at.desc(), Payment.id.desc())
    )  # fmt: skip
    return read(query.limit(_SHOWN)).all()


def household_of_card(payment_id: int) -> int | None:
    """The record that paid something by card; its payment is held until the verb ends."""
    query = select(Order.household_id).join(Payment, Payment.order_id == Order.id)
    query = query.where(Payment.id == payment_id, Payment.tender == "card").with_for_update(of=Payment)
    return session.scalar(query)


def living(payment_id: int) -> PaymentDispute | None:
    """The dispute of a payment that is not over."""
    query = select(PaymentDispute).where(PaymentDispute.payment_id == payment_id, PaymentDispute.ended_at.is_(None))
    return session.scalar(query.execution_options(populate_existing=True))


def ever(payment_id: int) -> bool:
    """Whether a payment was ever disputed."""
    return read(select(PaymentDispute.id).where(PaymentDispute.payment_id == payment_id)).first() is not None
