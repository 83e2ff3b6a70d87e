"""The sections of the settings: which of them somebody may open, and the frame around each; no setting is here."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk.frame import show
from app.kernel.access import Actor, Permission
from app.kernel.errors import Forbidden
from app.mail import balance, mailboxes
from app.web.doors import colleagues, me

sections = Blueprint("desk_sections", __name__, template_folder="templates")

_ROOT = "/regie/reglages"
#: Each section: its place, who may open it, its icon.
_PLACES = (
    ("horaires", Permission.SETTINGS_EDIT, "clock"), ("engagements", Permission.SETTINGS_EDIT, "flag"),
    ("attente", Permission.SETTINGS_EDIT, "clock"),
    ("motifs", Permission.SETTINGS_EDIT, "tag"), ("reponses", Permission.CANNED_EDIT, "bolt"),
    ("lettres", Permission.SETTINGS_EDIT, "note"),
    ("maison", Permission.SETTINGS_EDIT, "ticket"), ("services", Permission.SETTINGS_EDIT, "inbox"),
    ("boites", Permission.SETTINGS_EDIT, "send"),
    ("equipe", Permission.PERSON_EDIT, "users"), ("droits", Permission.PERMISSION_READ, "lock"),
    ("journal", Permission.SETTINGS_EDIT, "history"), ("courrier", Permission.LETTER_READ, "mail"),
)  # fmt: skip
#: The sections of the house itself come first, those of the people and of the machine after.
_OF_THE_HOUSE = 9


@sections.get("/regie/reglages")
@colleagues
def first() -> ResponseReturnValue:
    """The first section somebody may open."""
    found = _open_to(me())
    if not found:
        raise Forbidden("not_allowed")
    return redirect(f"{_ROOT}/{found[0][0]}", 302)


def show_section(template: str, **values: Any) -> Response:  # noqa: ANN401 - whatever a template names
    """A page of the settings with the list of sections beside it."""
    return show(template, groups=_groups(), **values)


def _groups() -> list[tuple[str, list[dict[str, Any]]]]:
    allowed = {place for place, _permission, _icon in _open_to(me())}
    lines = [_line(place, icon) if place in allowed else None for place, _permission, icon in _PLACES]
    parts = ((_("The house"), lines[:_OF_THE_HOUSE]), (_("People and traces"), lines[_OF_THE_HOUSE:]))
    return [(title, [line for line in some if line]) for title, some in parts if any(some)]


def _line(place: str, icon: str) -> dict[str, Any]:
    url = f"{_ROOT}/{place}"
    count = _alarms(place)
    return {
        "url": url, "label": _name(place), "icon": icon, "count": str(count) if count else None, "bad": count > 0,
        "current": request.path.startswith(url),
    }  # fmt: skip


def _alarms(place: str) -> int:
    if place == "boites":
        return mailboxes.alarms(by=me())
    return balance.broken(by=me()) if place == "courrier" else 0


def _open_to(by: Actor) -> list[tuple[str, Permission, str]]:
    return [row for row in _PLACES if by.may(row[1])]


def _name(place: str) -> str:
    names = {
        "horaires": _("Opening hours"), "engagements": _("Promises"), "motifs": _("Reasons and types"),
        "reponses": _("Canned answers"), "lettres": _("Letters"), "maison": _("Facts of the house"),
        "services": _("Departments"), "attente": _("Waiting"),
        "boites": _("Mailboxes"), "equipe": _("Colleagues"), "droits": _("Rights"), "journal": _("Changes"),
        "courrier": _("E-mails and work"),
    }  # fmt: skip
    return names[place]
