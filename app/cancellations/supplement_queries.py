"""Questions about what was found after a campaign was opened, and how credits are made beside others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias, cast

from sqlalchemy import Row, Table, delete, func, select

from app.cancellations.models import CampaignSupplement, Credit, CreditItem, CreditLeftOut
from app.kernel.db import session
from app.kernel.queries import read

#: A row of columns, by the names given to them.
Columns: TypeAlias = Row[*tuple[Any, ...]]

_left_out = cast(Table, CreditLeftOut.__table__)
#: The number of the lock of those who make credits: any that nobody else takes.
_MAKING = 710_204


def one_at_a_time() -> None:
    """Wait until no other transaction makes credits: two that see the same payment would both draw on it.

    On SQLite whoever writes is alone already.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_MAKING)))


def supplement(campaign_id: int, number: int) -> CampaignSupplement | None:
    """One addition to a campaign as it is now."""
    return session.get(CampaignSupplement, (campaign_id, number), populate_existing=True)


def supplements(campaign_id: int) -> Sequence[CampaignSupplement]:
    """Additions to a campaign as they are now, the latest first."""
    query = select(CampaignSupplement).where(CampaignSupplement.campaign_id == campaign_id)
    query = query.order_by(CampaignSupplement.number.desc()).execution_options(populate_existing=True)
    return session.scalars(query).all()


def last_supplement(campaign_id: int) -> CampaignSupplement | None:
    """The latest addition to a campaign."""
    return next(iter(supplements(campaign_id)), None)


def sum_of_supplement(campaign_id: int, number: int) -> tuple[int, int]:
    """What an addition has come to. Shape: (credits, cents)."""
    query = select(func.count(), func.coalesce(func.sum(Credit.amount_cents), 0))
    row = read(query.where(Credit.campaign_id == campaign_id, Credit.supplement == number)).one()
    return row[0], int(row[1])


def credited_before(campaign_id: int, household_ids: Iterable[int], number: int) -> set[int]:
    """Which of some households have an earlier living credit in a campaign."""
    query = select(Credit.household_id).where(
        Credit.campaign_id == campaign_id, Credit.state != "void", Credit.supplement < number
    )
    return {row[0] for row in read(query.where(Credit.household_id.in_(list(household_ids))))}


def addressed(credit_ids: Iterable[int]) -> Sequence[Columns]:
    """Those of some credits that are told of by e-mail. Shape: the fields of `Addressed`, then household_id."""
    query = select(
        Credit.id, Credit.number, Credit.person_id, Credit.language, Credit.amount_cents, Credit.link_nonce,
        Credit.link_generation, Credit.household_id,
    ).where(Credit.id.in_(list(credit_ids)), Credit.reach == "email", Credit.person_id.is_not(None))  # fmt: skip
    return read(query.order_by(Credit.id)).all()


def credited_in(campaign_id: int, admission_ids: Iterable[int]) -> set[int]:
    """Those of some admissions that a living credit of this campaign holds."""
    query = select(CreditItem.admission_id).join(Credit, Credit.id == CreditItem.credit_id)
    query = query.where(Credit.campaign_id == campaign_id, CreditItem.live.is_(True))
    return {row[0] for row in read(query.where(CreditItem.admission_id.in_(list(admission_ids))))}


def forget_left_out(campaign_id: int, admission_ids: Iterable[int]) -> None:
    """Forget that admissions were part of no credit: they are looked at anew."""
    some = _left_out.c.admission_id.in_(list(admission_ids))
    session.connection().execute(delete(_left_out).where(_left_out.c.campaign_id == campaign_id, some))
