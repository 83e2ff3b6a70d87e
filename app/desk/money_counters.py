"""Counters of the house at which cash is handed over: named, called otherwise, closed."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.cancellations import counters
from app.desk import money_frame
from app.desk.frame import CAMPAIGNS, show, tell
from app.desk.money_frame import Refused, refused
from app.kernel.access import Permission
from app.kernel.errors import Problem
from app.web.doors import me, needs

money_counters = Blueprint(
    "desk_money_counters", __name__, template_folder="templates", url_prefix=f"{CAMPAIGNS}/comptes/guichets"
)


@money_counters.get("")
@needs(Permission.MONEY_READ)
def page() -> ResponseReturnValue:
    """Every counter, with how many answers belong to each."""
    return _page(Refused())


@money_counters.post("")
@needs(Permission.MONEY_SET_UP)
def add() -> ResponseReturnValue:
    """Name another one."""
    typed = money_frame.typed()
    try:
        counters.name(typed.get("name", ""), typed.get("place", ""), by=me())
    except Problem as problem:
        return _page(refused(problem))
    tell(_("The counter is kept. Answers in cash choose it from now on."))
    return redirect(url_for("desk_money_counters.page"), 303)


@money_counters.post("/<int(max=9007199254740991):counter_id>")
@needs(Permission.MONEY_SET_UP)
def change(counter_id: int) -> ResponseReturnValue:
    """Call one otherwise, close it, or open it again."""
    typed = money_frame.typed()
    try:
        counters.change(
            counter_id, typed.get("name", ""), typed.get("place", ""), is_open=bool(typed.get("open")),
            seen_version=money_frame.number_of("version"), by=me(),
        )  # fmt: skip
    except Problem as problem:
        return _page(refused(problem), counter_id)
    tell(_("The counter is kept."))
    return redirect(url_for("desk_money_counters.page"), 303)


def _page(given: Refused, at: int = 0) -> ResponseReturnValue:
    return show(
        "desk/money/counters.html", status=given.status, cards=counters.cards(by=me()), typed=given.typed, at=at,
        errors=given.errors, problem=given.problem, has_errors=bool(given.errors),
        may_set_up=me().may(Permission.MONEY_SET_UP),
    )  # fmt: skip
