"""Questions about what households are still to be told by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Row, Select, func, select

from app.cancellations.models import Credit, CreditErrand
from app.kernel.db import session
from app.kernel.queries import read, write

#: A row of columns, by the names given to them.
Columns: TypeAlias = Row[*tuple[Any, ...]]


def add(credit_ids: Iterable[int], occasion: str, moment: datetime) -> None:
    """Note what is to be told of some credits, unless it is noted already."""
    wanted = set(credit_ids)
    query = select(CreditErrand.credit_id).where(CreditErrand.occasion == occasion)
    there = {row[0] for row in read(query.where(CreditErrand.credit_id.in_(list(wanted))))}
    write(CreditErrand, [
        {"credit_id": key, "occasion": occasion, "at": moment, "done_at": None, "done_by": None}
        for key in sorted(wanted - there)
    ])  # fmt: skip


def errand(errand_id: int) -> CreditErrand | None:
    """One thing to tell, held until the verb ends."""
    return session.get(CreditErrand, errand_id, with_for_update=True, populate_existing=True)


def told_errands(campaign_id: int, limit: int) -> Sequence[Columns]:
    """What was told last in a campaign. Shape: rows as of `open_errands`, then done_at and done_by."""
    query = _errands(CreditErrand.done_at, CreditErrand.done_by).where(CreditErrand.done_at.is_not(None))
    query = query.where(Credit.campaign_id == campaign_id)
    return read(query.order_by(CreditErrand.done_at.desc(), CreditErrand.id.desc()).limit(limit)).all()


def open_errands(campaign_id: int, *, after: int = 0, limit: int | None = None) -> Sequence[Columns]:
    """What is still to be told in a campaign, the oldest first; all, or the next few.

    Shape: rows as of `campaign_queries.unreached`, then state, occasion and errand_id.
    """
    query = _errands().where(
        Credit.campaign_id == campaign_id, CreditErrand.done_at.is_(None), CreditErrand.id > after
    )  # fmt: skip
    return read(query.order_by(CreditErrand.id).limit(limit)).all()


def count_open(campaign_id: int) -> int:
    """How much is still to be told in a campaign."""
    query = select(func.count()).select_from(CreditErrand).join(Credit, Credit.id == CreditErrand.credit_id)
    query = query.where(Credit.campaign_id == campaign_id, CreditErrand.done_at.is_(None))
    return int(read(query).scalar_one())


def _errands(*more: Any) -> Select[*tuple[Any, ...]]:  # noqa: ANN401 - columns of any type
    return select(
        Credit.id, Credit.number, Credit.household_id, Credit.reach, Credit.language, Credit.amount_cents,
        Credit.link_nonce, Credit.link_generation, Credit.state, CreditErrand.occasion,
        CreditErrand.id.label("errand_id"), *more,
    ).join(CreditErrand, CreditErrand.credit_id == Credit.id)  # fmt: skip
