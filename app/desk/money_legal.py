"""Figures of laws and banks: what holds, who said so, when and from where; said anew by finance."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.cancellations import board
from app.desk import money_frame, money_said
from app.desk.frame import CAMPAIGNS, show, tell
from app.desk.money_frame import Refused, refused
from app.kernel.access import Permission
from app.kernel.errors import Problem
from app.settlements import legal
from app.settlements.legal import LegalCard
from app.web.doors import me, needs

money_legal = Blueprint(
    "desk_money_legal", __name__, template_folder="templates", url_prefix=f"{CAMPAIGNS}/comptes/lois"
)


@money_legal.get("")
@needs(Permission.MONEY_READ)
def page() -> ResponseReturnValue:
    """Every figure, with what it is about and where it stands written."""
    return show(
        "desk/money/legal.html", cards=legal.cards(by=me()), said=money_said,
        may_set_up=me().may(Permission.MONEY_SET_UP),
    )  # fmt: skip


@money_legal.get("/<code>")
@needs(Permission.MONEY_SET_UP)
def edit(code: str) -> ResponseReturnValue:
    """One figure and everything that was said of it."""
    card = legal.card(code, by=me())
    now = card.now
    typed = {"value": str(now.value), "source": now.source, "looked_up": now.looked_up.isoformat()}
    return _form(card, Refused(typed=typed))


@money_legal.post("/<code>")
@needs(Permission.MONEY_SET_UP)
def change(code: str) -> ResponseReturnValue:
    """Say it anew; what was made by the old one stays."""
    card, typed = legal.card(code, by=me()), money_frame.typed()
    number = typed.get("value", "").strip()
    try:
        legal.say(
            code, int(number) if number.isascii() and number.isdecimal() and len(number) < 11 else None,
            typed.get("source", ""), _day(typed), validated=bool(typed.get("validated")),
            seen_version=money_frame.number_of("version"), by=me(),
        )  # fmt: skip
    except Problem as problem:
        return _form(card, refused(problem))
    tell(_("Kept, with your name and the day."))
    return redirect(url_for("desk_money_legal.page"), 303)


def _day(typed: Mapping[str, str]) -> date | None:
    try:
        return date.fromisoformat(typed.get("looked_up", "").strip())
    except ValueError:
        return None


def _form(card: LegalCard, given: Refused) -> ResponseReturnValue:
    return show(
        "desk/money/legal_one.html", status=given.status, card=card, said=money_said, typed=given.typed,
        errors=given.errors, problem=given.problem, has_errors=bool(given.errors),
        names=board.names([one.by_id for one in card.sayings]),
    )  # fmt: skip
