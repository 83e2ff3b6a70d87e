"""The house as banks and accountants know it: name, account that is debited, limits; the account is shown masked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.cancellations import amounts
from app.desk import money_frame, money_said
from app.desk.frame import CAMPAIGNS, show, tell
from app.desk.money_frame import TRIES, Refused, prove, refused
from app.kernel.access import Permission
from app.kernel.errors import Invalid, Problem
from app.settlements import house
from app.settlements.details import LEGAL_FORMS, HouseDetails
from app.settlements.files import tables
from app.settlements.files.pain001 import VERSIONS
from app.web.doors import me, needs
from app.web.limits import limiter
from app.web.tongue import language

money_house = Blueprint(
    "desk_money_house", __name__, template_folder="templates", url_prefix=f"{CAMPAIGNS}/comptes/maison"
)

_TEXTS = (
    "name", "legal_form", "siren", "street", "street_number", "postcode", "city", "country", "bic", "sepa_version",
    "voucher_prefix",
)  # fmt: skip
_AMOUNTS = ("limit_line_cents", "limit_batch_cents")


@money_house.get("")
@needs(Permission.MONEY_SET_UP)
def page() -> ResponseReturnValue:
    """What the house says of its money."""
    return _page(Refused(typed=_kept(house.card(by=me()).details)))


@money_house.post("")
@needs(Permission.MONEY_SET_UP)
@limiter.limit(TRIES)
def change() -> ResponseReturnValue:
    """Change it; whoever does gives their password, for all money leaves from this account."""
    try:
        prove()
        house.set_up(
            _read(house.card(by=me()).details), iban=request.form.get("iban", "")[:60],
            seen_version=money_frame.number_of("version"), by=me(),
        )  # fmt: skip
    except Problem as problem:
        return _page(refused(problem))
    tell(_("Kept. Orders to the bank are written with it from now on."))
    return redirect(url_for("desk_money_codes.page"), 303)


def _kept(details: HouseDetails) -> dict[str, str]:
    told: dict[str, Any] = {name: getattr(details, name) for name in _TEXTS}
    told["execution_days"] = str(details.execution_days)
    told["vat_at_credit"] = "1" if details.vat_at_credit else ""
    cents = {name: tables.amount(getattr(details, name), language()) for name in _AMOUNTS}
    return {**told, **cents}


def _read(known: HouseDetails) -> HouseDetails:
    """What was typed, over what is known.

    Raises:
        Invalid: an amount or a number is none.
    """
    form, wrong = request.form, {}
    texts: dict[str, Any] = {name: form.get(name, "").replace("\x00", "").strip() for name in _TEXTS}
    cents: dict[str, Any] = {}
    days = form.get("execution_days", "").strip()
    for name in _AMOUNTS:
        cents[name], code = amounts.read(form.get(name, "")[:40])
        if code:
            wrong[name] = code
    if not (days.isascii() and days.isdecimal() and len(days) < 4):
        wrong["execution_days"] = "number"
    if wrong:
        raise Invalid(wrong)
    texts |= {"bic": texts["bic"].replace(" ", "").upper(), "country": texts["country"].upper()}
    return replace(
        known, **texts, **cents, execution_days=int(days), vat_at_credit=bool(form.get("vat_at_credit"))
    )  # fmt: skip


def _page(given: Refused) -> ResponseReturnValue:
    typed: Mapping[str, str] = given.typed
    return show(
        "desk/money/house.html", status=given.status, typed=typed, errors=given.errors, problem=given.problem,
        has_errors=bool(given.errors), card=house.card(by=me()), forms=money_said.legal_forms(LEGAL_FORMS),
        versions=[(one, one) for one in VERSIONS],
    )  # fmt: skip
