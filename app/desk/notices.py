"""What one is told by e-mail, and how often: a choice for each matter, of those one's roles know."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk.frame import show, tell
from app.kernel.errors import Forbidden, Invalid
from app.notices import choices
from app.notices.choices import Matter
from app.people import service as people
from app.web.doors import colleagues, me
from app.web.session import current_colleague
from app.web.words import field_words

notices = Blueprint("desk_notices", __name__, template_folder="templates", url_prefix="/regie/moi/avis")

Sentence = Callable[[], str]
_MATTERS: Mapping[str, Sentence] = {
    "assigned": lambda: _("A request is given to me"),
    "mentioned": lambda: _("A note names me"),
    "replied": lambda: _("The spectator writes in my request"),
    "due": lambda: _("A promise on my request ends soon, or has passed"),
    "reading": lambda: _("A text waits for a second reader, or mine was read"),
    "articles": lambda: _("An article needs a look, or a search finds nothing"),
    "held": lambda: _("The next wave of an answer of mine to a crowd waits"),
    "disputed": lambda: _("A bank takes back a payment, and lines that would pay it again wait"),
    "point": lambda: _("The point of the day: figures and what is late"),
    "team_due": lambda: _("A promise in my departments ends soon, or has passed"),
}
_WAYS: Mapping[str, Sentence] = {
    "away": lambda: _("At once, or in the summary when I am at the desk"),
    "now": lambda: _("At once, always"),
    "daily": lambda: _("In the summary of the day"),
    "days": lambda: _("Every open day, at nine"),
    "weekly": lambda: _("On Mondays, at nine"),
    "never": lambda: _("Never"),
}


@notices.get("")
@colleagues
def choose() -> ResponseReturnValue:
    """What one is told now."""
    return _page({matter.name: choices.way_of(matter, _preferences(), me().roles) for matter in _mine()})


@notices.post("")
@colleagues
def save() -> ResponseReturnValue:
    """Keep the choices."""
    given = {matter.name: request.form.get(matter.name, "") for matter in _mine()}
    wrong = {matter.name: "unknown_choice" for matter in _mine() if given[matter.name] not in matter.ways}
    if wrong:
        return _page(given, field_words(Invalid(wrong)), 422)
    people.set_preferences({choices.PREFERENCE: given}, by=me())
    tell(_("Your choices are saved."))
    return redirect(url_for("desk_notices.choose"), 303)


def _mine() -> list[Matter]:
    return choices.matters_of(me().roles)


def _preferences() -> Mapping[str, object]:
    colleague = current_colleague()
    if colleague is None:
        raise Forbidden("not_signed_in")
    return colleague.preferences


def _page(chosen: Mapping[str, str], errors: Mapping[str, str] | None = None, status: int = 200) -> ResponseReturnValue:
    lines = [(matter.name, _MATTERS[matter.name](), [(way, _WAYS[way]()) for way in matter.ways]) for matter in _mine()]
    return show("desk/notices.html", status=status, lines=lines, chosen=chosen, errors=errors or {})
