"""Taking a campaign back before anything is paid: its credits are void, their seats free, their households told once.

The state changes at once, so that nobody chooses any more; the credits follow in groups, however often a worker dies.
"""

from __future__ import annotations

from app.cancellations import campaign_queries as queries
from app.cancellations import errands, joining, letters
from app.cancellations.events import CampaignWithdrawn
from app.cancellations.letters import Addressed
from app.kernel.access import Actor, Permission
from app.kernel.errors import Conflict, NotFound
from app.kernel.transaction import publish, transactional

#: States in which credits are there and none is locked.
UNLOCKED = ("opening", "open", "closed")
#: Credits voided in one transaction.
GROUP = 100


@transactional
def withdraw(campaign_id: int, *, by: Actor) -> None:
    """Take an open campaign back: what it is about takes place after all, or it was a mistake.

    Raises:
        Conflict: it has not reached anybody, is locked, or is over.
    """
    by.must(Permission.CAMPAIGN_APPROVE)
    row = queries.campaign_to_change(campaign_id)
    if row is None:
        raise NotFound("campaign")
    if row.state not in UNLOCKED:
        raise Conflict("campaign_not_withdrawable")
    row.state = "abandoned"
    publish(CampaignWithdrawn(campaign_id=row.id), by=by)


@transactional
def void_next(campaign_id: int, after_id: int) -> int:
    """Void the next credits of a campaign that was taken back; asks for the next group itself. Returns how many."""
    row = queries.campaign(campaign_id)
    if row is None or row.state != "abandoned":
        return 0
    due = queries.voidable(campaign_id, after=after_id, limit=GROUP)
    # Asked only now that the credits are held: a first letter may have been written a moment ago.
    told = queries.written_about(one.id for one in due)
    mailed = [one for one in due if one.reach == "email" and one.person_id]
    some = [Addressed._make(one[:7]) for one in mailed if one.id in told]
    written = letters.write_to(row, some, "choice_void", "void")
    # Whoever got nothing by e-mail may have been called, or sent a coupon.
    by_hand = {one.id for one in due if one not in mailed} | {one.id for one in some}
    errands.note(by_hand - set(written), "void")
    queries.void([one.id for one in due])
    joining.reopen(one.id for one in due)
    if len(due) == GROUP:
        publish(CampaignWithdrawn(campaign_id=campaign_id, after_id=due[-1].id))
    return len(due)
