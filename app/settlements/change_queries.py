"""Questions about locked lines that must change: where one stands, and what waits for a second person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from sqlalchemy import Row, and_, func, select
from sqlalchemy.orm import aliased

from app.boxoffice.models import Household
from app.cancellations.models import Counter, Credit, Payee
from app.kernel.db import session
from app.kernel.queries import read
from app.settlements.models import (
    GiftReceipt,
    SettlementBatch,
    SettlementChange,
    SettlementLine,
    SettlementPlace,
    Voucher,
    VoucherUse,
)

#: A row of columns, by the names given to them.
Columns: TypeAlias = Row[*tuple[Any, ...]]


def line_referenced(campaign_id: int, reference: str) -> int | None:
    """A line of a campaign by what it is called."""
    query = select(SettlementLine.id).join(Credit, Credit.id == SettlementLine.credit_id)
    query = query.where(SettlementLine.reference == reference, Credit.campaign_id == campaign_id)
    return read(query).scalar_one_or_none()


def follower(line_id: int) -> str | None:
    """What the line that follows another one is called."""
    query = select(SettlementLine.reference).where(SettlementLine.supersedes_id == line_id)
    return read(query).scalar_one_or_none()


def batch_of(line_id: int) -> int | None:
    """The batch in which a line stands."""
    query = select(SettlementPlace.batch_id)
    query = query.where(SettlementPlace.line_id == line_id, SettlementPlace.live.is_(True))
    return read(query).scalar_one_or_none()


def receipt_of(line_id: int) -> str | None:
    """The number of the receipt that was given for a gift."""
    return read(select(GiftReceipt.number).where(GiftReceipt.line_id == line_id)).scalar_one_or_none()


def spent(line_id: int) -> bool:
    """Whether anything was used of the voucher of a line."""
    query = select(VoucherUse.id).join(Voucher, Voucher.id == VoucherUse.voucher_id).where(Voucher.line_id == line_id)
    return read(query.limit(1)).first() is not None


def last_by_option(credit_id: int) -> dict[str, int]:
    """What a credit comes to by the lines that hold, by option. Units: cents."""
    later = aliased(SettlementLine)
    followed = select(later.id).where(later.supersedes_id == SettlementLine.id).exists()
    query = select(SettlementLine.option, func.sum(SettlementLine.amount_cents))
    query = query.where(SettlementLine.credit_id == credit_id, ~followed).group_by(SettlementLine.option)
    return {row[0]: int(row[1]) for row in read(query)}


def change_to_decide(change_id: int) -> SettlementChange | None:
    """One change as it stands now, held until the verb ends."""
    return session.get(SettlementChange, change_id, with_for_update=True, populate_existing=True)


def is_open(line_id: int) -> bool:
    """Whether somebody asks for a line to be changed."""
    query = select(SettlementChange.id).where(SettlementChange.line_id == line_id, SettlementChange.decision == "")
    return read(query.limit(1)).first() is not None


def open_in(batch_id: int) -> bool:
    """Whether somebody asks for a line of a batch to be changed."""
    query = (
        select(SettlementChange.id).join(SettlementPlace, SettlementPlace.line_id == SettlementChange.line_id)
        .where(
            SettlementPlace.batch_id == batch_id, SettlementPlace.live.is_(True), SettlementChange.decision == ""
        )
    )  # fmt: skip
    return read(query.limit(1)).first() is not None


def waiting(campaign_id: int, limit: int) -> Sequence[Columns]:
    """Changes that wait for a second person, the oldest first."""
    before, after = aliased(Payee), aliased(Payee)
    placed = and_(SettlementPlace.line_id == SettlementLine.id, SettlementPlace.live.is_(True))
    query = (
        select(
            SettlementChange.id, SettlementChange.reason, SettlementChange.note, SettlementChange.option,
            SettlementChange.asked_by, SettlementChange.asked_at, SettlementLine.reference,
            SettlementLine.amount_cents, SettlementLine.option.label("before_option"), Credit.number,
            Credit.person_id, Credit.household_id, Household.name.label("household"),
            before.name.label("before_name"), before.iban_masked.label("before_masked"), after.name, after.iban_masked,
            Counter.name.label("counter"), SettlementBatch.number.label("batch"),
        )
        .join(SettlementLine, SettlementLine.id == SettlementChange.line_id)
        .join(Credit, Credit.id == SettlementLine.credit_id).join(Household, Household.id == Credit.household_id)
        .outerjoin(before, before.id == SettlementLine.payee_id).outerjoin(after, after.id == SettlementChange.payee_id)
        .outerjoin(Counter, Counter.id == SettlementChange.counter_id)
        .outerjoin(SettlementPlace, placed).outerjoin(SettlementBatch, SettlementBatch.id == SettlementPlace.batch_id)
        .where(Credit.campaign_id == campaign_id, SettlementChange.decision == "")
        .order_by(SettlementChange.id).limit(limit)
    )  # fmt: skip
    return read(query).all()
