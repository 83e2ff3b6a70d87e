"""Money came back: a colleague takes another account from somebody who stands before them; the choice stays."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from app.cancellations.board import CreditRow
from app.desk import money_frame, money_said
from app.desk.credits import entered
from app.desk.frame import CREDITS, show, tell
from app.desk.money_frame import TRIES, Refused, prove, refused
from app.kernel.access import Permission
from app.kernel.errors import Invalid, Problem
from app.settlements import correcting
from app.settlements.correcting import Asked
from app.web.doors import me, needs
from app.web.limits import limiter

credit_accounts = Blueprint("desk_credit_accounts", __name__, template_folder="templates", url_prefix=CREDITS)


@credit_accounts.get("/<number>/compte")
@needs(Permission.CHOICE_FOR_OTHERS)
def form(number: str) -> ResponseReturnValue:
    """What came back and why, and where another account is written."""
    row, asked = _asked(number)
    return _form(row, asked, Refused()) if asked else _to_credit(row)


@credit_accounts.post("/<number>/compte")
@needs(Permission.CHOICE_FOR_OTHERS)
@limiter.limit(TRIES)
def give(number: str) -> ResponseReturnValue:
    """Take the account, and have what came back paid to it; who takes it gives their own password."""
    row, asked = _asked(number)
    if asked is None:
        return _to_credit(row)
    try:
        _shown_to_me()
        prove()
        count = _corrected(row, asked)
    except Problem as problem:
        return _form(row, asked, refused(problem))
    tell(ngettext(
        "Kept. %(num)s payment goes to this account in the next batch.",
        "Kept. %(num)s payments go to this account in the next batch.", count,
    ))  # fmt: skip
    return _to_credit(row)


def _asked(number: str) -> tuple[CreditRow, Asked | None]:
    row, page = entered(number)
    return row, correcting.asked_of(page)


def _shown_to_me() -> None:
    """See that the colleague says where the account comes from: on the telephone anybody may be anybody.

    Raises:
        Invalid: field `seen`.
    """
    if not request.form.get("seen"):
        raise Invalid({"seen": "details_unseen"})


def _corrected(row: CreditRow, asked: Asked) -> int:
    """Take the account that was marked, or the one that was typed.

    Raises:
        Invalid: fields `iban` and `holder`.
    """
    typed, marked = _typed(row), money_frame.number_of("account")
    if not typed.strip() and any(one.id == marked for one in asked.accounts):
        return correcting.correct_for(row.id, marked, by=me())
    return correcting.correct_with(row.id, typed, request.form.get("holder", "")[:255], by=me())


def _typed(row: CreditRow) -> str:
    """The number that was typed now, or before the form came back."""
    now = request.form.get("iban", "")[:60]
    return now if now.strip() else correcting.typed_before(row.id, request.form.get("held", "")[:1_000], by=me())


def _form(row: CreditRow, asked: Asked, given: Refused) -> ResponseReturnValue:
    # A number that was refused itself is to be typed again.
    wrong = "iban" in given.errors or request.method != "POST"
    held = correcting.Typed() if wrong else correcting.held(row.id, _typed(row), by=me())
    kept = [(one.id, f"{one.masked}, {one.name}") for one in asked.accounts]
    return show(
        "desk/credits/account.html", status=given.status, row=row, asked=asked, kept=kept,
        reason=money_said.reject(asked.reason), typed=given.typed, errors=given.errors, problem=given.problem,
        held=held, has_errors=bool(given.errors),
    )  # fmt: skip


def _to_credit(row: CreditRow) -> ResponseReturnValue:
    return redirect(url_for("desk_credits.one", number=row.number), 303)
