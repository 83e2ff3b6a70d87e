"""What a colleague writes down of a household on its page: a note, a telephone call, how it wants to be reached."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.boxoffice import noting, profile
from app.boxoffice.noting import Remark, Wishes
from app.boxoffice.profile import Profile
from app.desk import typed_moments
from app.desk.frame import HOUSEHOLDS, tell
from app.desk.households import page
from app.kernel.access import Permission
from app.kernel.errors import Invalid
from app.web.doors import me, needs
from app.web.forms import submission_key

household_notes = Blueprint("desk_household_notes", __name__, template_folder="templates", url_prefix=HOUSEHOLDS)

#: Fields of a note, and those of the wishes.
NOTE = ("kind", "whom", "at", "text")
WISHES = ("language", "preferred_channel", "optin_email", "optin_sms", "do_not_contact")
_ANSWERS = {"yes": True, "no": False, "": None}


@household_notes.post("/<code>/notes")
@needs(Permission.HOUSEHOLD_NOTE)
def note(code: str) -> ResponseReturnValue:
    """Keep a note, or a call with when and with whom."""
    found, typed = profile.profile(code, by=me()), _typed(NOTE)
    try:
        at = typed_moments.moment(typed["at"], "at")
        form = submission_key(request.form.get("submission"))
        remark = Remark(kind=typed["kind"], text=typed["text"], whom=typed["whom"], at=at, form=form)
        noting.note(found.household.id, remark, by=me())
    except Invalid as problem:
        return page(found, typed=typed, wrong=problem.fields, status=422)
    tell(_("The note is kept.") if typed["kind"] == "note" else _("The call is kept."))
    return _back(found)


@household_notes.post("/<code>/souhaits")
@needs(Permission.HOUSEHOLD_NOTE)
def wish(code: str) -> ResponseReturnValue:
    """Keep how the household wants to be reached and what it agreed to."""
    found, typed = profile.profile(code, by=me()), _typed(WISHES)
    try:
        wishes = Wishes(
            language=typed["language"], preferred_channel=typed["preferred_channel"],
            do_not_contact=typed["do_not_contact"] == "1", optin_email=_answer(typed, "optin_email"),
            optin_sms=_answer(typed, "optin_sms"),
        )  # fmt: skip
        noting.wish(found.household.id, wishes, by=me())
    except Invalid as problem:
        return page(found, typed=typed, wrong=problem.fields, status=422)
    tell(_("What the household wishes is kept; no import changes it."))
    return _back(found)


def _typed(names: tuple[str, ...]) -> dict[str, str]:
    most = noting.LONGEST + 1
    return {name: request.form.get(name, "").replace("\x00", "").replace("\r\n", "\n")[:most] for name in names}


def _answer(typed: dict[str, str], name: str) -> bool | None:
    if typed[name] not in _ANSWERS:
        raise Invalid({name: "choose_one"})
    return _ANSWERS[typed[name]]


def _back(found: Profile) -> ResponseReturnValue:
    return redirect(url_for("desk_households.one", code=found.card.code), 303)
