"""Questions about batches, and how they are written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias, cast

from sqlalchemy import Row, Table, and_, func, or_, select, update

from app.boxoffice.models import PaymentDispute
from app.cancellations.choices import MONEY
from app.cancellations.models import Credit, CreditBucket, Payee
from app.kernel.db import session
from app.kernel.queries import read, write
from app.settlements.models import BatchSerial, SettlementBatch, SettlementLine, SettlementPlace, SettlementReview

#: A row of columns, by the names given to them.
Columns: TypeAlias = Row[*tuple[Any, ...]]

_serials = cast(Table, BatchSerial.__table__)
_places = cast(Table, SettlementPlace.__table__)


def take_serial(kind: str, year: int) -> int:
    """Take the next number of a kind of batch in a year. Held until the verb ends."""
    mine = (_serials.c.kind == kind, _serials.c.year == year)
    more = update(_serials).where(*mine).values(last=_serials.c.last + 1).returning(_serials.c.last)
    taken = session.connection().execute(more).scalar_one_or_none()
    if taken is None:
        write(BatchSerial, [{"kind": kind, "year": year, "last": 1}])
        taken = 1
    return int(taken)


def write_places(batch_id: int, line_ids: Iterable[int]) -> None:
    """Put lines into a batch, in order."""
    write(SettlementPlace, [
        {"batch_id": batch_id, "position": place, "line_id": line_id, "live": True}
        for place, line_id in enumerate(line_ids, start=1)
    ])  # fmt: skip


def disputed(batch_id: int) -> Sequence[Columns]:
    """Lines in a batch that pay again what a bank is asked to take back. Shape: rows (signs, decided_at, noted_at)."""
    one, why = SettlementLine, PaymentDispute
    query = (
        select(SettlementReview.signs, SettlementReview.decided_at, why.noted_at)
        .select_from(SettlementPlace).join(one, one.id == SettlementPlace.line_id)
        .join(CreditBucket, and_(CreditBucket.credit_id == one.credit_id, CreditBucket.kind == "card"))
        .join(why, and_(why.payment_id == CreditBucket.payment_id, why.ended_at.is_(None)))
        .outerjoin(SettlementReview, SettlementReview.line_id == one.id)
        .where(
            SettlementPlace.batch_id == batch_id, SettlementPlace.live.is_(True), one.option.in_(MONEY),
            or_(one.payment_id.is_(None), one.payment_id == why.payment_id),
        )
    )  # fmt: skip
    return read(query).all()


def leave(batch_id: int) -> None:
    """Take every line out of a batch, for another one."""
    session.connection().execute(update(_places).where(_places.c.batch_id == batch_id).values(live=False))


def batch(batch_id: int) -> SettlementBatch | None:
    """One batch, to look at."""
    return session.get(SettlementBatch, batch_id)


def batch_to_change(batch_id: int) -> SettlementBatch | None:
    """One batch as it stands now, held until the verb ends."""
    return session.get(SettlementBatch, batch_id, with_for_update=True, populate_existing=True)


def batch_numbered(number: str) -> int | None:
    """The batch of a number."""
    return read(select(SettlementBatch.id).where(SettlementBatch.number == number)).scalar_one_or_none()


def batches(campaign_id: int, states: Iterable[str] = ()) -> Sequence[SettlementBatch]:
    """Batches of a campaign, the oldest first; all, or those in some states."""
    query = select(SettlementBatch).where(SettlementBatch.campaign_id == campaign_id).order_by(SettlementBatch.id)
    wanted = list(states)
    return session.scalars(query.where(SettlementBatch.state.in_(wanted)) if wanted else query).all()


def batches_before(campaign_id: int, before: int | None, limit: int) -> Sequence[SettlementBatch]:
    """Batches of a campaign, the newest first, from before one of them."""
    query = select(SettlementBatch).where(SettlementBatch.campaign_id == campaign_id)
    if before is not None:
        query = query.where(SettlementBatch.id < before)
    return session.scalars(query.order_by(SettlementBatch.id.desc()).limit(limit)).all()


def counts(campaign_id: int) -> dict[str, int]:
    """How many batches of a campaign stand in each state."""
    query = select(SettlementBatch.state, func.count()).where(SettlementBatch.campaign_id == campaign_id)
    return {row[0]: int(row[1]) for row in read(query.group_by(SettlementBatch.state))}


def kinds_of(batch_ids: Iterable[int]) -> dict[int, str]:
    """Of what kind some batches are."""
    query = select(SettlementBatch.id, SettlementBatch.kind).where(SettlementBatch.id.in_(list(batch_ids)))
    return {row[0]: str(row[1]) for row in read(query)}


def placed(batch_id: int) -> Sequence[Columns]:
    """Lines of a batch as they were agreed to. Shape: rows (id, option, amount_cents, reference, print), in order."""
    query = (
        select(
            SettlementLine.id, SettlementLine.option, SettlementLine.amount_cents, SettlementLine.reference,
            Payee.print,
        )
        .join(SettlementPlace, SettlementPlace.line_id == SettlementLine.id)
        .outerjoin(Payee, Payee.id == SettlementLine.payee_id)
        .where(SettlementPlace.batch_id == batch_id, SettlementPlace.live.is_(True))
        .order_by(SettlementPlace.position)
    )  # fmt: skip
    return read(query).all()


def paid(batch_ids: Iterable[int]) -> Sequence[Columns]:
    """Households that batches pay. Shape: rows (batch_id, household_id, person_id its letters go to)."""
    query = (
        select(SettlementPlace.batch_id, Credit.household_id, Credit.person_id)
        .select_from(Credit).join(SettlementLine, SettlementLine.credit_id == Credit.id)
        .join(SettlementPlace, SettlementPlace.line_id == SettlementLine.id)
        .where(SettlementPlace.batch_id.in_(list(batch_ids))).distinct()
    )  # fmt: skip
    return read(query).all()
