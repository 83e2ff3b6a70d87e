"""Questions about what the box office says of performances otherwise than their campaigns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Row, and_, exists, select

from app.cancellations.models import CampaignDifference, CampaignPerformance, CampaignSpare
from app.kernel.db import session
from app.kernel.queries import read

#: A row of columns, by the names given to them.
Columns: TypeAlias = Row[*tuple[Any, ...]]


def difference(campaign_id: int, performance_id: int) -> CampaignDifference | None:
    """What is said of one performance of a campaign, held until the verb ends."""
    key = (campaign_id, performance_id)
    return session.get(CampaignDifference, key, with_for_update=True, populate_existing=True)


def waiting(campaign_id: int) -> Sequence[Columns]:
    """What nobody has looked at. Shape: the fields of `differing.Difference`."""
    one = CampaignDifference
    query = select(one.performance_id, one.status, one.new_starts_at, one.at).where(one.campaign_id == campaign_id)
    return read(query.where(_open()).order_by(one.at, one.performance_id)).all()


def marked(campaign_ids: Iterable[int]) -> set[int]:
    """Which of some campaigns have something nobody has looked at."""
    one = CampaignDifference
    query = select(one.campaign_id).where(one.campaign_id.in_(list(campaign_ids)), _open())
    return {row[0] for row in read(query.distinct())}


def _open() -> ColumnElement[bool]:
    """Not looked at, of performances that are still in their campaign and not taken out of it."""
    one = CampaignDifference
    inside, spared = (
        exists().where(model.campaign_id == one.campaign_id, model.performance_id == one.performance_id)
        for model in (CampaignPerformance, CampaignSpare)
    )
    return and_(one.looked_at.is_(None), inside, ~spared)
