"""Accounts and journals of the house: the usual ones as proposals, its own in their place, what was validated."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.boxoffice import picking
from app.cancellations import board, planning
from app.desk import campaign_change_words, money_frame, money_said
from app.desk.frame import CAMPAIGNS, show, tell
from app.kernel.access import Permission
from app.kernel.errors import Invalid, NotFound
from app.settlements import house
from app.settlements.house import CodeCard
from app.web.doors import me, needs
from app.web.words import field_words

money_codes = Blueprint("desk_money_codes", __name__, template_folder="templates", url_prefix=f"{CAMPAIGNS}/comptes")

_ONE = "/<purpose>/<key>"
#: How an address writes the key of what has none.
_NONE = "-"
_RATE = re.compile(r"(\d{1,2})(?:[.,](\d{1,2}))?\s*%?", re.ASCII)


@money_codes.get("")
@needs(Permission.MONEY_READ)
def page() -> ResponseReturnValue:
    """Every account, those that are missing first."""
    cards = house.codes(by=me())
    return show(
        "desk/money/codes.html", cards=cards, said=money_said, missing=house.missing(by=me()), names=_names(cards),
        shows=_shows({card.key for card in cards if card.purpose == "income" and card.key}), without=_NONE,
        house=house.card(by=me()), may_set_up=me().may(Permission.MONEY_SET_UP),
    )  # fmt: skip


@money_codes.get("/nouveau")
@needs(Permission.MONEY_SET_UP)
def new() -> ResponseReturnValue:
    """The form of an account for a rate of VAT, or for one performance."""
    return _new({"rate": request.args.get("taux", "")[:10]})


@money_codes.post("/nouveau")
@needs(Permission.MONEY_SET_UP)
def add() -> ResponseReturnValue:
    """Name an account for a rate of VAT, or for one performance."""
    typed = money_frame.typed()
    try:
        purpose, key = _what(typed)
        house.set_code(purpose, key, typed.get("code", ""), typed.get("label", ""), by=me())
    except Invalid as problem:
        return _new(typed, field_words(problem), 422)
    tell(_("The account is kept. It is to be validated by your accountant."))
    return redirect(url_for("desk_money_codes.page"), 303)


@money_codes.get(_ONE)
@needs(Permission.MONEY_SET_UP)
def edit(purpose: str, key: str) -> ResponseReturnValue:
    """One account as it stands, to be named otherwise."""
    card = _known(purpose, key)
    return _form(card, {"code": card.code, "label": card.label})


@money_codes.post(_ONE)
@needs(Permission.MONEY_SET_UP)
def change(purpose: str, key: str) -> ResponseReturnValue:
    """Name it otherwise; what was entered already stays."""
    card, typed = _known(purpose, key), money_frame.typed()
    try:
        house.set_code(card.purpose, card.key, typed.get("code", ""), typed.get("label", ""),
                       source=typed.get("source", ""), by=me())  # fmt: skip
    except Invalid as problem:
        return _form(card, typed, field_words(problem), 422)
    tell(_("The account is kept. It is to be validated by your accountant."))
    return redirect(url_for("desk_money_codes.page"), 303)


@money_codes.post(f"{_ONE}/valide")
@needs(Permission.MONEY_SET_UP)
def validate(purpose: str, key: str) -> ResponseReturnValue:
    """Say that the accountant agrees to it as it stands."""
    card = _known(purpose, key)
    house.validate_code(card.purpose, card.key, by=me())
    tell(_("Noted: your accountant agrees to %(code)s.", code=card.code))
    return redirect(url_for("desk_money_codes.page"), 303)


@money_codes.post(f"{_ONE}/retrait")
@needs(Permission.MONEY_SET_UP)
def withdraw(purpose: str, key: str) -> ResponseReturnValue:
    """Take it out: what needs it waits until another one is named."""
    card = _known(purpose, key)
    house.withdraw_code(card.purpose, card.key, by=me())
    tell(_("Taken out. What needs it is neither locked nor exported until another account is named."))
    return redirect(url_for("desk_money_codes.page"), 303)


def _known(purpose: str, key: str) -> CodeCard:
    wanted = (purpose, "" if key == _NONE else key)
    found = next((card for card in house.codes(by=me()) if (card.purpose, card.key) == wanted), None)
    if found is None:
        raise NotFound("account")
    return found


def _what(typed: Mapping[str, str]) -> tuple[str, str]:
    """What a new account is for. Shape: (purpose, key).

    Raises:
        Invalid: field `rate` or `show`.
    """
    if typed.get("for") == "show":
        if typed.get("show") not in dict(_bill()):
            raise Invalid({"show": "choose_one"})
        return "income", typed["show"]
    if typed.get("for") != "vat":
        raise Invalid({"for": "choose_one"})
    return "vat", str(_points(typed.get("rate", "")))


def _points(text: str) -> int:
    """A rate as typed, `8,5`, in hundredths of a per cent."""
    found = _RATE.fullmatch(text.strip())
    points = int(found[1]) * 100 + int(f"{found[2] or '':0<2}") if found else 0
    if not points:
        raise Invalid({"rate": "vat_rate"})
    return points


def _bill() -> list[tuple[str, str]]:
    """Performances of every campaign, to choose from."""
    found = picking.cards(planning.performances(by=me()))
    return [(str(card.id), campaign_change_words.named(card)) for card in found]


def _shows(keys: set[str]) -> dict[str, str]:
    cards = picking.cards(int(key) for key in keys)
    return {str(card.id): campaign_change_words.named(card) for card in cards}


def _names(cards: list[CodeCard]) -> dict[int, str]:
    found = board.names([card.validated_by for card in cards])
    return {key: person.name for key, person in found.items()}


def _new(typed: Mapping[str, str], errors: Mapping[str, str] | None = None, status: int = 200) -> ResponseReturnValue:
    return show(
        "desk/money/code_new.html", status=status, typed=typed, errors=errors or {}, has_errors=bool(errors),
        shows=_bill(),
    )  # fmt: skip


def _form(
    card: CodeCard, typed: Mapping[str, str], errors: Mapping[str, str] | None = None, status: int = 200
) -> ResponseReturnValue:
    history = house.words(card.purpose, card.key, by=me())
    return show(
        "desk/money/code.html", status=status, one=card, typed=typed, errors=errors or {}, has_errors=bool(errors),
        said=money_said, key=card.key or _NONE, history=history,
        names=board.names([one.by_id for one in history]),
        show=_shows({card.key}).get(card.key, "") if card.purpose == "income" and card.key else "",
    )  # fmt: skip
