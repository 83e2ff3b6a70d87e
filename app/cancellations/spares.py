"""Performances that take place after all as the desk reads them, and how many credits one concerns; no change here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.cancellations import campaign_queries
from app.cancellations import sparing_queries as queries
from app.cancellations.planning import known
from app.kernel.access import Actor, Permission
from app.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Spared:
    """A performance that was taken out of a campaign; `why` is one of `sparing.WHYS`."""

    performance_id: int
    why: str
    by_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Concerned:
    """Credits that hold seats of a performance; those `answered` are among the `corrected`, the `locked` are not."""

    corrected: int
    answered: int
    locked: int


def spared(campaign_id: int, *, by: Actor) -> list[Spared]:
    """Performances that were taken out of a campaign, the latest first.

    Raises:
        NotFound: there is no such campaign.
    """
    by.must(Permission.CAMPAIGN_READ)
    known(campaign_id)
    return [Spared(*row) for row in queries.spares(campaign_id)]


def concerned(campaign_id: int, performance_id: int, *, by: Actor) -> Concerned:
    """How many credits change, and how many do not, once a performance of a campaign is said to take place.

    Raises:
        NotFound: there is no such campaign, or it is not about this performance any more.
    """
    by.must(Permission.CAMPAIGN_READ)
    known(campaign_id)
    if performance_id not in campaign_queries.performances(campaign_id):
        raise NotFound("performance")
    states = queries.concerned(campaign_id, performance_id)
    fixed = sum(states.get(state, 0) for state in queries.FIXED)
    return Concerned(sum(states.values()) - fixed, states.get("answered", 0), fixed)
