"""Saying at the desk that a performance is cancelled, moves or was broken off, before the ticketing system does."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.announcements import proposing
from app.boxoffice import picking
from app.boxoffice import service as boxoffice
from app.desk import announcement_words as words
from app.desk import typed_moments
from app.desk.frame import show, tell
from app.desk.incident_frame import ANNOUNCEMENTS
from app.kernel.access import Permission
from app.kernel.errors import Invalid
from app.venue import service as venue
from app.venue.moments import day, hour
from app.web.doors import me, needs
from app.web.tongue import language
from app.web.words import words_of

announcement_form = Blueprint("desk_announcement_form", __name__, template_folder="templates", url_prefix=ANNOUNCEMENTS)

_FIELDS = ("performance", "search", "cause", "new_starts_at")


@announcement_form.get("/nouvelle")
@needs(Permission.INCIDENT_DECLARE)
def new() -> ResponseReturnValue:
    """The form, perhaps begun with a performance named in the address."""
    return _page({name: request.args.get(name, "").replace("\x00", "")[:80] for name in _FIELDS})


@announcement_form.post("/nouvelle")
@needs(Permission.INCIDENT_DECLARE)
def say() -> ResponseReturnValue:
    """Say it: the bill tells it from now on, and telling its holders is proposed on the page that follows."""
    typed = {name: request.form.get(name, "").replace("\x00", "")[:80] for name in _FIELDS}
    if request.form.get("do") == "search":
        return _page(typed)
    number = typed["performance"]
    try:
        moment = typed_moments.moment(typed["new_starts_at"], "new_starts_at")
        key = int(number) if number.isdecimal() and len(number) < 16 else 0
        announcement_id = proposing.say(key, typed["cause"], moment, by=me())
    except Invalid as problem:
        return _page(typed, problem.fields, 422)
    tell(_("The bill tells it from now on. Decide now what the holders of tickets are told."))
    return redirect(url_for("desk_announcements.one", announcement_id=announcement_id), 303)


def _page(typed: Mapping[str, str], wrong: Mapping[str, str] | None = None, status: int = 200) -> ResponseReturnValue:
    found = boxoffice.coming(typed["search"])
    number = typed["performance"]
    if number.isdecimal() and len(number) < 16 and int(number) not in {card.id for card in found}:
        found = [*picking.cards([int(number)]), *found]
    zone, lang = venue.house().tz, language()
    return show(
        "desk/announcements/form.html", status=status, typed=typed, words=words,
        errors={name: words_of(code) for name, code in (wrong or {}).items()},
        performances=[
            (card.id, f"{card.title(lang)}, {day(card.starts_at, lang, zone, short=True)}, "
                      f"{hour(card.starts_at, lang, zone)}, {card.hall}")
            for card in found
        ],
    )  # fmt: skip
