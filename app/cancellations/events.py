"""What happens in campaigns, as facts."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceMade(Event):
    """A household chose, or changed its mind; `author` is holder, agent, default or import."""

    credit_id: int
    version: int
    author: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditsDue(Event):
    """A campaign is opening: credits of the next households are to be made."""

    campaign_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignOpened(Event):
    """Every household of a campaign has its credit: whoever can be written to is invited."""

    campaign_id: int
