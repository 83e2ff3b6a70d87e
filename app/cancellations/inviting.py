"""Telling households: the invitation, reminders that stop on the answer, the recap of each choice; mail paces them.

Each letter is written in the transaction that notes its occasion: killed anywhere, it was written once or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from app.cancellations import campaign_queries as queries
from app.cancellations import errands, letters
from app.cancellations import queries as credits_of
from app.cancellations.events import InvitationsDue
from app.cancellations.letters import Addressed
from app.cancellations.models import Campaign
from app.cancellations.page import page_of_row
from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, NotFound
from app.kernel.transaction import publish, transactional
from app.mail import outgoing

#: Letters written in one transaction.
GROUP = 100
#: Nobody is written to twice within this time without having done anything.
APART = timedelta(hours=48)
#: Whoever was told of the change itself is invited so long after: nobody gets two letters about one evening in a day.
SPACED = timedelta(days=1)
#: The letter that tells of a change, before there is an amount to tell.
_NEWS = ("announcement",)
#: Credits nobody has answered for yet.
SILENT = ("issued", "invited", "opened")
INVITE = "invite"


@transactional
def invite(campaign_ids: Sequence[int]) -> None:
    """Campaigns are open: invite their households, group by group."""
    for campaign_id in campaign_ids:
        publish(InvitationsDue(campaign_id=campaign_id, occasion=INVITE))


@transactional
def write_next(campaign_id: int, occasion: str, after_id: int) -> int:
    """Write the next letters of an occasion; asks for the next group itself. Returns how many were written."""
    row = queries.campaign(campaign_id)
    if row is None or row.state != "open":
        return 0
    before = None if occasion == INVITE else clock.now() - APART
    due = queries.to_write_to(row.id, occasion, SILENT, after=after_id, limit=GROUP, untold_since=before)
    some = _spaced(row, [Addressed._make(one[:7]) for one in due])
    kind = "choice_invite" if occasion == INVITE else "choice_reminder"
    written = len(letters.write_to(row, some, kind, occasion))
    if occasion == INVITE:
        queries.note_invited([one.id for one in some], clock.now())
    if len(due) == GROUP:
        publish(InvitationsDue(campaign_id=campaign_id, occasion=occasion, after_id=due[-1].id))
    return written


def _spaced(row: Campaign, some: Sequence[Addressed]) -> list[Addressed]:
    """Those of some households who heard nothing of it within a day; everybody, once the deadline is near."""
    moment = clock.now()
    if row.deadline_at - moment < SPACED + APART:
        return list(some)
    told = outgoing.written_lately([one.person_id for one in some], _NEWS, moment - SPACED)
    return [one for one in some if one.person_id not in told]


def invited_lately(performance_id: int, household_ids: Sequence[int]) -> set[int]:
    """Which of some households were written to within a day about their credit for a performance."""
    campaign_ids = queries.campaigns_about([performance_id])
    return queries.written_lately(campaign_ids, household_ids, clock.now() - SPACED) if campaign_ids else set()


def remind_due() -> int:
    """Write the letters whose time has come: reminders, and invitations that waited. Returns of how many occasions."""
    due = [(row.id, occasion) for row in queries.campaigns(["open"]) for occasion in _occasions(row)]
    before = clock.now() - APART
    some = [(key, word) for key, word in due if queries.any_to_write_to(key, word, SILENT, untold_since=before)]
    session.rollback()
    for campaign_id, occasion in some:
        _ask(campaign_id, occasion)
    return len(some)


@transactional
def _ask(campaign_id: int, occasion: str) -> None:
    publish(InvitationsDue(campaign_id=campaign_id, occasion=occasion))


def _occasions(row: Campaign) -> list[str]:
    late = row.opened_at is not None and row.opened_at + SPACED <= clock.now()
    return [*([INVITE] if late else []), *filter(None, [due_occasion(row)])]


def due_occasion(row: Campaign) -> str:
    """The reminder that is due now: the last whose day has come; empty when none is."""
    left = row.deadline_at - clock.now()
    days = [offset for offset in row.reminders if timedelta() < left <= timedelta(days=offset)]
    return f"remind-{min(days)}" if days else ""


@transactional
def remind(campaign_id: int, *, by: Actor) -> None:
    """Remind who has not answered now, at most once a day.

    Raises:
        Conflict: it is not open.
    """
    by.must(Permission.CAMPAIGN_WORK)
    row = queries.campaign_to_change(campaign_id)
    if row is None:
        raise NotFound("campaign")
    if row.state != "open":
        raise Conflict("campaign_not_open")
    publish(InvitationsDue(campaign_id=row.id, occasion=f"remind-{clock.now():%Y%m%d}"), by=by)


@transactional
def tell_choice(credit_id: int, version: int) -> None:
    """Send the recap of a choice, unless another one has taken its place meanwhile."""
    row = credits_of.credit(credit_id)
    if row is None or row.choice_version != version or row.state == "void":
        return
    page = page_of_row(row)
    if page.chosen is None:
        return
    labels = {option.code: option.label(row.language) for option in page.options}
    parts = letters.recap(page.chosen, labels, row.language)
    letters.write_one(row, "choice_made", f"choice-{version}", {"parts": parts})


@transactional
def note_bounces(letter_ids: Sequence[int]) -> None:
    """Letters about credits came back: their households go to the list of those who are called or written to."""
    back = queries.occasions_of_letters(letter_ids)
    queries.set_reach([credit_id for credit_id, _ in back], "bounced")
    for credit_id, occasion in back:
        if occasion.startswith(errands.LASTING):
            errands.note([credit_id], occasion)
