"""Seats of a credit that become a companion's own, at the counter or on the telephone; and taken back."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.cancellations import companions
from app.cancellations.companions import Named
from app.desk.credits import entered
from app.desk.frame import CREDITS, show, tell
from app.kernel.access import Permission
from app.kernel.errors import Conflict, Forbidden, Invalid
from app.web.doors import me, needs
from app.web.forms import new_submission
from app.web.words import words_of

credit_companions = Blueprint("desk_credit_companions", __name__, template_folder="templates", url_prefix=CREDITS)


@credit_companions.get("/<number>/accompagnant")
@needs(Permission.CHOICE_FOR_OTHERS)
def form(number: str) -> ResponseReturnValue:
    """Which seats are whose, and where to reach them."""
    return _page(number, {})


@credit_companions.post("/<number>/accompagnant")
@needs(Permission.CHOICE_FOR_OTHERS)
def part(number: str) -> ResponseReturnValue:
    """Hand seats over, as whoever paid asks for; the same form sent twice does it once."""
    row, _credit = entered(number)
    named = Named(
        seats=frozenset(int(one) for one in request.form.getlist("seats") if _is_number(one)),
        name=_word("name"), email=_word("email"), form=_word("form") or new_submission(),
    )  # fmt: skip
    try:
        companions.part_for(row.id, named, by=me())
    except Invalid as problem:
        wrong = {name: words_of(code) for name, code in problem.fields.items()}
        return _page(number, {name: wrong[name] for name in ("seats", "name", "email") if name in wrong}, status=422)
    except Conflict as problem:
        return _page(number, {}, problem=words_of(problem.code), status=409)
    except Forbidden:
        return _page(number, {}, problem=_("This is your own household: ask a colleague."), status=403)
    tell(_("The seats are handed over; the companion is sent a link of their own."))
    return redirect(url_for("desk_credit_companions.form", number=row.number), 303)


@credit_companions.post("/<number>/accompagnant/reprise")
@needs(Permission.CHOICE_FOR_OTHERS)
def undo(number: str) -> ResponseReturnValue:
    """Take seats back, while nobody has chosen."""
    row, _credit = entered(number)
    said = _word("number")
    try:
        companions.undo_for(row.id, int(said) if _is_number(said) else 0, by=me())
    except Conflict as problem:
        return _page(number, {}, problem=words_of(problem.code), status=409)
    except Forbidden:
        return _page(number, {}, problem=_("This is your own household: ask a colleague."), status=403)
    tell(_("The seats are whoever’s who paid again."))
    return redirect(url_for("desk_credit_companions.form", number=row.number), 303)


def _word(name: str) -> str:
    return request.form.get(name, "").replace("\x00", "")[:400]


def _is_number(said: str) -> bool:
    return said.isascii() and said.isdecimal() and len(said) < 15


def _page(number: str, errors: Mapping[str, str], *, problem: str = "", status: int = 200) -> ResponseReturnValue:
    row, page = entered(number)
    refused = companions.refusal(row.id)
    return show(
        "desk/credits/companion.html", status=status, row=row, page=page, errors=errors,
        problem=problem or (words_of(refused) if refused else ""), open=not refused,
        known=companions.companions_of(row.id), form=_word("form") or new_submission(),
        typed={"seats": request.form.getlist("seats"), "name": _word("name"), "email": _word("email")},
    )  # fmt: skip
