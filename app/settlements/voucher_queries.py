"""Questions about vouchers and what was used of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Row, and_, func, select
from sqlalchemy.orm import aliased

from app.cancellations.models import Credit
from app.kernel.db import session
from app.kernel.queries import read, write_numbered
from app.settlements.models import SettlementFate, SettlementLine, SettlementPlace, Voucher, VoucherUse

#: A row of columns, by the names given to them.
Columns: TypeAlias = Row[*tuple[Any, ...]]


def by_print(print_: str, *, held: bool) -> Voucher | None:
    """A voucher by what its code is found by; held until the verb ends, if asked."""
    query = select(Voucher).where(Voucher.code_print == print_)
    return session.scalar(query.with_for_update() if held else query)


def of_line(line_id: int) -> Voucher | None:
    """The voucher of a line, held until the verb ends."""
    return session.scalar(select(Voucher).where(Voucher.line_id == line_id).with_for_update())


def is_withdrawn(line_id: int) -> bool:
    """Whether the line of a voucher was ended, and another one paid instead."""
    query = select(SettlementFate.id).where(
        SettlementFate.line_id == line_id, SettlementFate.state.in_(("rejected", "cancelled"))
    )
    return read(query.limit(1)).first() is not None


def _withdrawn() -> ColumnElement[bool]:
    back = aliased(SettlementFate)
    return select(back.id).where(back.line_id == Voucher.line_id, back.state == "rejected").correlate(Voucher).exists()


def of_credit(credit_id: int) -> Sequence[Voucher]:
    """Vouchers of a credit whose batch was carried out, the oldest first."""
    query = (
        select(Voucher).join(SettlementLine, SettlementLine.id == Voucher.line_id)
        .join(SettlementFate, and_(SettlementFate.line_id == Voucher.line_id, SettlementFate.state == "done"))
        .where(SettlementLine.credit_id == credit_id, ~_withdrawn()).order_by(Voucher.id)
    )  # fmt: skip
    return session.scalars(query).all()


def credit_and_used(voucher_id: int) -> tuple[Columns, int]:
    """The credit a voucher comes from (id, number), and what was used of it. Units: cents."""
    credit = (
        select(Credit.id, Credit.number).join(SettlementLine, SettlementLine.credit_id == Credit.id)
        .join(Voucher, Voucher.line_id == SettlementLine.id).where(Voucher.id == voucher_id)
    )  # fmt: skip
    used = select(func.sum(VoucherUse.amount_cents)).where(VoucherUse.voucher_id == voucher_id)
    return read(credit).one(), int(read(used).scalar_one() or 0)


def used_for(voucher_id: int, reference: str) -> int | None:
    """What an order used of a voucher. Units: cents."""
    query = select(VoucherUse.amount_cents)
    query = query.where(VoucherUse.voucher_id == voucher_id, VoucherUse.reference == reference)
    return read(query).scalar_one_or_none()


def uses(voucher_id: int) -> Sequence[Columns]:
    """What was used of a voucher, the oldest first. Shape: rows (at, amount_cents, reference)."""
    query = select(VoucherUse.at, VoucherUse.amount_cents, VoucherUse.reference)
    return read(query.where(VoucherUse.voucher_id == voucher_id).order_by(VoucherUse.id)).all()


def carried_out(batch_id: int, *, after: int, limit: int) -> Sequence[Columns]:
    """The next credits with vouchers of a batch. Shape: rows (credit_id, voucher_id, amount_cents, expires_on)."""
    query = (
        select(
            SettlementLine.credit_id, func.max(Voucher.id).label("voucher_id"),
            func.sum(Voucher.amount_cents).label("amount_cents"), func.min(Voucher.expires_on).label("expires_on"),
        )
        .join(Voucher, Voucher.line_id == SettlementLine.id)
        .join(SettlementPlace, SettlementPlace.line_id == SettlementLine.id)
        .where(
            SettlementPlace.batch_id == batch_id, SettlementPlace.live.is_(True), SettlementLine.credit_id > after
        )
        .group_by(SettlementLine.credit_id).order_by(SettlementLine.credit_id).limit(limit)
    )  # fmt: skip
    return read(query).all()


def ending(first: date, last: date, *, issued_before: datetime, after: int, limit: int) -> Sequence[Columns]:
    """The next credits with vouchers that end within some days and were there before a moment.

    Shape: rows (credit_id, expires_on, amount_cents, left_cents); of several ends of a credit the first.
    """
    used = (
        select(func.coalesce(func.sum(VoucherUse.amount_cents), 0)).where(VoucherUse.voucher_id == Voucher.id)
        .correlate(Voucher).scalar_subquery()
    )  # fmt: skip
    each = (
        select(
            SettlementLine.credit_id, Voucher.expires_on, Voucher.amount_cents,
            (Voucher.amount_cents - used).label("left"),
        )
        .join(SettlementLine, SettlementLine.id == Voucher.line_id)
        .join(SettlementFate, and_(SettlementFate.line_id == Voucher.line_id, SettlementFate.state == "done"))
        .where(Voucher.expires_on >= first, Voucher.expires_on <= last, Voucher.issued_at <= issued_before)
        .where(SettlementLine.credit_id > after, ~_withdrawn()).subquery()
    )  # fmt: skip
    query = (
        select(
            each.c.credit_id, func.min(each.c.expires_on).label("expires_on"),
            func.sum(each.c.amount_cents).label("amount_cents"), func.sum(each.c.left).label("left_cents"),
        )
        .group_by(each.c.credit_id).order_by(each.c.credit_id).limit(limit)
    )  # fmt: skip
    return read(query).all()


def write_use(voucher_id: int, cents: int, reference: str, at: datetime, by_id: int | None) -> int:
    """Note what was used; returns its id."""
    row = {"voucher_id": voucher_id, "amount_cents": cents, "at": at, "by_id": by_id, "reference": reference}
    return write_numbered(VoucherUse, [row])[0]
