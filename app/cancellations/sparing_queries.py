"""Questions about performances that take place after all, and the credits that hold their seats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias, cast

from sqlalchemy import Row, Select, Table, delete, func, select, update

from app.boxoffice.models import Admission, Household, Payment
from app.cancellations.models import (
    CampaignSpare,
    Credit,
    CreditBucket,
    CreditItem,
    CreditLeftOut,
    CreditLetter,
)
from app.kernel.db import session
from app.kernel.queries import read, write

#: A row of columns, by the names given to them.
Columns: TypeAlias = Row[*tuple[Any, ...]]

_items, _buckets = cast(Table, CreditItem.__table__), cast(Table, CreditBucket.__table__)
_left_out = cast(Table, CreditLeftOut.__table__)
#: States of a credit that is not corrected any more by itself.
FIXED = ("locked", "settled", "void")


def spared(campaign_id: int, performance_id: int) -> CampaignSpare | None:
    """A performance that was taken out of a campaign."""
    return session.get(CampaignSpare, (campaign_id, performance_id), populate_existing=True)


def spares(campaign_id: int) -> Sequence[Columns]:
    """Performances that were taken out of a campaign, the latest first. Shape: the fields of `spares.Spared`."""
    one = CampaignSpare
    query = select(one.performance_id, one.why, one.by_id, one.at).where(one.campaign_id == campaign_id)
    return read(query.order_by(one.at.desc(), one.performance_id)).all()


def concerned(campaign_id: int, performance_id: int) -> dict[str, int]:
    """How many credits in each state hold seats of a performance."""
    query = _holding(Credit.state, func.count(Credit.id.distinct())).where(
        Credit.campaign_id == campaign_id, Admission.performance_id == performance_id
    )
    return {row[0]: row[1] for row in read(query.group_by(Credit.state))}


def last_spared(credit_id: int) -> datetime | None:
    """When seats last left a credit, since their performance takes place."""
    query = select(func.max(CreditItem.spared_at)).where(CreditItem.credit_id == credit_id)
    found: datetime | None = read(query).scalar_one()
    return found


def to_correct(campaign_id: int, performance_id: int, *, after: int, limit: int) -> list[int]:
    """The next credits that hold seats of a performance and are not locked."""
    query = _holding(Credit.id.label("id")).where(
        Credit.campaign_id == campaign_id, Admission.performance_id == performance_id, Credit.state.not_in(FIXED)
    )
    return [row[0] for row in read(query.where(Credit.id > after).distinct().order_by(Credit.id).limit(limit))]


def holding_spared(campaign_id: int) -> set[int]:
    """Answered credits that still hold seats of a spared performance: the worker has not come by."""
    query = _holding(Credit.id).join(
        CampaignSpare,
        (CampaignSpare.campaign_id == Credit.campaign_id) & (CampaignSpare.performance_id == Admission.performance_id),
    )
    return {row[0] for row in read(query.where(Credit.campaign_id == campaign_id, Credit.state == "answered"))}


def kept(campaign_id: int) -> Sequence[Columns]:
    """Locked credits that hold seats of spared performances. Shape: the fields of `sparing.Kept`."""
    cents = func.sum(CreditItem.amount_cents)
    query = (
        _holding(Credit.number, Household.code, Admission.performance_id, Credit.state, func.count(), cents)
        .join(Household, Household.id == Credit.household_id)
        .join(
            CampaignSpare,
            (CampaignSpare.campaign_id == Credit.campaign_id)
            & (CampaignSpare.performance_id == Admission.performance_id),
        )
        .where(Credit.campaign_id == campaign_id, Credit.state.in_(("locked", "settled")))
        .group_by(Credit.number, Household.code, Admission.performance_id, Credit.state)
    )
    return read(query.order_by(Credit.number, Admission.performance_id)).all()


def _holding(*columns: Any) -> Select[*tuple[Any, ...]]:  # noqa: ANN401 - columns of any type
    """Credits with the seats that they hold."""
    return (
        select(*columns).select_from(CreditItem).join(Credit, Credit.id == CreditItem.credit_id)
        .join(Admission, Admission.id == CreditItem.admission_id).where(CreditItem.live.is_(True))
    )  # fmt: skip


def seats(credit_id: int) -> Sequence[Columns]:
    """The seats that a credit holds. Shape: the fields of `lessening.Seat`."""
    query = (
        select(
            CreditItem.id, CreditItem.admission_id, Admission.order_id, Admission.performance_id,
            CreditItem.amount_cents, CreditItem.external_cents, CreditItem.vat_bp,
        )
        .join(Admission, Admission.id == CreditItem.admission_id)
        .where(CreditItem.credit_id == credit_id, CreditItem.live.is_(True))
    )  # fmt: skip
    return read(query.order_by(CreditItem.id)).all()


def parts(credit_id: int) -> Sequence[Columns]:
    """What a credit was paid with. Shape: the fields of `lessening.Part`."""
    query = (
        select(
            CreditBucket.id, Payment.order_id, (CreditBucket.kind == "external").label("external"),
            CreditBucket.amount_cents,
        )
        .outerjoin(Payment, Payment.id == CreditBucket.payment_id).where(CreditBucket.credit_id == credit_id)
    )  # fmt: skip
    return read(query.order_by(CreditBucket.id)).all()


def take_out(item_ids: Iterable[int], moment: datetime) -> None:
    """Take seats out of their credit: they are free for others, and the row says when."""
    query = update(_items).where(_items.c.id.in_(list(item_ids))).values(live=False, spared_at=moment)
    session.connection().execute(query)


def leave_out(campaign_id: int, household_id: int, admission_ids: Sequence[int]) -> None:
    """Note that seats are part of no credit, since they open their door after all."""
    some = _left_out.c.admission_id.in_(list(admission_ids))
    session.connection().execute(delete(_left_out).where(_left_out.c.campaign_id == campaign_id, some))
    write(CreditLeftOut, [
        {"campaign_id": campaign_id, "admission_id": key, "household_id": household_id, "why": "spared"}
        for key in admission_ids
    ])  # fmt: skip


def lessen(buckets: Mapping[int, int]) -> None:
    """Write what is left of buckets; one of which nothing is left goes."""
    connection = session.connection()
    gone = [key for key, cents in buckets.items() if not cents]
    connection.execute(delete(_buckets).where(_buckets.c.id.in_(gone)))
    for key, cents in buckets.items():
        if cents:
            connection.execute(update(_buckets).where(_buckets.c.id == key).values(amount_cents=cents))


def was_told(credit_id: int) -> bool:
    """Whether any letter was written about a credit."""
    return read(select(CreditLetter.id).where(CreditLetter.credit_id == credit_id).limit(1)).first() is not None
