"""What a campaign's credits, lines and files add up to, each asked for by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Row, and_, case, func, select
from sqlalchemy.orm import aliased

from app.boxoffice.models import Admission
from app.cancellations.models import Choice, ChoiceLine, Credit, CreditItem
from app.kernel.queries import read
from app.settlements.models import (
    SettlementBatch,
    SettlementFate,
    SettlementFile,
    SettlementLine,
    SettlementPart,
    SettlementPlace,
)

#: A row of columns, by the names given to them.
Columns: TypeAlias = Row[*tuple[Any, ...]]

_later = aliased(SettlementLine)
#: Lines that no other one follows: what is paid in the end.
_LAST = ~select(_later.id).where(_later.supersedes_id == SettlementLine.id).exists()
#: Where a credit stands as far as money is concerned.
STAND: ColumnElement[str] = case(
    (Credit.state.in_(("locked", "settled")), "lined"), (Credit.state == "answered", "answered"), else_="unclaimed"
)
#: Files that go beside the one that carries a batch out.
BESIDE = ("return", "letters", "sheet")


def _done() -> ColumnElement[bool]:
    done, back = aliased(SettlementFate), aliased(SettlementFate)
    return and_(
        select(done.id).where(done.line_id == SettlementLine.id, done.state == "done").exists(),
        ~select(back.id).where(back.line_id == SettlementLine.id, back.state == "rejected").exists(),
    )


def credits(campaign_id: int) -> dict[str, int]:
    """What living credits add up to, by where they stand: lined, answered, unclaimed. Units: cents."""
    query = select(STAND, func.sum(Credit.amount_cents)).where(*_mine(campaign_id)).group_by(STAND)
    return {row[0]: int(row[1]) for row in read(query)}


def lines_by_option(campaign_id: int) -> Sequence[Columns]:
    """Lines of money. Shape: rows (option, done, lines, cents)."""
    done = case((_done(), 1), else_=0).label("done")
    found = (
        select(SettlementLine.option, done, SettlementLine.amount_cents)
        .join(Credit, Credit.id == SettlementLine.credit_id).where(*_mine(campaign_id), _LAST).subquery()
    )  # fmt: skip
    query = select(
        found.c.option, found.c.done, func.count().label("lines"), func.sum(found.c.amount_cents).label("cents")
    )
    return read(query.group_by(found.c.option, found.c.done).order_by(found.c.option)).all()


def answered_by_option(campaign_id: int) -> dict[str, int]:
    """What was chosen and is not locked yet, by option. Units: cents."""
    query = (
        select(ChoiceLine.option, func.sum(ChoiceLine.amount_cents))
        .join(Choice, Choice.id == ChoiceLine.choice_id)
        .join(Credit, and_(Credit.id == Choice.credit_id, Credit.choice_version == Choice.version))
        .where(*_mine(campaign_id), Credit.state == "answered").group_by(ChoiceLine.option)
    )  # fmt: skip
    return {row[0]: int(row[1]) for row in read(query)}


def seats(campaign_id: int) -> Sequence[Columns]:
    """Seats of living credits. Shape: rows (performance_id, vat_bp, stand, cents)."""
    query = (
        select(
            Admission.performance_id, CreditItem.vat_bp, STAND.label("stand"),
            func.sum(CreditItem.amount_cents).label("cents"),
        )
        .join(Credit, Credit.id == CreditItem.credit_id).join(Admission, Admission.id == CreditItem.admission_id)
        .where(*_mine(campaign_id)).group_by(Admission.performance_id, CreditItem.vat_bp, STAND)
    )  # fmt: skip
    return read(query).all()


def parts(campaign_id: int) -> Sequence[Columns]:
    """Parts of lines of money. Shape: rows (performance_id, vat_bp, done, cents, vat_cents)."""
    done = case((_done(), 1), else_=0).label("done")
    found = (
        select(
            SettlementPart.performance_id, SettlementPart.vat_bp, done, SettlementPart.amount_cents,
            SettlementPart.vat_cents,
        )
        .join(SettlementLine, SettlementLine.id == SettlementPart.line_id)
        .join(Credit, Credit.id == SettlementLine.credit_id).where(*_mine(campaign_id), _LAST).subquery()
    )  # fmt: skip
    one = found.c
    query = select(
        one.performance_id, one.vat_bp, one.done, func.sum(one.amount_cents).label("cents"),
        func.sum(one.vat_cents).label("vat_cents"),
    )  # fmt: skip
    return read(query.group_by(one.performance_id, one.vat_bp, one.done)).all()


def credits_astray(campaign_id: int | None = None) -> int:
    """Locked credits whose lines do not make up what is owed; of one campaign, or of all."""
    sums = (
        select(SettlementLine.credit_id, func.sum(SettlementLine.amount_cents).label("cents")).where(_LAST)
        .group_by(SettlementLine.credit_id).subquery()
    )  # fmt: skip
    query = (
        select(func.count()).select_from(Credit).outerjoin(sums, sums.c.credit_id == Credit.id)
        .where(Credit.state.in_(("locked", "settled")), func.coalesce(sums.c.cents, 0) != Credit.amount_cents)
    )  # fmt: skip
    return int(read(query if campaign_id is None else query.where(Credit.campaign_id == campaign_id)).scalar_one())


def lines_astray() -> int:
    """Lines whose parts do not make them up, and lines in two batches."""
    sums = (
        select(SettlementPart.line_id, func.sum(SettlementPart.amount_cents).label("cents"))
        .group_by(SettlementPart.line_id).subquery()
    )  # fmt: skip
    parts = select(func.count()).select_from(SettlementLine).outerjoin(sums, sums.c.line_id == SettlementLine.id)
    twice = (
        select(SettlementPlace.line_id).where(SettlementPlace.live.is_(True)).group_by(SettlementPlace.line_id)
        .having(func.count() > 1).subquery()
    )  # fmt: skip
    wrong = parts.where(func.coalesce(sums.c.cents, 0) != SettlementLine.amount_cents)
    return int(read(wrong).scalar_one()) + int(read(select(func.count()).select_from(twice)).scalar_one())


def batches(campaign_id: int | None = None) -> Sequence[Columns]:
    """Batches that were not discarded, with what their lines add up to, what was done of them, and their file.

    Shape: rows (id, number, kind, state, total_cents, lines_cents, done_cents, file_id, file_kind, file_cents).
    """
    done = case((_done(), SettlementLine.amount_cents), else_=0)
    sums = (
        select(
            SettlementPlace.batch_id, func.sum(SettlementLine.amount_cents).label("cents"),
            func.sum(done).label("done"),
        )
        .join(SettlementLine, SettlementLine.id == SettlementPlace.line_id)
        .where(SettlementPlace.live.is_(True)).group_by(SettlementPlace.batch_id).subquery()
    )  # fmt: skip
    one = SettlementBatch
    query = (
        select(
            one.id, one.number, one.kind, one.state, one.total_cents, sums.c.cents.label("lines_cents"),
            sums.c.done.label("done_cents"), SettlementFile.id.label("file_id"),
            SettlementFile.kind.label("file_kind"), SettlementFile.total_cents.label("file_cents"),
        )
        .outerjoin(sums, sums.c.batch_id == one.id).outerjoin(
            SettlementFile, and_(SettlementFile.batch_id == one.id, SettlementFile.kind.not_in(BESIDE))
        )
        .where(one.state != "discarded").order_by(one.id)
    )  # fmt: skip
    return read(query if campaign_id is None else query.where(one.campaign_id == campaign_id)).all()


def _mine(campaign_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Credit.campaign_id == campaign_id, Credit.state != "void"
