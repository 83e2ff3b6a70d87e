"""What the box office says of a performance now, other than what a campaign tells of it; noted until somebody looks.

A campaign is never changed by it: people decide whether a performance leaves it, or the campaign is taken back. What
has reached nobody yet must be simulated and approved anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.boxoffice import picking
from app.boxoffice.service import PerformanceCard
from app.cancellations import campaign_queries
from app.cancellations import differing_queries as queries
from app.cancellations.events import CampaignDiffers
from app.cancellations.managing import BEFORE
from app.cancellations.models import Campaign, CampaignDifference
from app.cancellations.planning import known
from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.kernel.transaction import publish, transactional

#: What becomes of the performances of each kind of campaign; what is given for goodwill has to do with none of it.
TELLS: Mapping[str, str] = {"cancel": "cancelled", "postpone": "postponed", "interrupt": "interrupted"}
#: States in which nothing is decided any more.
OVER = ("archived", "abandoned")


@dataclass(frozen=True, slots=True)
class Difference:
    """What is said of a performance of a campaign now."""

    performance_id: int
    status: str
    new_starts_at: datetime | None
    at: datetime


@transactional
def note(performance_id: int) -> None:
    """Something else is said of a performance than before: campaigns that tell otherwise are marked."""
    show = next(iter(picking.cards([performance_id])), None)
    for key in campaign_queries.campaigns_about([performance_id]):
        row = campaign_queries.campaign_to_change(key)
        if show is not None and row is not None and row.state not in OVER and row.kind in TELLS:
            _note(row, show)


def _note(row: Campaign, show: PerformanceCard) -> None:
    there = queries.difference(row.id, show.id)
    if not differs(row.kind, show.status, reached=row.state not in BEFORE):
        if there is not None:
            session.delete(there)
        return
    if there is None:
        there = CampaignDifference(campaign_id=row.id, performance_id=show.id)
        session.add(there)
    there.status, there.new_starts_at, there.at = show.status, show.new_starts_at, clock.now()
    there.looked_by, there.looked_at = None, None
    if row.state in BEFORE:
        row.state, row.simulation, row.approved_by, row.approved_cents = "draft", None, None, None
        row.version += 1
    publish(CampaignDiffers(campaign_id=row.id, performance_id=show.id, status=show.status))


def differs(kind: str, status: str, *, reached: bool) -> bool:
    """Whether a campaign tells otherwise; one that has told of a new date does so once it moves again. Pure."""
    return TELLS[kind] != status or (reached and status == "postponed")


@transactional
def look(campaign_id: int, performance_id: int, *, by: Actor) -> None:
    """A colleague has read it and leaves the campaign as it is; said twice, it was said once.

    Raises:
        NotFound: there is nothing of the kind.
    """
    by.must(Permission.CAMPAIGN_WORK)
    row = queries.difference(campaign_id, performance_id)
    if row is None:
        raise NotFound("performance")
    if row.looked_at is None:
        row.looked_by, row.looked_at = by.person_id, clock.now()


def waiting(campaign_id: int, *, by: Actor) -> list[Difference]:
    """What nobody has looked at yet, of performances that a campaign is still about; the oldest first."""
    by.must(Permission.CAMPAIGN_READ)
    known(campaign_id)
    return [Difference(*row) for row in queries.waiting(campaign_id)]


def marked(campaign_ids: Iterable[int], *, by: Actor) -> set[int]:
    """Which of some campaigns wait for somebody to look."""
    by.must(Permission.CAMPAIGN_READ)
    return queries.marked(campaign_ids)
