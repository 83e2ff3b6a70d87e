"""The money of a campaign that is closed: what would be locked, what would not, and the lock itself."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.desk import money_frame
from app.desk.frame import CAMPAIGNS, tell
from app.desk.money_frame import ONE, TRIES, Refused, prove, refused
from app.kernel.access import Permission
from app.kernel.errors import Problem
from app.settlements import batching, foreseeing, house, locking, reviewing
from app.web.doors import me, needs
from app.web.limits import limiter
from app.web.presentation import money as cash
from app.web.tongue import language

money = Blueprint("desk_money", __name__, template_folder="templates", url_prefix=CAMPAIGNS)


@money.get(ONE)
@needs(Permission.MONEY_READ)
def page(campaign_id: int) -> ResponseReturnValue:
    """What a lock would do now, and how far what was locked is."""
    return _page(campaign_id)


@money.post(f"{ONE}/verrou")
@needs(Permission.MONEY_LOCK)
@limiter.limit(TRIES)
def lock(campaign_id: int) -> ResponseReturnValue:
    """Lock what was chosen: who locks has typed the amount, and their password."""
    try:
        prove()
        locked = locking.lock(campaign_id, request.form.get("amount", "")[:40], by=me())
    except Problem as problem:
        return _page(campaign_id, refused(problem))
    tell(
        _("Locked: %(amount)s. A second person approves the batches.", amount=cash(locked.cents, "EUR", language())),
        more=ngettext("%(num)s line waits for a look first.", "%(num)s lines wait for a look first.", locked.held)
        if locked.held else "",
    )  # fmt: skip
    return redirect(url_for("desk_money_review.page" if locked.held else "desk_money_batches.page",
                            campaign_id=campaign_id), 303)  # fmt: skip


def _page(campaign_id: int, given: Refused | None = None) -> ResponseReturnValue:
    by = me()
    cards = [card for card in batching.cards(campaign_id, by=by) if card.state != "discarded"]
    return money_frame.page(
        "desk/money/one.html", campaign_id, "money", given, foreseen=foreseeing.foresee(campaign_id, by=by),
        cards=cards, held=reviewing.queue(campaign_id, by=by), house=house.card(by=by),
        may_lock=by.may(Permission.MONEY_LOCK), may_set_up=by.may(Permission.MONEY_SET_UP),
    )  # fmt: skip
