"""The end of a campaign: the deadline passes, silence is what it was said to be, and what was chosen is locked.

Silence never becomes a gift; what it cannot be stays owed, and may be claimed until `claim_until`.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from app.cancellations import campaign_queries as queries
from app.cancellations import queries as credits_of
from app.cancellations.choosing import choose_by_silence
from app.cancellations.events import CampaignClosed, CampaignLocked
from app.cancellations.inviting import SILENT
from app.cancellations.page import leeway, silence_for
from app.cancellations.sparing_queries import holding_spared
from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, NotFound
from app.kernel.transaction import publish, transactional

#: States in which what was chosen can be locked.
LOCKABLE = ("closed", "processing", "settled")
#: Silent households decided about in one transaction.
GROUP = 100


def close_due() -> int:
    """Close campaigns whose deadline has passed. Returns how many."""
    due = [row.id for row in queries.campaigns(["open"]) if row.deadline_at <= clock.now()]
    session.rollback()
    return sum(_close(campaign_id) for campaign_id in due)


@transactional
def _close(campaign_id: int) -> bool:
    row = queries.campaign_to_change(campaign_id)
    if row is None or row.state != "open" or row.deadline_at > clock.now():
        return False
    row.state, row.closed_at = "closed", clock.now()
    publish(CampaignClosed(campaign_id=row.id))
    return True


@transactional
def decide_silent(campaign_id: int, after_id: int) -> None:
    """Decide about the next households that stayed silent; asks for the next group itself."""
    row = queries.campaign(campaign_id)
    if row is None or row.state != "closed":
        return
    due = queries.silent(campaign_id, SILENT, after=after_id, limit=GROUP)
    offered = credits_of.options(campaign_id)
    seasons = {one.code: one.season for one in offered}
    for credit_id in due:
        one = credits_of.credit_held(credit_id)
        if one is None or one.state not in SILENT:
            continue  # answered at this very moment
        if option := silence_for(one, leeway(one, offered)):
            choose_by_silence(one, option, seasons[option])
        else:
            credits_of.change_credit(credit_id, state="unclaimed")
    if len(due) == GROUP:
        publish(CampaignClosed(campaign_id=campaign_id, after_id=due[-1]))


class Locked(NamedTuple):
    """What was locked, and how many credits stayed behind. Cents.

    Behind stays of which the box office gave money back or exchanged seats meanwhile, what its card can no longer be
    credited with, what a bank takes back from it, and what holds seats of a performance that takes place after all.
    """

    credits: int
    cents: int
    held_back: int


def behind(campaign_id: int, *, by: Actor) -> dict[str, set[int]]:
    """Answered credits that a lock would leave behind now. Shape: why to credits; one may be there twice.

    Why is refunded, card_late, disputed, exchanged or spared, in the order in which they are told.
    """
    by.must(Permission.CAMPAIGN_READ)
    return _behind(campaign_id, clock.now())


def is_deciding(campaign_id: int) -> bool:
    """Whether it is still being decided what silence leads to."""
    return bool(queries.silent(campaign_id, SILENT, after=0, limit=1))


def _behind(campaign_id: int, moment: datetime) -> dict[str, set[int]]:
    late, short = (queries.cards_short(campaign_id, moment, disputed=counted) for counted in (False, True))
    return {
        "refunded": queries.refunded_meanwhile(campaign_id), "card_late": late, "disputed": short - late,
        "exchanged": queries.exchanged_meanwhile(campaign_id), "spared": holding_spared(campaign_id),
    }  # fmt: skip


@transactional
def lock(campaign_id: int, *, by: Actor) -> Locked:
    """Lock what was chosen, so that it can be carried out; what is still owed to the silent stays as it is.

    Raises:
        Conflict: the deadline has not passed, or silence is still being decided about.
    """
    by.must(Permission.CAMPAIGN_APPROVE)
    row = queries.campaign_to_change(campaign_id)
    if row is None:
        raise NotFound("campaign")
    if row.state not in LOCKABLE or is_deciding(campaign_id):
        raise Conflict("campaign_not_closed")
    moment = clock.now()
    held_back = set().union(*_behind(campaign_id, moment).values())
    count, cents = queries.lock_answered(campaign_id, moment, but=held_back)
    row.state, row.locked_at = "processing", row.locked_at or clock.now()
    publish(CampaignLocked(campaign_id=row.id, credits=count, cents=cents, held_back=len(held_back)), by=by)
    return Locked(count, cents, len(held_back))
