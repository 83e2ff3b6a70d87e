"""Admissions found after a campaign was opened: what they add is simulated, agreed to, and made into further credits.

A credit that a household knows is never changed by them, answered or not: what is found later has a number, a link
and a choice of its own. Made is what was agreed to; what the box office changed meanwhile waits for the next time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeGuard

from app.cancellations import board_queries, campaign_queries, errands, letters, making
from app.cancellations import supplement_queries as queries
from app.cancellations.events import SupplementApproved, SupplementDue, SupplementMade, SupplementSimulated
from app.cancellations.letters import Addressed
from app.cancellations.models import Campaign, CampaignSupplement
from app.cancellations.planning import known
from app.cancellations.second_person import answerable, typed_cents
from app.cancellations.surveying import owed, scope_of
from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.kernel.transaction import publish, transactional

#: States in which households know of a campaign and something may still be claimed of it.
LATE = ("open", "closed", "processing", "settled")
#: Households whose credits are made in one transaction, and those of one finding read at once.
GROUP, ROWS = 100, 100


@dataclass(frozen=True, slots=True)
class More:
    """What one household, by its code and name, is owed more; `again` where it had a credit before. Cents."""

    household: str
    cents: int
    again: bool
    name: str = ""


@dataclass(frozen=True, slots=True)
class Supplement:
    """What was found after a campaign was opened; `number` is 0 where nothing was. Cents.

    `more` are all its households, or those of one page: `start` is how many come before them, of `count`.
    """

    number: int
    state: str
    cents: int
    simulated_by: int | None
    approved_by: int | None
    more: tuple[More, ...]
    simulated_at: datetime | None = None
    start: int = 0
    count: int = 0


def simulate(campaign_id: int, *, by: Actor) -> Supplement:
    """Find out what would be owed more, and to whom; nobody is told, and an earlier finding nobody agreed to is void.

    Raises:
        Conflict: households do not know of it yet, nothing can be claimed any more, or an addition is being made.
    """
    by.must(Permission.CAMPAIGN_WORK)
    found = _found(_late(known(campaign_id)))
    if not found:
        _forget(campaign_id)
        return Supplement(0, "", 0, None, None, ())
    return _shown(_keep(campaign_id, found, by))


@transactional
def _forget(campaign_id: int) -> None:
    """What was found before and nobody agreed to is owed no more."""
    _held(campaign_id)
    row = queries.last_supplement(campaign_id)
    if _is_simulated(row):
        session.delete(row)


@transactional
def _keep(campaign_id: int, found: Mapping[str, int], by: Actor) -> CampaignSupplement:
    _held(campaign_id)
    row = queries.last_supplement(campaign_id)
    if row is not None and row.state == "making":
        raise Conflict("supplement_running")
    if row is None or row.state != "simulated":
        row = CampaignSupplement(
            campaign_id=campaign_id, number=row.number + 1 if row else 1, approved_by=None, approved_at=None,
            made_at=None,
        )  # fmt: skip
        session.add(row)
    row.state, row.households, row.cents = "simulated", dict(found), sum(found.values())
    row.simulated_by, row.simulated_at = answerable(by), clock.now()
    publish(SupplementSimulated(campaign_id=campaign_id, number=row.number, cents=row.cents), by=by)
    return row


def approve(campaign_id: int, typed: str, *, seen: datetime | None = None, by: Actor) -> Supplement:
    """A second person agrees to what was found, and types its amount; credits and letters follow at once.

    Args:
        campaign_id: it.
        typed: the amount as it was typed.
        seen: when what they looked at was found; without it, whatever was found last.
        by: who agrees.

    Raises:
        Forbidden: whoever found it may not agree to it.
        Invalid: field `amount`: it is not the amount.
        Conflict: nothing was found, it was looked for again meanwhile, or what is owed is no longer what was found.
    """
    by.must(Permission.CAMPAIGN_APPROVE)
    campaign = _late(known(campaign_id))
    row = queries.last_supplement(campaign_id)
    if not _is_simulated(row):
        raise Conflict("campaign_unsimulated")
    found_at = row.simulated_at
    if seen is not None and seen != found_at:
        raise Conflict("campaign_changed")
    if _found(campaign) != row.households:
        raise Conflict("campaign_amount_changed", approved=row.cents)
    return _shown(_approve(campaign_id, typed, found_at, by))


@transactional
def _approve(campaign_id: int, typed: str, seen: datetime, by: Actor) -> CampaignSupplement:
    _held(campaign_id)
    row = queries.last_supplement(campaign_id)
    if not _is_simulated(row) or row.simulated_at != seen:
        raise Conflict("campaign_changed")
    if answerable(by) == row.simulated_by:
        raise Forbidden("campaign_second_person")
    if typed_cents(typed) != row.cents:
        raise Invalid({"amount": "campaign_amount"})
    row.state, row.approved_by, row.approved_at = "making", answerable(by), clock.now()
    publish(SupplementApproved(campaign_id=campaign_id, number=row.number, cents=row.cents), by=by)
    publish(SupplementDue(campaign_id=campaign_id, number=row.number))
    return row


@transactional
def go(campaign_id: int, number: int) -> None:
    """Make the next credits of an addition and write to their households; asks for the next group itself."""
    campaign = campaign_queries.campaign_to_change(campaign_id)
    row = queries.supplement(campaign_id, number)
    if campaign is None or campaign.state not in LATE or row is None or row.state != "making":
        return
    due = sorted(key for key in map(int, row.households) if key > row.made_up_to)[:GROUP]
    if not due:
        row.state, row.made_at = "made", clock.now()
        made = queries.sum_of_supplement(campaign_id, number)
        publish(SupplementMade(campaign_id=campaign_id, number=number, credits=made[0], cents=made[1]))
        return
    _make(campaign, row, due)
    row.made_up_to = due[-1]
    publish(SupplementDue(campaign_id=campaign_id, number=number))


def _make(campaign: Campaign, row: CampaignSupplement, due: Sequence[int]) -> None:
    queries.one_at_a_time()
    there = campaign_queries.credited_households(campaign.id, due, row.number)
    before = queries.credited_before(campaign.id, due, row.number)
    some = [
        one for one in owed(scope_of(campaign), due)
        if one.household_id not in there and one.cents == row.households[str(one.household_id)]
    ]  # fmt: skip
    # After the deadline silence has been decided about: what is found now stays owed until it is claimed.
    state = "issued" if campaign.state == "open" else "unclaimed"
    ids = making.make(campaign, some, supplement=row.number, state=state)
    told = [(one.household_id in before, Addressed._make(one[:7])) for one in queries.addressed(ids)]
    written: list[int] = []
    for again, kind in ((True, "choice_supplement"), (False, "choice_invite")):
        due_now = [one for known_before, one in told if known_before is again]
        written += letters.write_to(campaign, due_now, kind, "invite")
    campaign_queries.note_invited([one.id for _, one in told], clock.now())
    if state == "unclaimed":
        # While a campaign is open its silent credits are listed anyway.
        errands.note(set(ids) - set(written), "invite")


def supplements(campaign_id: int, *, number: int = 0, start: int = 0, by: Actor) -> list[Supplement]:
    """Everything that was found after a campaign was opened, the latest first, each with a page of its households.

    Args:
        campaign_id: it.
        number: which finding is read from `start` on; every other one from its beginning.
        start: how many households of it are passed over.
        by: who reads.
    """
    by.must(Permission.CAMPAIGN_READ)
    by.must(Permission.PERSON_READ)
    known(campaign_id)
    return [
        _shown(row, start if row.number == number else 0, ROWS) for row in queries.supplements(campaign_id)
    ]  # fmt: skip


def _found(row: Campaign) -> dict[str, int]:
    return {str(one.household_id): one.cents for one in owed(scope_of(row)) if one.cents > 0}


def _shown(row: CampaignSupplement, start: int = 0, most: int | None = None) -> Supplement:
    cents = {int(key): value for key, value in row.households.items()}
    some = sorted(cents)[start : None if most is None else start + most]
    homes, before = board_queries.households(some), queries.credited_before(row.campaign_id, some, row.number)
    more = tuple(More(homes[key][0], cents[key], key in before, homes[key][1]) for key in some)
    return Supplement(
        row.number, row.state, row.cents, row.simulated_by, row.approved_by, more, row.simulated_at, start, len(cents)
    )


def _late(row: Campaign) -> Campaign:
    if row.state not in LATE or row.claim_until <= clock.now():
        raise Conflict("campaign_not_late")
    return row


def _held(campaign_id: int) -> None:
    row = campaign_queries.campaign_to_change(campaign_id)
    if row is None:
        raise NotFound("campaign")
    _late(row)


def _is_simulated(row: CampaignSupplement | None) -> TypeGuard[CampaignSupplement]:
    return row is not None and row.state == "simulated"
