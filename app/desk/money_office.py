"""The ticketing system is told of a batch: pressed here, done by the worker, watched here."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.cancellations import board, planning
from app.desk import money_told
from app.desk.frame import CAMPAIGNS, fragment, tell
from app.desk.money_batches import drawn, known
from app.desk.money_frame import ONE, refused
from app.kernel.access import Permission
from app.kernel.errors import Problem
from app.settlements import mark_runs
from app.web.doors import me, needs

money_office = Blueprint("desk_money_office", __name__, template_folder="templates", url_prefix=CAMPAIGNS)

_HERE = f"{ONE}/lots/<number>/billetterie"


@money_office.get(_HERE)
@needs(Permission.MONEY_READ)
def state(campaign_id: int, number: str) -> ResponseReturnValue:
    """The part of the page of a batch that changes by itself while it is told."""
    batch = known(campaign_id, number)
    card, shown = planning.card(campaign_id, by=me()), money_told.shown(batch)
    return fragment("desk/money/_office.html", card=card, batch=batch, names=board.names(shown["people"]), **shown)


@money_office.post(_HERE)
@needs(Permission.MONEY_EXPORT)
def tell_office(campaign_id: int, number: str) -> ResponseReturnValue:
    """Have it told; what is being told already is not begun twice."""
    batch = known(campaign_id, number)
    try:
        mark_runs.ask(batch.id, by=me())
    except Problem as problem:
        return drawn(batch, refused(problem))
    tell(_("The ticketing system is being told of %(batch)s.", batch=batch.number))
    return redirect(url_for("desk_money_batches.one", campaign_id=campaign_id, number=batch.number), 303)
