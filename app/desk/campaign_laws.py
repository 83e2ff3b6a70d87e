"""Laws of a time that campaigns may name: listed with where they stand written, entered, changed, ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.cancellations import regimes
from app.cancellations.regimes import Regime
from app.desk.frame import CAMPAIGNS, show, tell
from app.kernel.access import Permission
from app.kernel.errors import Conflict, Invalid, NotFound
from app.web.doors import me, needs
from app.web.words import words_of

campaign_laws = Blueprint("desk_campaign_laws", __name__, template_folder="templates", url_prefix=f"{CAMPAIGNS}/lois")

_TEXTS = ("code", "title_fr", "title_en", "source", "scope", "from_on", "to_on", "max_validity_months")
#: Characters of any field that are kept.
_LONGEST = 2_000


@campaign_laws.get("")
@needs(Permission.CAMPAIGN_READ)
def listed() -> ResponseReturnValue:
    """Every law that was entered, the latest first."""
    return show(
        "desk/campaigns/laws.html", laws=regimes.listed(by=me()), today=regimes.today(),
        may_enter=me().may(Permission.CAMPAIGN_APPROVE),
    )  # fmt: skip


@campaign_laws.get("/nouvelle")
@needs(Permission.CAMPAIGN_APPROVE)
def new() -> ResponseReturnValue:
    """The form of a law."""
    return _form({"refund_at_expiry": "1"})


@campaign_laws.post("/nouvelle")
@needs(Permission.CAMPAIGN_APPROVE)
def enter() -> ResponseReturnValue:
    """Enter it, unless there is one of this code."""
    typed = _typed()
    if any(one.code == typed["code"].strip() for one in regimes.listed(by=me())):
        return _form(typed, {"code": _("There is a law of this code already.")}, status=422)
    return _entered(typed)


@campaign_laws.get("/<code>")
@needs(Permission.CAMPAIGN_APPROVE)
def edit(code: str) -> ResponseReturnValue:
    """A law as it was entered, to be changed or ended."""
    one = _known(code)
    typed = {name: str(getattr(one, name)) for name in _TEXTS}
    return _form(typed | {"refund_at_expiry": "1" if one.refund_at_expiry else ""}, code=code)


@campaign_laws.post("/<code>")
@needs(Permission.CAMPAIGN_APPROVE)
def change(code: str) -> ResponseReturnValue:
    """Change it, while no campaign that households know of rests on it."""
    return _entered(_typed() | {"code": _known(code).code}, code=code)


@campaign_laws.post("/<code>/fin")
@needs(Permission.CAMPAIGN_APPROVE)
def end(code: str) -> ResponseReturnValue:
    """Let it end earlier: no campaign opens by it after that day."""
    one, text = _known(code), request.form.get("last", "")[:_LONGEST]
    typed = {name: str(getattr(one, name)) for name in _TEXTS}
    typed |= {"refund_at_expiry": "1" if one.refund_at_expiry else "", "last": text}
    try:
        regimes.end(code, _date(text, "last"), by=me())
    except Invalid as problem:
        return _form(typed, {"last": words_of(problem.fields["last"])}, code=code, status=422)
    tell(_("This law ends on the day you gave."))
    return redirect(url_for("desk_campaign_laws.listed"), 303)


def _typed() -> dict[str, str]:
    lines = {name: request.form.get(name, "").replace("\x00", "")[:_LONGEST] for name in _TEXTS}
    return lines | {"refund_at_expiry": "1" if request.form.get("refund_at_expiry") else ""}


def _entered(typed: dict[str, str], code: str = "") -> ResponseReturnValue:
    try:
        regimes.enter(_read(typed), by=me())
    except Invalid as problem:
        wrong = {name: words_of(one) for name, one in problem.fields.items()}
        return _form(typed, wrong, code=code, status=422)
    except Conflict:
        return _form(typed, {"": _("A campaign rests on this law as it is: it can only end.")}, code=code, status=409)
    tell(_("The law is kept. Campaigns may name it."))
    return redirect(url_for("desk_campaign_laws.listed"), 303)


def _read(typed: Mapping[str, str]) -> Regime:
    """The law of a form.

    Raises:
        Invalid: a date or a number is none.
    """
    texts = {name: " ".join(typed[name].split()) for name in ("code", "title_fr", "title_en", "source", "scope")}
    months = typed["max_validity_months"].strip()
    wrong = {} if months.isascii() and months.isdecimal() and len(months) < 4 else {"max_validity_months": "number"}
    days: dict[str, date] = {}
    for name in ("from_on", "to_on"):
        try:
            days[name] = _date(typed[name], name)
        except Invalid as problem:
            wrong |= problem.fields
    if wrong:
        raise Invalid({**{name: "empty" for name, text in texts.items() if not text}, **wrong})
    return Regime(
        code=texts["code"], title_fr=texts["title_fr"], title_en=texts["title_en"], source=texts["source"],
        scope=texts["scope"], from_on=days["from_on"], to_on=days["to_on"], max_validity_months=int(months),
        refund_at_expiry=bool(typed["refund_at_expiry"]),
    )  # fmt: skip


def _date(text: str, name: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Invalid({name: "date"}) from None


def _known(code: str) -> Regime:
    found = next((one for one in regimes.listed(by=me()) if one.code == code), None)
    if found is None:
        raise NotFound("law")
    return found


def _form(
    typed: Mapping[str, str], errors: Mapping[str, str] | None = None, *, code: str = "", status: int = 200
) -> ResponseReturnValue:
    values: dict[str, Any] = dict.fromkeys((*_TEXTS, "last"), "") | dict(typed)
    return show("desk/campaigns/law.html", status=status, typed=values, errors=dict(errors or {}), code=code)
