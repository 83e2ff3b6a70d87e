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
class CreditsDiffer(Event):
    """Every credit of an opening campaign is made, and they come to another amount than was approved."""

    campaign_id: int
    cents: int
    approved_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignOpened(Event):
    """Every household of a campaign has its credit: whoever can be written to is invited.

    Made and approved are told together: they differ where the box office changed something between the two. Cents.
    """

    campaign_id: int
    cents: int = 0
    approved_cents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountGiven(Event):
    """An account to pay to was typed; only what may be shown of it is told."""

    credit_id: int
    payee_id: int
    masked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountProven(Event):
    """Whoever gave an account reads the household's mailbox, or stood before an agent."""

    credit_id: int
    payee_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountDoubted(Event):
    """One account was given for several households: somebody should look."""

    credit_id: int
    payee_id: int
    households: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRevoked(Event):
    """The private link of a credit was taken back; `stranger` where its address was somebody else's."""

    credit_id: int
    generation: int
    stranger: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanionApart(Event):
    """Seats of a credit became a companion's own. Units: cents."""

    credit_id: int
    companion_id: int
    before_cents: int
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanionBack(Event):
    """Seats that had become a companion's own are whoever's who paid again. Units: cents."""

    credit_id: int
    companion_id: int
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationsDue(Event):
    """Letters of one occasion are to be written to the next households; those after one credit."""

    campaign_id: int
    occasion: str
    after_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignWritten(Event):
    """A campaign was written down, or changed: what was approved of it is void."""

    campaign_id: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignSimulated(Event):
    """It was found out what a campaign would owe. Units: cents."""

    campaign_id: int
    version: int
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignApproved(Event):
    """A second person agreed to what was simulated. Units: cents."""

    campaign_id: int
    version: int
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignStarted(Event):
    """A campaign is being opened. Units: cents."""

    campaign_id: int
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignAbandoned(Event):
    """A campaign was given up before it reached anybody."""

    campaign_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignWithdrawn(Event):
    """A campaign was taken back before anything was paid; its credits after one are still to be voided."""

    campaign_id: int
    after_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignDiffers(Event):
    """The box office says something else of a performance than the campaign about it."""

    campaign_id: int
    performance_id: int
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformanceSpared(Event):
    """A performance takes place after all: its seats leave the credits of a campaign. `why` is of `sparing.WHYS`."""

    campaign_id: int
    performance_id: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpareDue(Event):
    """Credits that hold seats of a spared performance are to be corrected; those after one."""

    campaign_id: int
    performance_id: int
    after_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditLessened(Event):
    """Seats left a credit; its household is asked again where it had chosen. Units: cents."""

    credit_id: int
    performance_id: int
    before_cents: int
    cents: int
    asked_again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementSimulated(Event):
    """It was found out what a campaign owes more than when it was opened. Units: cents."""

    campaign_id: int
    number: int
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementApproved(Event):
    """A second person agreed to what a campaign owes more. Units: cents."""

    campaign_id: int
    number: int
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementDue(Event):
    """Credits of the next households of an addition are to be made."""

    campaign_id: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementMade(Event):
    """Every credit of an addition is there. Units: cents; what changed meanwhile was left for another one."""

    campaign_id: int
    number: int
    credits: int
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignClosed(Event):
    """The deadline has passed: what becomes of those who stayed silent is decided by work that follows."""

    campaign_id: int
    after_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignLocked(Event):
    """What was chosen is carried out from now on; so many credits stayed behind. Units: cents."""

    campaign_id: int
    credits: int
    cents: int
    held_back: int
