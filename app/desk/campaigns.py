"""Campaigns at the desk: the list, one of them at each step of its life, and the verbs that carry it further."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.announcements import proposing
from app.boxoffice import picking
from app.cancellations import board, differing, inviting, managing, planning
from app.cancellations.planning import CampaignCard
from app.cancellations.plans import Plan
from app.desk import campaign_change_words, campaign_figures, campaign_words
from app.desk.frame import CAMPAIGNS, fragment, show, tell
from app.desk.money_frame import TRIES, prove
from app.incidents import board as incident_board
from app.kernel.access import Actor, Permission
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.people import colleagues
from app.settlements import listing
from app.web.doors import me, needs
from app.web.limits import limiter
from app.web.tongue import language
from app.web.words import field_words, words_of

campaigns = Blueprint("desk_campaigns", __name__, template_folder="templates", url_prefix=CAMPAIGNS)

_ONE = "/<int(max=9007199254740991):campaign_id>"
_Verb = Callable[[int, int, Actor], object]
#: What is pressed without typing anything, with who may.
_VERBS: Mapping[str, _Verb] = {
    "simulate": lambda key, _seen, by: managing.simulate(key, by=by),
    "start": lambda key, seen, by: managing.start(key, seen_version=seen, by=by),
    "abandon": lambda key, seen, by: managing.abandon(key, seen_version=seen, by=by),
    "remind": lambda key, _seen, by: inviting.remind(key, by=by),
}


@campaigns.get("")
@needs(Permission.CAMPAIGN_READ)
def listed() -> ResponseReturnValue:
    """Every campaign, the newest first, with how far it is."""
    cards = planning.cards(by=me())
    return show(
        "desk/campaigns/list.html", cards=cards, rates=board.rates(by=me()), words=campaign_words,
        differing=differing.marked([card.id for card in cards], by=me()),
    )  # fmt: skip


@campaigns.get(_ONE)
@needs(Permission.CAMPAIGN_READ)
def one(campaign_id: int) -> ResponseReturnValue:
    """One campaign at the step where it is."""
    return _page(planning.card(campaign_id, by=me()))


@campaigns.get(f"{_ONE}/etat")
@needs(Permission.CAMPAIGN_READ)
def state(campaign_id: int) -> ResponseReturnValue:
    """The part of the page that changes by itself while it opens."""
    card = planning.card(campaign_id, by=me())
    return fragment("desk/campaigns/_progress.html", card=card, found=board.board(card.id, by=me()))


@campaigns.post(_ONE)
@needs(Permission.CAMPAIGN_READ)
def press(campaign_id: int) -> ResponseReturnValue:
    """Carry it further; every verb asks again who presses."""
    what = request.form.get("do", "")
    if what not in _VERBS:
        raise NotFound("verb")
    seen = request.form.get("version", "")
    try:
        _VERBS[what](campaign_id, int(seen) if seen.isdecimal() and len(seen) < 10 else 0, me())
    except Conflict as problem:
        return _page(planning.card(campaign_id, by=me()), problem=words_of(problem.code), status=409)
    tell(_told(what))
    if what == "abandon":
        return redirect(url_for("desk_campaigns.listed"), 303)
    return redirect(url_for("desk_campaigns.one", campaign_id=campaign_id), 303)


@campaigns.post(f"{_ONE}/accord")
@needs(Permission.CAMPAIGN_APPROVE)
@limiter.limit(TRIES)
def approve(campaign_id: int) -> ResponseReturnValue:
    """A second person agrees, types their password and the amount: simulated, or to which credits came instead."""
    typed, seen = request.form.get("amount", "")[:40], request.form.get("version", "")
    version, made = int(seen) if seen.isdecimal() and len(seen) < 10 else 0, "made" in request.form
    try:
        prove()
        if made:
            managing.accept(campaign_id, typed, by=me())
        else:
            managing.approve(campaign_id, typed, seen_version=version, by=me())
    except Invalid as problem:
        return _page(planning.card(campaign_id, by=me()), field_words(problem), typed=typed, status=422)
    except (Conflict, Forbidden) as problem:
        status = 409 if isinstance(problem, Conflict) else 403
        return _page(planning.card(campaign_id, by=me()), typed=typed, problem=words_of(problem.code), status=status)
    tell(_told("accept" if made else "approve"))
    return redirect(url_for("desk_campaigns.one", campaign_id=campaign_id), 303)


def _told(what: str) -> str:
    return {
        "approve": _("You approved this campaign. It can be opened now."),
        "accept": _("You agreed to what the credits came to. Their households are written to from now on."),
        "simulate": _("Simulated. Nobody was told anything."),
        "start": _("The campaign is opening: credits are made and households invited from now on."),
        "abandon": _("The campaign is given up. Nobody was told anything."),
        "remind": _("Whoever has not answered is reminded, except those who were written to within 48 hours."),
    }[what]


def _page(
    card: CampaignCard, errors: Mapping[str, str] | None = None, *, typed: str = "", problem: str = "",
    status: int = 200,
) -> ResponseReturnValue:  # fmt: skip
    by, before = me(), card.state in managing.BEFORE or card.state == "abandoned"
    found = None if before else board.board(card.id, by=by)
    plan = planning.plan_of(card.id, by=by)
    asked = before or card.made_cents is not None
    approvers = colleagues.who_may(Permission.CAMPAIGN_APPROVE) if asked else {}
    authors = {card.created_by, card.edited_by}
    return show(
        "desk/campaigns/one.html", status=status, card=card, plan=plan, words=campaign_words, errors=errors or {},
        problem=problem, typed=typed, before=before, found=found, **_drawn(card, found),
        names=board.names([card.created_by, card.edited_by, card.approved_by]), own=by.person_id in authors,
        approvers=sorted(name for key, name in approvers.items() if key not in authors),
        came_from=_came_from(plan), **_differences(card),
        may_work=by.may(Permission.CAMPAIGN_WORK), may_approve=by.may(Permission.CAMPAIGN_APPROVE),
    )  # fmt: skip


def _differences(card: CampaignCard) -> dict[str, Any]:
    """What the box office says otherwise than the campaign."""
    found = differing.waiting(card.id, by=me())
    named = {one.id: campaign_change_words.named(one) for one in picking.cards(one.performance_id for one in found)}
    return {"differences": found, "named": named, "said": campaign_change_words}


def _came_from(plan: Plan) -> dict[str, Any]:
    """The incidents and announcements about its performances, where somebody may read them."""
    if not me().may(Permission.INCIDENT_READ):
        return {"incidents": [], "announcements": []}
    shows = set(plan.performances)
    return {
        "incidents": incident_board.about(shows, by=me()),
        "announcements": sorted(proposing.about(shows, by=me()).values()),
    }


def _drawn(card: CampaignCard, found: board.Board | None) -> dict[str, Any]:
    if found is not None:
        return {
            "tiles": campaign_figures.tiles(found, listing.rejects(card.id, by=me())),
            "answers": campaign_figures.answers(found),
            "chosen": campaign_figures.chosen(found), "simulated": None, "shows": {}, "obstacles": [],
        }  # fmt: skip
    simulated = card.simulation if card.state != "draft" else None
    shows = picking.cards(int(key) for key in simulated["performances"]) if simulated else []
    obstacles = [words_of(code) for code in simulated["obstacles"]] if simulated else []
    titles = {str(show.id): (show.title(language()), show.starts_at) for show in shows}
    return {"simulated": simulated, "shows": titles, "obstacles": obstacles}
