"""Writing a campaign down and changing it: performances from the bill, who is left out, what may be chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.boxoffice import picking
from app.boxoffice.service import PerformanceCard
from app.cancellations import board, managing, planning
from app.cancellations.choices import CARRYOVER, VOUCHER
from app.desk import campaign_typed as forms
from app.desk import campaign_words
from app.desk.campaign_typed import Typed
from app.desk.frame import CAMPAIGNS, fragment, show, tell
from app.kernel.access import Permission
from app.kernel.errors import Conflict, Invalid
from app.venue import service as venue
from app.venue.moments import day, hour
from app.web.doors import me, needs
from app.web.tongue import language
from app.web.words import words_of

campaign_form = Blueprint("desk_campaign_form", __name__, template_folder="templates", url_prefix=CAMPAIGNS)

_ONE = "/<int(max=9007199254740991):campaign_id>/texte"
#: What a plan calls otherwise than the form.
_FIELDS = {"performances": "shows", "min_split_cents": "min_split", "rule": "fees"}


@campaign_form.get("/nouvelle")
@needs(Permission.CAMPAIGN_WORK)
def new() -> ResponseReturnValue:
    """The form of a new campaign, perhaps begun with performances named in the address."""
    shows = tuple(one for one in request.args.getlist("representation") if one.isdecimal() and len(one) < 16)
    return _page(forms.blank(shows))


@campaign_form.post("/nouvelle")
@needs(Permission.CAMPAIGN_WORK)
def create() -> ResponseReturnValue:
    """Write it down as a draft."""
    typed = forms.typed_in(request.form)
    if request.form.get("do") == "search":
        return _page(typed)
    try:
        campaign_id = managing.create(forms.plan_of(typed), by=me())
    except Invalid as problem:
        return _page(typed, _wrong(problem), 422)
    tell(_("The campaign is written down. Nobody was told anything: simulate it now."))
    return redirect(url_for("desk_campaigns.one", campaign_id=campaign_id), 303)


@campaign_form.get(_ONE)
@needs(Permission.CAMPAIGN_WORK)
def edit(campaign_id: int) -> ResponseReturnValue:
    """What is written down, to be changed."""
    card = planning.card(campaign_id, by=me())
    if card.state not in managing.BEFORE:
        tell(words_of("campaign_started"))
        return redirect(url_for("desk_campaigns.one", campaign_id=campaign_id), 302)
    plan = planning.plan_of(campaign_id, by=me())
    return _page(forms.kept(plan, language()), campaign_id=campaign_id, version=str(card.version))


@campaign_form.post(_ONE)
@needs(Permission.CAMPAIGN_WORK)
def change(campaign_id: int) -> ResponseReturnValue:
    """Write it anew; what was simulated and approved of it is void."""
    typed, version = forms.typed_in(request.form), request.form.get("version", "")[:9]
    if request.form.get("do") == "search":
        return _page(typed, campaign_id=campaign_id, version=version)
    seen = int(version) if version.isdecimal() else 0
    try:
        managing.edit(campaign_id, forms.plan_of(typed), seen_version=seen, by=me())
    except Invalid as problem:
        return _page(typed, _wrong(problem), 422, campaign_id=campaign_id, version=version)
    except Conflict as problem:
        return _page(typed, {"": words_of(problem.code)}, 409, campaign_id=campaign_id, version=version)
    tell(_("The campaign is changed. What was simulated and approved before is void."))
    return redirect(url_for("desk_campaigns.one", campaign_id=campaign_id), 303)


@campaign_form.post("/representations")
@needs(Permission.CAMPAIGN_WORK)
def performances() -> ResponseReturnValue:
    """Performances that hold the words looked for, beside those that are chosen."""
    typed = forms.typed_in(request.form)
    return fragment("desk/campaigns/_shows.html", errors={}, typed=typed, **_shows(typed))


def _wrong(problem: Invalid) -> dict[str, str]:
    return {_FIELDS.get(name, name): words_of(code) for name, code in problem.fields.items()}


def _page(
    typed: Typed, errors: Mapping[str, str] | None = None, status: int = 200, *, campaign_id: int | None = None,
    version: str = "",
) -> ResponseReturnValue:  # fmt: skip
    given = dict(errors or {})
    return show(
        "desk/campaigns/form.html", status=status, typed=typed, errors=given, campaign_id=campaign_id,
        version=version, words=campaign_words, voucher=VOUCHER, carryover=CARRYOVER,
        tariffs=[{"value": one, "label": one} for one in picking.tariffs(typed.shows)],
        regimes=[(code, fr if language() == "fr" else en) for code, fr, en in board.regimes(by=me())],
        **_shows(typed),
    )  # fmt: skip


def _shows(typed: Typed) -> dict[str, Any]:
    chosen = picking.cards(typed.shows)
    others = picking.found(typed["search"][:80], changed_only=bool(typed["changed_only"]), beside=typed.shows)
    return {"chosen": [_line(card) for card in chosen], "found": [_line(card) for card in others]}


def _line(card: PerformanceCard) -> dict[str, Any]:
    zone, lang = venue.house().tz, language()
    return {
        "id": card.id, "title": card.title(lang), "status": card.status,
        "when": f"{day(card.starts_at, lang, zone, short=True)}, {hour(card.starts_at, lang, zone)}, {card.hall}",
    }  # fmt: skip
