"""What colleagues do with a campaign before it reaches households: write it down, simulate, approve, open, give it up.

Whoever wrote or changed it cannot approve it; who approves types the amount; what is opened is what was approved.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.cancellations import campaign_queries as queries
from app.cancellations import simulating
from app.cancellations.events import (
    CampaignAbandoned,
    CampaignApproved,
    CampaignSimulated,
    CampaignStarted,
    CampaignWritten,
    CreditsDue,
)
from app.cancellations.models import Campaign
from app.cancellations.planning import fill, known, values_of
from app.cancellations.plans import Plan
from app.cancellations.second_person import answerable, typed_cents
from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.kernel.transaction import publish, transactional

#: States in which nothing has reached anybody.
BEFORE = ("draft", "simulated", "approved")


@transactional
def create(plan: Plan, *, by: Actor) -> int:
    """Write a campaign down as a draft. Returns its id.

    Raises:
        Invalid: fields of `Plan.faults`.
    """
    by.must(Permission.CAMPAIGN_WORK)
    author = answerable(by)
    row = Campaign(
        state="draft", created_by=author, created_at=clock.now(), edited_by=author, approved_by=None,
        approved_cents=None, opened_by=None, opened_at=None, closed_at=None, locked_at=None, simulation=None,
        **values_of(plan),
    )  # fmt: skip
    session.add(row)
    session.flush()
    fill(row, plan)
    publish(CampaignWritten(campaign_id=row.id, version=1), by=by)
    return row.id


@transactional
def edit(campaign_id: int, plan: Plan, *, seen_version: int, by: Actor) -> None:
    """Write it anew; what was simulated and approved of it is void.

    Raises:
        Invalid: fields of `Plan.faults`.
        Conflict: it has reached households, or was changed since it was looked at.
    """
    by.must(Permission.CAMPAIGN_WORK)
    row = _before(campaign_id, seen_version)
    for name, value in values_of(plan).items():
        setattr(row, name, value)
    for old in (*queries.option_rows(row.id), *queries.performance_rows(row.id)):
        session.delete(old)
    session.flush()
    fill(row, plan)
    row.edited_by, row.version = answerable(by), row.version + 1
    row.state, row.simulation, row.approved_by, row.approved_cents = "draft", None, None, None
    publish(CampaignWritten(campaign_id=row.id, version=row.version), by=by)


def simulate(campaign_id: int, *, by: Actor) -> Mapping[str, Any]:
    """Find out what it would owe to whom, before anything is sent; an approval of before is void.

    Raises:
        Conflict: it has reached households, or was changed meanwhile.
    """
    by.must(Permission.CAMPAIGN_WORK)
    row = known(campaign_id)
    if row.state not in BEFORE:
        raise Conflict("campaign_started")
    version = row.version
    found = simulating.found(row)  # outside the writing transaction: it may take a second or two
    _keep_simulation(campaign_id, version, found, by)
    return found


@transactional
def _keep_simulation(campaign_id: int, version: int, found: Mapping[str, Any], by: Actor) -> None:
    row = _before(campaign_id, version)
    row.simulation = {**found, "version": version, "at": clock.now().isoformat()}
    row.state, row.approved_by, row.approved_cents = "simulated", None, None
    publish(CampaignSimulated(campaign_id=row.id, version=version, cents=found["cents"]), by=by)


@transactional
def approve(campaign_id: int, typed: str, *, seen_version: int, by: Actor) -> None:
    """A second person agrees to what was simulated, and types its amount.

    Raises:
        Forbidden: whoever wrote it may not approve it.
        Invalid: field `amount`: it is not the amount.
        Conflict: it is not simulated, may not open as it is, or was changed since it was looked at.
    """
    by.must(Permission.CAMPAIGN_APPROVE)
    row = _before(campaign_id, seen_version)
    if answerable(by) in {row.created_by, row.edited_by}:
        raise Forbidden("campaign_second_person")
    if row.state != "simulated" or row.simulation is None:
        raise Conflict("campaign_unsimulated")
    _without_obstacle(row)
    if typed_cents(typed) != row.simulation["cents"]:
        raise Invalid({"amount": "campaign_amount"})
    row.state, row.approved_by, row.approved_cents = "approved", answerable(by), row.simulation["cents"]
    publish(CampaignApproved(campaign_id=row.id, version=row.version, cents=row.approved_cents), by=by)


def start(campaign_id: int, *, seen_version: int, by: Actor) -> None:
    """Open it: credits are made and households invited by work that follows.

    Raises:
        Conflict: it is not approved, what it owes is no longer what was approved, or it was changed meanwhile.
    """
    by.must(Permission.CAMPAIGN_WORK)
    row = known(campaign_id)
    if row.state != "approved":
        raise Conflict("campaign_unapproved")
    now = simulating.found(row)
    if now["cents"] != row.approved_cents:
        raise Conflict("campaign_amount_changed", approved=row.approved_cents, now=now["cents"])
    _start(campaign_id, seen_version, by)


@transactional
def _start(campaign_id: int, seen_version: int, by: Actor) -> None:
    row = _before(campaign_id, seen_version)
    if row.state != "approved":
        raise Conflict("campaign_unapproved")
    _without_obstacle(row)
    row.state, row.opened_by = "opening", answerable(by)
    publish(CampaignStarted(campaign_id=row.id, cents=row.approved_cents or 0), by=by)
    publish(CreditsDue(campaign_id=row.id))


@transactional
def accept(campaign_id: int, typed: str, *, by: Actor) -> None:
    """A second person agrees to what the credits came to, where that is not what was approved; letters follow.

    Raises:
        Forbidden: whoever wrote it may not agree to it.
        Invalid: field `amount`: it is not the amount.
        Conflict: nothing waits to be agreed to.
    """
    by.must(Permission.CAMPAIGN_APPROVE)
    row = queries.campaign_to_change(campaign_id)
    if row is None:
        raise NotFound("campaign")
    if row.state != "opening" or row.made_cents is None:
        raise Conflict("campaign_changed")
    if answerable(by) in {row.created_by, row.edited_by}:
        raise Forbidden("campaign_second_person")
    if typed_cents(typed) != row.made_cents:
        raise Invalid({"amount": "campaign_amount"})
    row.approved_by, row.approved_cents, row.made_cents = answerable(by), row.made_cents, None
    publish(CampaignApproved(campaign_id=row.id, version=row.version, cents=row.approved_cents or 0), by=by)
    publish(CreditsDue(campaign_id=row.id))


@transactional
def abandon(campaign_id: int, *, seen_version: int, by: Actor) -> None:
    """Give it up, before it has reached anybody."""
    by.must(Permission.CAMPAIGN_WORK)
    _before(campaign_id, seen_version).state = "abandoned"
    publish(CampaignAbandoned(campaign_id=campaign_id), by=by)


def _before(campaign_id: int, seen_version: int) -> Campaign:
    """A campaign to be changed that has reached nobody yet, as it was when it was looked at."""
    row = queries.campaign_to_change(campaign_id)
    if row is None:
        raise NotFound("campaign")
    if row.state not in BEFORE:
        raise Conflict("campaign_started")
    if row.version != seen_version:
        raise Conflict("campaign_changed", version=row.version)
    return row


def _without_obstacle(row: Campaign) -> None:
    if found := simulating.obstacles_of(row):
        raise Conflict(found[0])
