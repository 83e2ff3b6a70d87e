"""Questions about receipts of gifts: who may give them, which are due, and those that were given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, cast

from sqlalchemy import Row, Select, Table, and_, func, select, update
from sqlalchemy.orm import aliased

from app.cancellations.choices import GIFT
from app.cancellations.models import Choice, ChoiceLine, Credit, Payee
from app.kernel.db import session
from app.kernel.queries import read, write, write_numbered
from app.settlements.models import GiftReceipt, ReceiptRight, ReceiptSerial, SettlementFate, SettlementLine

#: A row of columns, by the names given to them.
Columns: TypeAlias = Row[*tuple[Any, ...]]

_serials = cast(Table, ReceiptSerial.__table__)


def right() -> ReceiptRight | None:
    """What the house said last of its right."""
    return session.scalar(select(ReceiptRight).order_by(ReceiptRight.id.desc()).limit(1))


def rights(limit: int) -> Sequence[Columns]:
    """What the house said of its right, the newest first."""
    one = ReceiptRight
    query = select(one.asserted, one.articles, one.ruling, one.signer, one.reason, one.by_id, one.at)
    return read(query.order_by(one.id.desc()).limit(limit)).all()


def years() -> Sequence[Columns]:
    """Years of which receipts bear numbers, the newest first. Shape: rows (year, many, cents). Units: cents."""
    one = GiftReceipt
    query = select(one.year, func.count().label("many"), func.sum(one.amount_cents).label("cents"))
    return read(query.group_by(one.year).order_by(one.year.desc())).all()


def of_year(year: int, after: int, limit: int | None) -> Sequence[Columns]:
    """Receipts of a year after a serial, without their bytes, by number."""
    query = _given().where(GiftReceipt.year == year, GiftReceipt.serial > after)
    return read(query.limit(limit)).all()


def waiting() -> Sequence[Columns]:
    """Campaigns with gifts that were carried out and of which a receipt was asked and none given.

    Shape: rows (campaign_id, many).
    """
    rows = _due().subquery()
    return read(
        select(rows.c.campaign_id, func.count().label("many")).group_by(rows.c.campaign_id).order_by(rows.c.campaign_id)
    ).all()  # fmt: skip


def write_right(row: Mapping[str, Any]) -> None:
    """Note what the house says of its right."""
    write(ReceiptRight, [row])


def take_serial(year: int) -> int:
    """The next number of a year, without gaps; held until the verb ends."""
    more = update(_serials).where(_serials.c.year == year).values(last=_serials.c.last + 1)
    taken = session.connection().execute(more.returning(_serials.c.last)).scalar_one_or_none()
    if taken is None:
        write(ReceiptSerial, [{"year": year, "last": 1}])
    return int(taken or 1)


def due(campaign_id: int, *, limit: int) -> Sequence[Columns]:
    """The next gifts that were carried out, of which a receipt was asked and none given.

    Shape: rows (line_id, credit_id, number, amount_cents, donor_name, donor, given_at).
    """
    return read(_due().where(Credit.campaign_id == campaign_id).order_by(SettlementLine.id).limit(limit)).all()


def _due() -> Select[*tuple[Any, ...]]:
    back = aliased(SettlementFate)
    return (
        select(
            SettlementLine.id.label("line_id"), Credit.id.label("credit_id"), Credit.number, Credit.campaign_id,
            SettlementLine.amount_cents, Payee.name.label("donor_name"), Payee.details.label("donor"),
            Choice.at.label("given_at"),
        )
        .join(Credit, Credit.id == SettlementLine.credit_id)
        .join(Payee, Payee.id == SettlementLine.donor_id)
        .join(ChoiceLine, ChoiceLine.id == SettlementLine.choice_line_id)
        .join(Choice, Choice.id == ChoiceLine.choice_id)
        .join(SettlementFate, and_(SettlementFate.line_id == SettlementLine.id, SettlementFate.state == "done"))
        .outerjoin(back, and_(back.line_id == SettlementLine.id, back.state == "rejected"))
        .outerjoin(GiftReceipt, GiftReceipt.line_id == SettlementLine.id)
        .where(SettlementLine.option == GIFT, GiftReceipt.id.is_(None), back.id.is_(None))
    )  # fmt: skip


def keep(row: Mapping[str, Any]) -> int:
    """Keep a receipt for ever; returns its id."""
    return write_numbered(GiftReceipt, [row])[0]


def _given() -> Select[*tuple[Any, ...]]:
    one = GiftReceipt
    return select(
        one.number, one.serial, one.credit_id, one.amount_cents, one.given_on, one.donor_name, one.made_at,
        one.pdf_sha256, one.page_sha256,
    ).order_by(one.year, one.serial)  # fmt: skip


def of_campaign(campaign_id: int) -> Sequence[Columns]:
    """Receipts of a campaign, without their bytes, by number."""
    return read(
        _given().join(Credit, Credit.id == GiftReceipt.credit_id).where(Credit.campaign_id == campaign_id)
    ).all()


def of_credit(credit_id: int) -> Sequence[Columns]:
    """Receipts of a credit, without their bytes, by number."""
    return read(_given().where(GiftReceipt.credit_id == credit_id)).all()


def receipt(number: str) -> GiftReceipt | None:
    """One receipt with its bytes."""
    return session.scalar(select(GiftReceipt).where(GiftReceipt.number == number))


def totals(year: int) -> tuple[int, int]:
    """How many receipts were given for gifts of a year's numbers, and what they add up to. Units: cents."""
    query = select(func.count(), func.coalesce(func.sum(GiftReceipt.amount_cents), 0)).where(GiftReceipt.year == year)
    many, cents = read(query).one()
    return int(many), int(cents)
