"""One performance of a campaign takes place after all: its seats leave the credits, and their households are told once.

A choice that was made of more than is owed now holds no longer and is asked for again, a gift above all. What is locked
stays as it is and is listed: people decide about money that may have left.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.boxoffice import picking
from app.cancellations import campaign_queries, errands, joining, letters
from app.cancellations import queries as credits_of
from app.cancellations import sparing_queries as queries
from app.cancellations.amounts import said
from app.cancellations.choosing import choose_by_silence
from app.cancellations.events import CreditLessened, PerformanceSpared, SpareDue
from app.cancellations.lessening import Part, Seat, lessened
from app.cancellations.letters import Addressed
from app.cancellations.models import Campaign, CampaignSpare
from app.cancellations.page import leeway, silence_of
from app.cancellations.queries import Columns
from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.transaction import publish, transactional

#: Why a performance is in no campaign any more.
WHYS = ("plays", "moved", "mistake")
#: States in which credits are there.
RUNNING = ("opening", "open", "closed", "processing", "settled")
#: Credits corrected in one transaction.
GROUP = 100


@transactional
def spare(campaign_id: int, performance_id: int, why: str, *, by: Actor) -> None:
    """Take one performance out of a campaign that households know of; again, it changes nothing.

    Raises:
        Invalid: field `why`: none of `WHYS`.
        NotFound: there is no such campaign, or it is not about this performance.
        Conflict: it has not reached anybody, or is over.
    """
    by.must(Permission.CAMPAIGN_APPROVE)
    if why not in WHYS:
        raise Invalid({"why": "unknown_choice"})
    row = campaign_queries.campaign_to_change(campaign_id)
    if row is None:
        raise NotFound("campaign")
    if queries.spared(campaign_id, performance_id) is not None:
        return
    if row.state not in RUNNING or by.person_id is None:
        raise Conflict("campaign_not_open")
    if performance_id not in campaign_queries.performances(campaign_id):
        raise NotFound("performance")
    at = clock.now()
    session.add(
        CampaignSpare(campaign_id=row.id, performance_id=performance_id, why=why, by_id=by.person_id, at=at)
    )  # fmt: skip
    publish(PerformanceSpared(campaign_id=row.id, performance_id=performance_id, why=why), by=by)
    publish(SpareDue(campaign_id=row.id, performance_id=performance_id))


@transactional
def go(campaign_id: int, performance_id: int, after_id: int) -> int:
    """Correct the next credits that hold seats of a spared performance; asks for the next group itself."""
    campaign = campaign_queries.campaign(campaign_id)
    row = queries.spared(campaign_id, performance_id)
    if campaign is None or campaign.state not in RUNNING or row is None:
        return 0
    due = queries.to_correct(campaign_id, performance_id, after=after_id, limit=GROUP)
    for credit_id in due:
        _correct(campaign, row, credit_id)
    if len(due) == GROUP:
        publish(SpareDue(campaign_id=campaign_id, performance_id=performance_id, after_id=due[-1]))
    return len(due)


def _correct(campaign: Campaign, spared: CampaignSpare, credit_id: int) -> None:
    """Take the seats of a performance out of one credit, which is held, and tell its household."""
    row = credits_of.credit_held(credit_id)
    if row is None or row.state in queries.FIXED:
        return  # locked at this very moment
    seats = [Seat._make(one) for one in queries.seats(credit_id)]
    stay = [seat for seat in seats if seat.performance_id != spared.performance_id]
    if not stay:
        _void(campaign, row, _occasion(spared))
        return
    gone = [seat for seat in seats if seat.performance_id == spared.performance_id]
    less = lessened(stay, [Part._make(one) for one in queries.parts(credit_id)])
    queries.take_out([seat.item_id for seat in gone], clock.now())
    queries.leave_out(campaign.id, row.household_id, [seat.admission_id for seat in gone])
    queries.lessen(less.buckets)
    credits_of.change_credit(
        credit_id, amount_cents=less.cents, external_cents=less.external_cents, vat=dict(less.vat)
    )  # fmt: skip
    stands = _stands(campaign, row)
    publish(
        CreditLessened(
            credit_id=credit_id, performance_id=spared.performance_id, before_cents=row.amount_cents,
            cents=less.cents, asked_again=stands == "again",
        )
    )  # fmt: skip
    _tell(row, spared, stands)


def _stands(campaign: Campaign, row: Columns) -> str:
    """What becomes of a choice of more than is owed: none was made, it is asked for again, or silence decides anew."""
    if row.state != "answered":
        return "silent"
    open_ = campaign.state in {"opening", "open"}
    credits_of.change_credit(row.id, state="opened" if open_ else "unclaimed", answered_at=None)
    if credits_of.author_of(row.id, row.choice_version) != "default":
        return "again"
    now = credits_of.credit_held(row.id)
    offered = credits_of.options(campaign.id)
    option = silence_of(now, leeway(now, offered)) if now is not None else ""
    if now is None or not option:
        return "again"
    choose_by_silence(now, option, next(one.season for one in offered if one.code == option))
    return "kept"


def _void(campaign: Campaign, row: Columns, occasion: str) -> None:
    """Nothing is left of a credit."""
    told = queries.was_told(row.id)
    campaign_queries.void([row.id])
    joining.reopen([row.id])
    if row.reach == "email" and row.person_id is not None:
        one = Addressed._make(getattr(row, name) for name in Addressed._fields)
        if told and not letters.write_to(campaign, [one], "choice_void", occasion):
            errands.note([row.id], occasion)
    else:
        errands.note([row.id], occasion)


def _tell(before: Columns, spared: CampaignSpare, stands: str) -> None:
    row = credits_of.credit(before.id)
    occasion = _occasion(spared)
    if row is None or campaign_queries.was_told(row.id, occasion):
        return
    if row.reach == "email" and row.person_id is not None and not queries.was_told(row.id):
        return  # its first letter will tell the new amount
    told = row.reach == "email" and letters.write_one(row, "choice_less", occasion, _values(before, spared, stands))
    if not told:
        errands.note([row.id], occasion)
    elif stands == "kept":
        # What silence decides anew is told in the same letter.
        campaign_queries.note_letters([
            {"credit_id": row.id, "occasion": f"choice-{row.choice_version}", "letter_id": None, "at": clock.now()}
        ])  # fmt: skip


def _values(before: Columns, spared: CampaignSpare, stands: str) -> dict[str, str]:
    language = "fr" if before.language == "fr" else "en"
    (show,) = picking.cards([spared.performance_id])
    named = f"{show.title(language)}, {letters.date_words(show.starts_at, language)}"
    until = letters.date_words(letters.until(before), language)
    return {
        "reason": _REASONS[language][spared.why].format(show=named), "was": said(before.amount_cents, language),
        "state": _STANDS[language][stands].format(until=until),
    }  # fmt: skip


def _occasion(spared: CampaignSpare) -> str:
    return f"spare-{spared.performance_id}"


@dataclass(frozen=True, slots=True)
class Kept:
    """A credit that was locked with seats of a performance that takes place: somebody decides about it. Cents."""

    number: str
    household: str
    performance_id: int
    state: str
    seats: int
    cents: int


def kept(campaign_id: int, *, by: Actor) -> list[Kept]:
    """Credits that hold seats of spared performances since they were locked before, by number."""
    by.must(Permission.CAMPAIGN_READ)
    return [Kept(*row) for row in queries.kept(campaign_id)]


_REASONS = {
    "fr": {
        "plays": "La représentation suivante aura lieu : {show}. Vos billets pour cette date restent valables.",
        "moved": "La représentation suivante est déplacée, et non annulée : {show}. Vos billets restent valables pour "
        "la nouvelle date.",
        "mistake": "La représentation suivante avait été comptée par erreur parmi les annulations : {show}. Vos "
        "billets pour cette date restent valables.",
    },
    "en": {
        "plays": "This performance takes place: {show}. Your tickets for that date stay valid.",
        "moved": "This performance is moved, not cancelled: {show}. Your tickets stay valid for the new date.",
        "mistake": "This performance had been counted among the cancelled ones by mistake: {show}. Your tickets for "
        "that date stay valid.",
    },
}
_STANDS = {
    "fr": {
        "silent": "Rien d’autre ne change. Dites-nous, si possible avant le {until}, ce que doit devenir cette somme.",
        "again": "Ce que vous aviez choisi portait sur l’ancien montant et ne vaut donc plus. Choisissez de nouveau, "
        "si possible avant le {until} : rien n’est versé, ni donné, sans votre accord.",
        "kept": "Ce qui était prévu pour cet avoir faute de réponse vaut pour le nouveau montant ; vous pouvez encore "
        "en décider autrement.",
    },
    "en": {
        "silent": "Nothing else changes. Tell us, if possible before {until}, what should become of this amount.",
        "again": "What you had chosen was about the old amount and no longer holds. Please choose again, if possible "
        "before {until}: nothing is paid, nor given, without your word.",
        "kept": "What had been decided for this credit for want of an answer holds for the new amount; you may still "
        "decide otherwise.",
    },
}
