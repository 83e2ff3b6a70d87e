"""Questions about requests of households that are owed something."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeAlias, cast

from sqlalchemy import Row, Table, func, or_, select, update

from app.boxoffice.models import Household
from app.cancellations.models import Campaign, CampaignPerformance, Credit, CreditLetter, CreditTicket
from app.kernel.db import session
from app.kernel.queries import read, write
from app.tickets.models import Ticket

#: A row of columns, by the names given to them.
Columns: TypeAlias = Row[*tuple[Any, ...]]

_joined = cast(Table, CreditTicket.__table__)
#: The household that stands for a credit's own.
_STANDS = func.coalesce(Household.merged_into_id, Household.id)
_CAMPAIGNS = ("opening", "open", "closed", "processing", "settled")
_LIVING = ("issued", "invited", "opened", "answered", "unclaimed", "locked")


def joined(ticket_ids: Iterable[int]) -> set[int]:
    """Those of some requests that wait for a choice, or were ended by one."""
    query = select(CreditTicket.ticket_id).where(CreditTicket.ticket_id.in_(list(ticket_ids)))
    return {row[0] for row in read(query)}


def asking_otherwise(person_ids: Iterable[int], but: Iterable[int]) -> set[int]:
    """Those of some people who have another request that is not ended, and is about no credit."""
    joined_too = select(CreditTicket.ticket_id).where(CreditTicket.ticket_id == Ticket.id).exists()
    query = select(Ticket.requester_id).where(
        Ticket.requester_id.in_(list(person_ids)), Ticket.state != "solved", Ticket.id.not_in(list(but)), ~joined_too
    )
    return {row[0] for row in read(query)}


def write_joined(ticket_id: int, credit_id: int, moment: datetime) -> None:
    """Note that a request is about a credit."""
    write(CreditTicket, [{"ticket_id": ticket_id, "credit_id": credit_id, "joined_at": moment, "solved_at": None}])


def living_credits(household_ids: Iterable[int]) -> Sequence[Columns]:
    """What some households are owed, and records merged into them, the latest first.

    Shape: rows (id, campaign_id, household_id, state); the household is the one that stands for the record.
    """
    query = (
        select(Credit.id, Credit.campaign_id, _STANDS.label("household_id"), Credit.state)
        .join(Campaign, Campaign.id == Credit.campaign_id)
        .join(Household, Household.id == Credit.household_id)
        .where(
            _STANDS.in_(list(household_ids)), Credit.state.in_(_LIVING), Campaign.state.in_(_CAMPAIGNS),
            # What a stranger's mailbox was told of is told to no mailbox any more.
            or_(Credit.person_id.is_not(None), Credit.link_generation == 1),
        )
        .order_by(Credit.id.desc())
    )  # fmt: skip
    return read(query).all()


def about(performance_id: int) -> set[int]:
    """Campaigns about a performance."""
    query = select(CampaignPerformance.campaign_id).where(CampaignPerformance.performance_id == performance_id)
    return {row[0] for row in read(query)}


def told_lately(credit_id: int, moment: datetime) -> bool:
    """Whether a request about a credit was answered by its status since a moment."""
    query = select(CreditLetter.id).where(CreditLetter.credit_id == credit_id, CreditLetter.at > moment)
    return read(query.where(CreditLetter.occasion.startswith("status-"))).first() is not None


def waiting_for(credit_ids: Iterable[int]) -> list[int]:
    """Requests that wait for the choice of some credits."""
    query = select(CreditTicket.ticket_id).where(CreditTicket.credit_id.in_(list(credit_ids)))
    return [row[0] for row in read(query.where(CreditTicket.solved_at.is_(None)))]


def awaiting_choice(ticket_ids: Iterable[int]) -> set[int]:
    """Those of some requests that wait for a choice in a campaign that still runs."""
    query = (
        select(CreditTicket.ticket_id)
        .join(Credit, Credit.id == CreditTicket.credit_id)
        .join(Campaign, Campaign.id == Credit.campaign_id)
        .where(
            CreditTicket.ticket_id.in_(list(ticket_ids)), CreditTicket.solved_at.is_(None),
            Credit.state.in_(_LIVING), Campaign.state.in_(_CAMPAIGNS),
        )
    )  # fmt: skip
    return {row[0] for row in read(query)}


def any_joined() -> bool:
    """Whether any request ever waited for a choice."""
    return read(select(CreditTicket.ticket_id).limit(1)).first() is not None


def credit_of(ticket_id: int) -> Columns | None:
    """The credit that a request waits for. Shape: (number, state, amount_cents, currency, deadline_at, solved_at)."""
    query = (
        select(
            Credit.number, Credit.state, Credit.amount_cents, Campaign.currency, Campaign.deadline_at,
            CreditTicket.solved_at,
        )
        .select_from(CreditTicket)
        .join(Credit, Credit.id == CreditTicket.credit_id)
        .join(Campaign, Campaign.id == Credit.campaign_id)
        .where(CreditTicket.ticket_id == ticket_id)
    )  # fmt: skip
    return read(query).one_or_none()


def any_claimable(moment: datetime) -> bool:
    """Whether anybody may still claim anything of any campaign."""
    query = select(Campaign.id).where(Campaign.state.in_(_CAMPAIGNS), Campaign.claim_until > moment)
    return read(query.limit(1)).first() is not None


def note_solved(ticket_ids: Iterable[int], moment: datetime) -> None:
    """Note that requests were ended by a choice."""
    query = update(_joined).where(_joined.c.ticket_id.in_(list(ticket_ids))).values(solved_at=moment)
    session.connection().execute(query)
