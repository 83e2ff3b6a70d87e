"""A payment by card that its holder asked their bank to take back, as colleagues note it, and undo it.

What a file of the ticketing system says of it is written by the import; a colleague's word stands whatever the next
file says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.boxoffice import dispute_queries as queries
from app.boxoffice.events import PaymentDisputed, PaymentUndisputed
from app.boxoffice.models import PaymentDispute
from app.boxoffice.own import own_households
from app.kernel import audit, clock
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.kernel.transaction import publish, transactional

#: Characters of a reason.
LONGEST = 255


@dataclass(frozen=True, slots=True)
class CardPayment:
    """A payment by card of an order. Cents.

    `source` is file or agent while a bank is asked to take it back, else empty; then `dispute_id` is 0.
    """

    payment_id: int
    order_code: str
    ordered_at: datetime
    cents: int
    refunded_cents: int
    currency: str
    card_last4: str
    dispute_id: int
    source: str
    reason: str
    noted_at: datetime | None
    noted_by: int | None


def cards_of(household_ids: Sequence[int], *, by: Actor) -> list[CardPayment]:
    """What some records paid by card, the newest first, disputed or not.

    Raises:
        Forbidden: the actor may not read orders.
    """
    by.must(Permission.ORDER_READ)
    return [
        CardPayment(
            row.payment_id, row.code, row.ordered_at, row.amount_cents, row.refunded_cents, row.currency,
            row.card_last4 or "", row.dispute_id or 0, row.source or "", row.reason or "", row.noted_at, row.noted_by,
        )
        for row in queries.cards(household_ids)
    ]  # fmt: skip


@transactional
def dispute(payment_id: int, reason: str, *, by: Actor) -> None:
    """Note that a bank was asked to take a payment back; said twice, it was said once.

    Raises:
        Invalid: field `reason`.
        NotFound: there is no such payment by card.
        Forbidden: it is the colleague's own household.
    """
    said = reason.replace("\x00", "").strip()
    if not said or len(said) > LONGEST:
        raise Invalid({"reason": "too_long" if said else "empty"})
    _reached(payment_id, by)
    if queries.living(payment_id) is not None:
        return
    session.add(
        PaymentDispute(
            payment_id=payment_id, source="agent", reason=said, noted_at=clock.now(), noted_by=by.person_id,
            ended_at=None, ended_by=None,
        )
    )  # fmt: skip
    audit.note("payment_disputed", f"payment:{payment_id}", {"source": "agent"}, by=by)
    publish(PaymentDisputed(payment_id=payment_id), by=by)


@transactional
def undo(payment_id: int, *, by: Actor) -> None:
    """Note that no bank takes a payment back, any more or ever; said twice, it was said once.

    Raises:
        NotFound: there is no such payment by card.
        Conflict: `not_disputed`, it never was.
        Forbidden: it is the colleague's own household.
    """
    _reached(payment_id, by)
    row = queries.living(payment_id)
    if row is None:
        if not queries.ever(payment_id):
            raise Conflict("not_disputed")
        return
    row.ended_at, row.ended_by = clock.now(), by.person_id
    audit.note("payment_undisputed", f"payment:{payment_id}", {"source": row.source}, by=by)
    publish(PaymentUndisputed(payment_id=payment_id), by=by)


def _reached(payment_id: int, by: Actor) -> None:
    by.must(Permission.CHOICE_FOR_OTHERS)
    household_id = queries.household_of_card(payment_id)
    if household_id is None:
        raise NotFound("payment")
    if by.person_id is None or own_households([household_id], by):
        raise Forbidden("own_household")
