"""How long each department waits for spectators before it reminds them, tells them of the end, and ends the request."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.assistant import waiting as awaiting
from app.assistant.patience import Rule
from app.desk.frame import tell
from app.desk.sections import show_section
from app.kernel.access import Permission
from app.kernel.errors import Invalid
from app.people import service as people
from app.web.doors import me, needs
from app.web.words import field_words

waiting = Blueprint("desk_waiting", __name__, template_folder="templates", url_prefix="/regie/reglages/attente")

_PARTS = ("remind", "warn", "end")


@waiting.get("")
@needs(Permission.SETTINGS_EDIT)
def rules() -> ResponseReturnValue:
    """The days of each department."""
    return _page(_typed())


@waiting.post("")
@needs(Permission.SETTINGS_EDIT)
def save() -> ResponseReturnValue:
    """Change the days; an empty field is never."""
    typed = {name: request.form.get(name, value).strip()[:8] for name, value in _typed().items()}
    try:
        awaiting.set_rules(_read(typed), by=me())
    except Invalid as problem:
        return _page(typed, field_words(problem), 422)
    tell(_("The days are saved. They hold for requests that wait already."))
    return redirect(url_for("desk_waiting.rules"), 303)


def _typed() -> dict[str, str]:
    return {
        f"{key}-{part}": "" if (days := getattr(rule, part)) is None else str(days)
        for key, rule in awaiting.rules().items()
        for part in _PARTS
    }


def _read(typed: Mapping[str, str]) -> dict[int, Rule]:
    wrong = {name: "number" for name, text in typed.items() if text and not (text.isascii() and text.isdecimal())}
    if wrong:
        raise Invalid(wrong)
    return {
        key: Rule(*(int(text) if (text := typed[f"{key}-{part}"]) else None for part in _PARTS))
        for key in awaiting.rules()
    }


def _page(typed: Mapping[str, str], errors: Mapping[str, str] | None = None, status: int = 200) -> ResponseReturnValue:
    return show_section(
        "desk/settings/waiting.html", status=status, departments=people.departments(), typed=typed, errors=errors or {}
    )
