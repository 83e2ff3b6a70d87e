"""Questions about vouchers and what was used of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, func, select

from app.cancellations.models import Credit
from app.kernel.db import session
from app.kernel.queries import read, write
from app.settlements.models import SettlementFate, SettlementLine, Voucher, VoucherUse


def by_print(print_: str, *, held: bool) -> Voucher | None:
    """A voucher by what its code is found by; held until the verb ends, if asked."""
    query = select(Voucher).where(Voucher.code_print == print_)
    return session.scalar(query.with_for_update() if held else query)


def of_credit(credit_id: int) -> Sequence[Voucher]:
    """Vouchers of a credit whose batch was carried out, the oldest first."""
    query = (
        select(Voucher).join(SettlementLine, SettlementLine.id == Voucher.line_id)
        .join(SettlementFate, and_(SettlementFate.line_id == Voucher.line_id, SettlementFate.state == "done"))
        .where(SettlementLine.credit_id == credit_id).order_by(Voucher.id)
    )  # fmt: skip
    return session.scalars(query).all()


def credit_and_used(voucher_id: int) -> tuple[str, int]:
    """The number of the credit a voucher comes from, and what was used of it. Units: cents."""
    credit = (
        select(Credit.number).join(SettlementLine, SettlementLine.credit_id == Credit.id)
        .join(Voucher, Voucher.line_id == SettlementLine.id).where(Voucher.id == voucher_id)
    )  # fmt: skip
    used = select(func.sum(VoucherUse.amount_cents)).where(VoucherUse.voucher_id == voucher_id)
    return str(read(credit).scalar_one()), int(read(used).scalar_one() or 0)


def used_for(voucher_id: int, reference: str) -> int | None:
    """What an order used of a voucher. Units: cents."""
    query = select(VoucherUse.amount_cents)
    query = query.where(VoucherUse.voucher_id == voucher_id, VoucherUse.reference == reference)
    return read(query).scalar_one_or_none()


def write_use(voucher_id: int, cents: int, reference: str, at: datetime, by_id: int | None) -> None:
    """Note what was used."""
    row = {"voucher_id": voucher_id, "amount_cents": cents, "at": at, "by_id": by_id, "reference": reference}
    write(VoucherUse, [row])
