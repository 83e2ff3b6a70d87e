"""Households at the desk: found by what somebody has in hand, and one of them with everything that happened."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.boxoffice import disputing, profile
from app.boxoffice.profile import Profile
from app.desk import household_timeline, household_words, wording
from app.desk.article_page import names_of
from app.desk.frame import HOUSEHOLDS, show
from app.kernel.access import Permission
from app.web.doors import me, needs
from app.web.forms import new_submission
from app.web.words import words_of

households = Blueprint("desk_households", __name__, template_folder="templates", url_prefix=HOUSEHOLDS)


@households.get("")
@needs(Permission.PERSON_READ)
def found() -> ResponseReturnValue:
    """Households by name, e-mail, order or number; the only one found is opened at once."""
    text = request.args.get("q", "").strip()[:120]
    rows = profile.search(text, by=me())
    if len(rows) == 1 and me().may(Permission.ORDER_READ):
        return redirect(url_for("desk_households.one", code=rows[0].code), 303)
    return show("desk/households/found.html", text=text, rows=rows, words=household_words)


@households.get("/<code>")
@needs(Permission.ORDER_READ)
def one(code: str) -> ResponseReturnValue:
    """One household: who it is, and one line of time; a record that was merged leads to the one that stands for it."""
    found = profile.profile(code, by=me())
    if found.card.code != code:
        return redirect(url_for("desk_households.one", code=found.card.code), 302)
    return page(found)


def page(
    found: Profile, *, typed: Mapping[str, str] | None = None, wrong: Mapping[str, str] | None = None,
    status: int = 200,
) -> ResponseReturnValue:  # fmt: skip
    """The page of a household, with what somebody typed and what is wrong with it."""
    sort, by = request.args.get("voir", ""), me()
    entries = household_timeline.entries(found, by=by)
    return show(
        "desk/households/one.html", status=status, found=found, card=found.card, words=household_words, sort=sort,
        entries=[entry for entry in entries if sort in {"", entry.sort}],
        sorts=[one for one in household_timeline.sorts() if any(entry.sort == one[0] for entry in entries)],
        language_name=wording.language_name, typed=typed or {}, submission=new_submission(),
        errors={name: words_of(code) for name, code in (wrong or {}).items()},
        gifts=household_timeline.gifts(found, by=by), wished_by=_wished_by(found),
        disputed=sum(one.cents for one in disputing.cards_of(found.ids, by=by) if one.source),
    )  # fmt: skip


def _wished_by(found: Profile) -> str:
    """Who wrote down what the household wishes."""
    by_id = found.wished.by_id if found.wished else None
    return names_of({by_id}).get(by_id, "") if by_id else ""
