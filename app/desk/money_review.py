"""Lines of money that somebody looks at before they are paid, and what they decide."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.cancellations import board
from app.cancellations.choices import MONEY
from app.desk import money_frame
from app.desk.frame import CAMPAIGNS, tell
from app.desk.money_frame import ONE, TRIES, Refused, prove, refused
from app.kernel.access import Actor, Permission
from app.kernel.errors import Conflict, NotFound, Problem
from app.settlements import changing, reviewing
from app.web.doors import me, needs
from app.web.limits import limiter

money_review = Blueprint("desk_money_review", __name__, template_folder="templates", url_prefix=CAMPAIGNS)

#: What may be decided.
_VERBS: Mapping[str, Callable[[int, str, Actor], None]] = {
    "release": lambda line, why, by: reviewing.release(line, why, by=by),
    "refuse": lambda line, why, by: reviewing.refuse(line, why, by=by),
}


@money_review.get(f"{ONE}/examen")
@needs(Permission.MONEY_READ)
def page(campaign_id: int) -> ResponseReturnValue:
    """Every line that waits, with why."""
    return _page(campaign_id)


@money_review.post(f"{ONE}/examen/<int(max=9007199254740991):line_id>")
@needs(Permission.MONEY_APPROVE)
def decide(campaign_id: int, line_id: int) -> ResponseReturnValue:
    """Let a line be paid, or not, with the reason that whoever reads it later will ask for."""
    what = request.form.get("do", "")
    if what not in _VERBS:
        raise NotFound("verb")
    try:
        _VERBS[what](line_id, request.form.get("reason", "").replace("\x00", ""), me())
    except Problem as problem:
        return _page(campaign_id, refused(problem), line_id)
    tell(
        _("Released: it stands in the next batch.") if what == "release"
        else _("Refused: its household is asked for another account.")
    )  # fmt: skip
    return redirect(url_for("desk_money_review.page", campaign_id=campaign_id), 303)


@money_review.post(f"{ONE}/modifications/<int(max=9007199254740991):change_id>")
@needs(Permission.MONEY_APPROVE)
@limiter.limit(TRIES)
def decide_change(campaign_id: int, change_id: int) -> ResponseReturnValue:
    """Agree, with one's password, that a locked line ends and another one follows it; or leave it as it is."""
    if all(card.id != change_id for card in changing.waiting(campaign_id, by=me())):
        return _page(campaign_id, refused(Conflict("change_decided")))
    try:
        if request.form.get("do") == "refuse":
            changing.refuse(change_id, by=me())
            tell(_("The line stays as it was locked."))
        else:
            prove()
            after = changing.agree(change_id, by=me())
            tell(_("Changed: %(line)s is paid instead. Put it into a batch.", line=after))
    except Problem as problem:
        return _page(campaign_id, refused(problem), change_id=change_id)
    return redirect(url_for("desk_money_review.page", campaign_id=campaign_id), 303)


def _changes(campaign_id: int) -> dict[str, object]:
    cards = changing.waiting(campaign_id, by=me())
    return {"changes": cards, "names": board.names([card.asked_by for card in cards])}


def _page(campaign_id: int, given: Refused | None = None, line_id: int = 0, change_id: int = 0) -> ResponseReturnValue:
    rows = reviewing.queue(campaign_id, by=me())
    return money_frame.page(
        "desk/money/review.html", campaign_id, "review", given, rows=[row for row in rows if not row.own],
        own=sum(row.own for row in rows), most=reviewing.SHOWN, at=line_id, at_change=change_id, money=MONEY,
        may_decide=me().may(Permission.MONEY_APPROVE), **_changes(campaign_id),
    )  # fmt: skip
