"""One credit at the desk: for which seats, what may be chosen, what was; on paper too. Nothing is chosen here."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.cancellations import board, choosing
from app.cancellations.board import CreditRow
from app.cancellations.choosing import ChoicePage
from app.desk import campaign_words, credit_typed
from app.desk.frame import CREDITS, show
from app.kernel.access import Permission
from app.web.doors import me, needs
from app.web.forms import new_submission
from app.web.presentation import money
from app.web.tongue import language

credits = Blueprint("desk_credits", __name__, template_folder="templates", url_prefix=CREDITS)


@credits.get("/<number>")
@needs(Permission.CAMPAIGN_READ)
def one(number: str) -> ResponseReturnValue:
    """One credit with everything that happened to it."""
    row, page = entered(number)
    typed = credit_typed.begun(page, new_submission(), language(), row.household)
    return show("desk/credits/one.html", typed=typed, errors={}, problem="", answering=False, **shown(row, page))


@credits.get("/<number>/recapitulatif")
@needs(Permission.CAMPAIGN_READ)
def recap(number: str) -> ResponseReturnValue:
    """What was chosen, on paper, for somebody who has no e-mail."""
    row, page = entered(number)
    return show("desk/credits/recap.html", **shown(row, page))


@credits.get("/<number>/bulletin")
@needs(Permission.CAMPAIGN_READ)
def coupon(number: str) -> ResponseReturnValue:
    """A sheet to be filled in by hand and sent back; it carries no private link."""
    row, page = entered(number)
    return show("desk/credits/coupon.html", **shown(row, page))


def entered(number: str) -> tuple[CreditRow, ChoicePage]:
    """A credit by its number.

    Raises:
        NotFound: there is none.
    """
    row = board.credit_numbered(number.replace("\x00", "")[:40], by=me())
    return row, choosing.page_for(row.id, by=me())


def shown(row: CreditRow, page: ChoicePage) -> dict[str, Any]:
    """What every page of a credit shows."""
    return {
        "row": row, "page": page, "words": campaign_words, "labels": _labels(page), "consent": consent_text(page),
        "needs": {one.needs for one in page.options if one.most},
    }  # fmt: skip


def consent_text(page: ChoicePage) -> str:
    """What is read out before somebody agrees, in the language of the colleague."""
    owed = money(page.amount_cents, page.currency, language())
    return _(
        "The credit %(number)s of %(amount)s is yours to decide about. I note your choice as you say it; you get a "
        "recap, and may change your mind until it is carried out. A gift is your free decision and is not given "
        "back. Do you agree?", number=page.number, amount=owed,
    )  # fmt: skip


def _labels(page: ChoicePage) -> dict[str, str]:
    return {one.code: one.label(language()) or campaign_words.option(one.code) for one in page.options}
