"""Answering for a household at the counter, on the telephone or by post, by the same rules as its own page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.cancellations import accounts, choosing
from app.cancellations.board import CreditRow
from app.cancellations.choosing import ChoicePage
from app.desk.credits import consent_text, entered, shown
from app.desk.frame import CREDITS, show, tell
from app.kernel.access import Permission
from app.kernel.errors import Conflict, Forbidden, Invalid
from app.web import choice_form as forms
from app.web import option_words
from app.web.choice_form import Typed
from app.web.doors import me, needs
from app.web.forms import new_submission
from app.web.tongue import language
from app.web.words import words_of

credit_choices = Blueprint("desk_credit_choices", __name__, template_folder="templates", url_prefix=CREDITS)


@credit_choices.post("/<number>/choix")
@needs(Permission.CHOICE_FOR_OTHERS)
def choose(number: str) -> ResponseReturnValue:
    """Keep what the household wants; or fill the form further and show it again."""
    row, page = entered(number)
    typed, offered = forms.read(request.form), forms.codes(page)
    whole, rest = request.form.get("tout", ""), request.form.get("reste", "")
    if whole in offered:
        return _page(row, page, forms.wholly(typed, page, whole, language()))
    if rest:
        return _page(row, page, forms.with_rest(typed, page, rest, language()))
    lines, wrong = forms.division(typed, offered)
    if not request.form.get("consent"):
        wrong["consent"] = "consent_unread"
    if wrong:
        return _page(row, page, typed, wrong, 422)
    return _keep(row, page, typed, lines)


def _keep(row: CreditRow, page: ChoicePage, typed: Typed, lines: Mapping[str, int]) -> ResponseReturnValue:
    try:
        typed = _with_account(row, typed, lines)
        wish = forms.wish_of(typed, lines, consent_text(page))
        choosing.choose_for(row.id, wish, channel=_channel(), by=me())
    except Invalid as problem:
        row, page = entered(row.number)
        fresh = replace(typed, form=new_submission()) if "form" in problem.fields else typed
        return _page(row, page, fresh, problem.fields, 422)
    except Forbidden as problem:
        return _page(row, page, typed, problem=problem.code, status=403)
    except Conflict as problem:
        row, page = entered(row.number)
        return _page(row, page, replace(typed, seen=str(page.version)), problem=problem.code, status=409)
    tell(
        _("The choice is kept. Its recap is on its way by e-mail.") if row.reach == "email"
        else _("The choice is kept. Print its recap: no e-mail reaches this household.")
    )  # fmt: skip
    return redirect(url_for("desk_credits.one", number=row.number), 303)


def _with_account(row: CreditRow, typed: Typed, lines: Mapping[str, int]) -> Typed:
    """The account as it was typed is sealed at once, whatever else is wrong; its number stands on no further page."""
    if forms.TRANSFER not in lines or typed.account_id is not None:
        return typed
    if _channel() == "phone":
        # Whoever calls may be anybody: an account is shown at the counter, written on paper, or typed by its holder.
        raise Invalid({"iban": "iban_phone"})
    card = accounts.give_for(row.id, typed.iban, typed.holder, by=me())
    return replace(typed, account=str(card.id), iban="", holder="")


def _channel() -> str:
    return request.form.get("channel", "")


def _page(
    row: CreditRow, page: ChoicePage, typed: Typed, wrong: Mapping[str, str] | None = None, status: int = 200, *,
    problem: str = "",
) -> ResponseReturnValue:  # fmt: skip
    rest = page.amount_cents - sum(forms.division(typed, forms.codes(page))[0].values())
    return show(
        "desk/credits/one.html", status=status, typed=typed, channel=_channel(),
        errors=option_words.sentences(wrong or {}, page, rest),
        problem=words_of(problem) if problem else "", **shown(row, page),
    )  # fmt: skip
