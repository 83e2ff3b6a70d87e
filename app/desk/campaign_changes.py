"""What changed since a campaign opened: what is found later, what takes place after all, the campaign taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.boxoffice import picking
from app.boxoffice.service import PerformanceCard
from app.cancellations import board, differing, planning, spares, sparing, supplementing, withdrawing
from app.cancellations.planning import CampaignCard
from app.desk import campaign_change_words as change_words
from app.desk import campaign_words
from app.desk.frame import CAMPAIGNS, show, tell
from app.desk.money_frame import TRIES, prove
from app.kernel import clock
from app.kernel.access import Permission
from app.kernel.errors import Conflict, Forbidden, Invalid
from app.people import colleagues
from app.web.doors import me, needs
from app.web.limits import limiter
from app.web.words import field_words, words_of

campaign_changes = Blueprint("desk_campaign_changes", __name__, template_folder="templates", url_prefix=CAMPAIGNS)

_ONE = "/<int(max=9007199254740991):campaign_id>/changements"


@dataclass(frozen=True, slots=True)
class _Given:
    """What a form of the page held, and what is wrong with it."""

    errors: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    status: int = 200


@campaign_changes.get(_ONE)
@needs(Permission.CAMPAIGN_READ)
def page(campaign_id: int) -> ResponseReturnValue:
    """Everything that changed, and what may be changed still."""
    card = planning.card(campaign_id, by=me())
    if card.opened_at is None and card.state != "opening":
        return redirect(url_for("desk_campaigns.one", campaign_id=campaign_id))
    return _page(card)


@campaign_changes.post(f"{_ONE}/recherche")
@needs(Permission.CAMPAIGN_WORK)
def look_for_more(campaign_id: int) -> ResponseReturnValue:
    """Find out what is owed more; nobody is told."""

    def look() -> str:
        if supplementing.simulate(campaign_id, by=me()).number:
            return _("More is owed: it stands below. Nobody was told anything.")
        return _("Nothing more is owed.")

    return _done(campaign_id, look)


@campaign_changes.post(f"{_ONE}/accord")
@needs(Permission.CAMPAIGN_APPROVE)
@limiter.limit(TRIES)
def agree(campaign_id: int) -> ResponseReturnValue:
    """A second person agrees to what was found, types its amount, and their password."""

    def approve() -> str:
        prove()
        supplementing.approve(campaign_id, request.form.get("amount", "")[:40], seen=_seen(), by=me())
        return _("You agreed. The credits are made and their households written to from now on.")

    return _done(campaign_id, approve)


@campaign_changes.get(f"{_ONE}/representation")
@needs(Permission.CAMPAIGN_APPROVE)
def check(campaign_id: int) -> ResponseReturnValue:
    """What follows if a performance takes place after all; nothing changes yet."""
    card = planning.card(campaign_id, by=me())
    chosen, why = request.args.get("representation", ""), request.args.get("motif", "")
    wanted = next((one for one in _shows(campaign_id) if str(one.id) == chosen), None)
    wrong = {} if wanted else {"representation": words_of("unknown_choice")}
    if why not in sparing.WHYS:
        wrong["motif"] = words_of("choose_one")
    if wanted is None or wrong:
        return _page(card, _Given(errors=wrong, status=422))
    return show(
        "desk/campaigns/spare.html", card=card, wanted=wanted, why=why, words=change_words,
        concerned=spares.concerned(campaign_id, wanted.id, by=me()),
    )  # fmt: skip


@campaign_changes.post(f"{_ONE}/representation")
@needs(Permission.CAMPAIGN_APPROVE)
def spare(campaign_id: int) -> ResponseReturnValue:
    """Take a performance out of the campaign."""

    def take_out() -> str:
        sparing.spare(campaign_id, _performance(), request.form.get("motif", ""), by=me())
        return _("This performance takes place: the credits are corrected and their households told from now on.")

    return _done(campaign_id, take_out)


@campaign_changes.post(f"{_ONE}/lu")
@needs(Permission.CAMPAIGN_WORK)
def look(campaign_id: int) -> ResponseReturnValue:
    """Somebody read what the box office says otherwise, and leaves the campaign as it is."""
    differing.look(campaign_id, _performance(), by=me())
    tell(_("Noted. The campaign stays as it is."))
    return redirect(url_for("desk_campaigns.one", campaign_id=campaign_id), 303)


@campaign_changes.post(f"{_ONE}/retrait")
@needs(Permission.CAMPAIGN_APPROVE)
def withdraw(campaign_id: int) -> ResponseReturnValue:
    """Take the whole campaign back, before anything is locked."""
    if not request.form.get("sure"):
        wrong = {"sure": _("Tick this first: it cannot be undone.")}
        return _page(planning.card(campaign_id, by=me()), _Given(errors=wrong, status=422))

    def take_back() -> str:
        withdrawing.withdraw(campaign_id, by=me())
        return _("The campaign is taken back: nobody can choose any more, and whoever was written to is told once.")

    return _done(campaign_id, take_back)


def _performance() -> int:
    return _number(request.form.get("representation", ""))


def _number(given: str) -> int:
    return int(given) if given.isdecimal() and len(given) < 16 else 0


def _seen() -> datetime:
    """When what the page showed was found; a page that says nothing showed nothing."""
    try:
        return datetime.fromisoformat(request.form.get("seen", "")).astimezone(UTC)
    except (ValueError, OverflowError):
        return datetime.min.replace(tzinfo=UTC)


def _done(campaign_id: int, verb: Callable[[], str]) -> ResponseReturnValue:
    """Do it and say so, or show the page again with what was typed and why it was refused."""
    try:
        sentence = verb()
    except Invalid as problem:
        return _page(planning.card(campaign_id, by=me()), _Given(errors=field_words(problem), status=422))
    except (Conflict, Forbidden) as problem:
        status = 409 if isinstance(problem, Conflict) else 403
        return _page(planning.card(campaign_id, by=me()), _Given(problem=words_of(problem.code), status=status))
    tell(sentence)
    return redirect(url_for("desk_campaign_changes.page", campaign_id=campaign_id), 303)


def _page(card: CampaignCard, given: _Given | None = None) -> ResponseReturnValue:
    given = given or _Given()
    return show(
        "desk/campaigns/changes.html", status=given.status, card=card, errors=given.errors, problem=given.problem,
        typed=request.values, words=campaign_words, said=change_words, **_later(card), **_spared(card),
        withdrawable=card.state in withdrawing.UNLOCKED, may_work=me().may(Permission.CAMPAIGN_WORK),
        may_approve=me().may(Permission.CAMPAIGN_APPROVE),
    )  # fmt: skip


def _later(card: CampaignCard) -> dict[str, Any]:
    """What was found later, with who may agree to what waits for a second person."""
    number, start = (_number(request.args.get(name, "")) for name in ("ajout", "depuis"))
    by, found = me(), supplementing.supplements(card.id, number=number, start=start, by=me())
    waits = found[0] if found and found[0].state == "simulated" else None
    approvers = colleagues.who_may(Permission.CAMPAIGN_APPROVE) if waits else {}
    return {
        "waits": waits, "found": [one for one in found if one is not waits], "most": supplementing.ROWS,
        "making": any(one.state == "making" for one in found), "own": waits and waits.simulated_by == by.person_id,
        "late": card.state in supplementing.LATE and card.claim_until > clock.now(),
        "approvers": sorted(name for key, name in approvers.items() if waits and key != waits.simulated_by),
        "finders": board.names([key for one in found for key in (one.simulated_by, one.approved_by)]),
    }  # fmt: skip


def _spared(card: CampaignCard) -> dict[str, Any]:
    """Performances of the campaign, those that take place after all, and credits that keep seats of them."""
    gone, kept = spares.spared(card.id, by=me()), sparing.kept(card.id, by=me())
    return {
        "shows": [(one.id, change_words.named(one)) for one in _shows(card.id)], "gone": gone, "kept": kept,
        "titles": {one.id: change_words.named(one) for one in picking.cards(one.performance_id for one in gone)},
        "sparers": board.names([one.by_id for one in gone]), "running": card.state in sparing.RUNNING,
        "whys": change_words.whys(),
    }  # fmt: skip


def _shows(campaign_id: int) -> list[PerformanceCard]:
    return picking.cards(planning.plan_of(campaign_id, by=me()).performances)
