"""Money came back: behind its private link a household gives another account, and with a code that it is its own."""

from __future__ import annotations

from collections.abc import Mapping

from flask import redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.cancellations import accounts
from app.cancellations.page import AccountCard
from app.kernel.errors import Conflict, Invalid, NotFound
from app.portal import choices_money as money
from app.portal.addresses import pages
from app.portal.choices_frame import PRESSES, TRIES, Visit, back, drawn, entered
from app.settlements import correcting
from app.settlements.correcting import Asked
from app.web import choice_form as forms
from app.web.choice_form import NEW, Typed
from app.web.doors import public
from app.web.words import words_of

choice_account = pages("portal_choice_account")


@choice_account.get("/c/<token>/compte")
@public
def form(token: str) -> ResponseReturnValue:
    """What came back and why, and where to give another account."""
    visit, asked = _asked(token)
    return _form(visit, asked, forms.read(request.form)) if asked else _to_page(visit)


@choice_account.get("/c/<token>/compte/code")
@public
def code_alone(token: str) -> ResponseReturnValue:
    """Somebody came to the step of the code by its address."""
    return redirect(entered(token).at("portal_choice_account.form"), 303)


@choice_account.post("/c/<token>/compte")
@public
@PRESSES
def give(token: str) -> ResponseReturnValue:
    """Take an account; one that was not proven before asks for a code first."""
    visit, asked = _asked(token)
    if asked is None:
        return _to_page(visit)
    typed = forms.read(request.form)
    try:
        card, is_new = _account(visit, asked, typed)
    except Invalid as problem:
        return _form(visit, asked, typed, problem.fields)
    except Conflict as problem:
        return _form(visit, asked, typed, {"iban": problem.code})
    if card.proven:
        return _corrected(visit, asked, card)
    return _code(visit, card) if is_new else _send(visit, card)


@choice_account.post("/c/<token>/compte/code")
@public
@TRIES
def prove(token: str) -> ResponseReturnValue:
    """Take the code that was sent, or send another one; with the right one, what came back is paid to the account."""
    visit, asked = _asked(token)
    card = next((one for one in visit.page.accounts if one.id == forms.read(request.form).account_id), None)
    if asked is None or card is None:
        return _to_page(visit)
    if "encore" in request.form:
        return _send(visit, card)
    if not card.proven:
        try:
            accounts.prove(token, card.id, request.form.get("code", ""))
        except Invalid as problem:
            return _code(visit, card, wrong=problem.fields["code"])
    return _corrected(visit, asked, card)


def _asked(token: str) -> tuple[Visit, Asked | None]:
    visit = entered(token)
    asked = correcting.asked_of(visit.page)
    return visit, None if asked is None or asked.delicate else asked


def _account(visit: Visit, asked: Asked, typed: Typed) -> tuple[AccountCard, bool]:
    """The account meant, and whether it was typed just now: a number that is typed counts whatever is marked above."""
    known = None if typed.iban else next((one for one in asked.accounts if one.id == typed.account_id), None)
    return (known, False) if known else (accounts.give(visit.token, typed.iban, typed.holder), True)


def _corrected(visit: Visit, asked: Asked, card: AccountCard) -> ResponseReturnValue:
    try:
        correcting.correct(visit.token, card.id)
    except Invalid as problem:
        return _form(visit, asked, Typed(), problem.fields)
    except Conflict as problem:
        # Somebody was faster, perhaps the same hand: the page says how it stands.
        return _send(visit, card) if problem.code == "account_unproven" else _to_page(visit)
    return back(visit.token, "compte")


def _form(visit: Visit, asked: Asked, typed: Typed, wrong: Mapping[str, str] | None = None) -> Response:
    errors = {name: words_of(wrong[name]) for name in ("iban", "holder") if wrong and name in wrong}
    marked = NEW if typed.iban or not asked.accounts else typed.account or str(asked.accounts[-1].id)
    return drawn(
        "account", visit, 422 if errors else 200, asked=asked, reason=money.reason(asked.reason), typed=typed,
        errors=errors, has_errors=bool(errors), marked=marked,
    )  # fmt: skip


def _send(visit: Visit, card: AccountCard) -> Response:
    try:
        accounts.send_again(visit.token, card.id)
    except (Conflict, NotFound) as problem:
        return _code(visit, card, wrong=problem.code)
    return _code(visit, card, again=True)


def _code(visit: Visit, card: AccountCard, *, wrong: str = "", again: bool = False) -> Response:
    errors = {"code": words_of(wrong)} if wrong else {}
    return drawn(
        "account_code", visit, 422 if errors else 200, account=card, errors=errors, has_errors=bool(errors), again=again
    )  # fmt: skip


def _to_page(visit: Visit) -> ResponseReturnValue:
    return redirect(visit.at("page"), 303)
