"""One credit at the desk: for which seats, what may be chosen, what was; on paper too. Nothing is chosen here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.cancellations import board, choosing, counters
from app.cancellations.board import CreditRow
from app.cancellations.choosing import ChoicePage, OptionCard
from app.desk import campaign_change_words as change_words
from app.desk import campaign_words
from app.desk.frame import CREDITS, show
from app.kernel.access import Permission
from app.settlements import correcting
from app.web import choice_form, option_words
from app.web.choice_form import Typed
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
    typed = _named(choice_form.begun(page, new_submission(), language()), row.household)
    return show("desk/credits/one.html", typed=typed, channel="", errors={}, problem="", **shown(row, page))


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
        "row": row, "page": page, "words": campaign_words, "said": change_words,
        "back": correcting.asked_of(page), "labels": _labels(page), "consent": consent_text(page),
        "needs": {one.needs for one in page.options if one.most},
        "counters": [(one.id, one.name) for one in counters.open_ones()]
        if any(one.code in counters.HANDED for one in page.options) else [],
        "limits": {one.code: _limit(one, page) for one in page.options},
    }  # fmt: skip


def _named(typed: Typed, household: str) -> Typed:
    """The form with the name of the household wherever a name is asked for and none is known."""
    return replace(typed, holder=household, words={"name": household, **typed.words})


def consent_text(page: ChoicePage) -> str:
    """What is read out before somebody agrees, in the language of the colleague."""
    owed = money(page.amount_cents, page.currency, language())
    return _(
        "The credit %(number)s of %(amount)s is yours to decide about. I note your choice as you say it; you get a "
        "recap, and may change your mind until it is carried out. A gift is your free decision and is not given "
        "back. Do you agree?", number=page.number, amount=owed,
    )  # fmt: skip


def _labels(page: ChoicePage) -> dict[str, str]:
    return {one.code: option_words.label(one) for one in page.options}


def _limit(one: OptionCard, page: ChoicePage) -> str:
    return " ".join(filter(None, (option_words.limit(one, page), option_words.least(one, page) if one.most else "")))
