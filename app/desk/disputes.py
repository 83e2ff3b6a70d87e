"""Payments by card of a household that a bank was asked to take back: noted with a reason, and undone."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.boxoffice import disputing, profile
from app.desk.article_page import names_of
from app.desk.frame import HOUSEHOLDS, show, tell
from app.kernel.access import Permission
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.web.doors import me, needs
from app.web.words import words_of

disputes = Blueprint("desk_disputes", __name__, template_folder="templates", url_prefix=HOUSEHOLDS)


@disputes.get("/<code>/contestations")
@needs(Permission.ORDER_READ)
def listed(code: str) -> ResponseReturnValue:
    """What the household paid by card, and what of it a bank was asked to take back."""
    return _page(code)


@disputes.post("/<code>/contestations/<int(max=9007199254740991):payment_id>")
@needs(Permission.CHOICE_FOR_OTHERS)
def say(code: str, payment_id: int) -> ResponseReturnValue:
    """Note that a bank takes a payment back, or that none does."""
    found, undone = profile.profile(code, by=me()), request.form.get("do") == "undo"
    if payment_id not in {one.payment_id for one in disputing.cards_of(found.ids, by=me())}:
        raise NotFound("payment")
    try:
        if undone:
            disputing.undo(payment_id, by=me())
        else:
            disputing.dispute(payment_id, request.form.get(f"reason-{payment_id}", ""), by=me())
    except Invalid as problem:
        return _page(code, payment_id, problem.fields, status=422)
    except Forbidden:
        return _page(code, problem=_("This is your own household: ask a colleague."), status=403)
    except Conflict as problem:
        return _page(code, problem=words_of(problem.code), status=409)
    tell(
        _("No bank takes this payment back: the card may be credited again.") if undone
        else _("Noted: the card is not credited while the bank takes this payment back.")
    )  # fmt: skip
    return redirect(url_for("desk_disputes.listed", code=found.card.code), 303)


def _page(
    code: str, at: int = 0, wrong: Mapping[str, str] | None = None, *, problem: str = "", status: int = 200
) -> ResponseReturnValue:
    found = profile.profile(code, by=me())
    rows = disputing.cards_of(found.ids, by=me())
    return show(
        "desk/households/disputes.html", status=status, card=found.card, rows=rows, at=at, problem=problem,
        names=names_of({one.noted_by for one in rows}), reason=request.form.get(f"reason-{at}", "")[:1_000],
        errors={f"reason-{at}": words_of(said) for said in (wrong or {}).values()},
    )  # fmt: skip
