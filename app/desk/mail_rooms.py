"""The lists of e-mails that wait for a person, as lines of a navigation with their counts; no page is here."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import pgettext

from app.kernel.access import Permission
from app.mail import balance, sight
from app.tickets import holding
from app.web.doors import me

UNPARSED, HELD = "/regie/courrier/illisibles", "/regie/courrier/retenus"
ROBOTS = "/regie/courrier/automatiques"
SLOW = "/regie/courrier/voie-lente"
BALANCE = "/regie/reglages/courrier"


def lines() -> list[dict[str, Any]]:
    """The lists somebody may work on."""
    by, found = me(), []
    if by.may(Permission.TICKET_READ):
        found.append(_line(HELD, pgettext("e-mails", "Held"), "lock", holding.count(by=by)))
    if by.may(Permission.LETTER_FILE) and sight.may_file(by):
        wait = sight.waiting(by=by)
        found.append(_line(UNPARSED, _("Unreadable"), "alert", wait.unparsed))
        found.append(_line(ROBOTS, pgettext("e-mails", "Automatic"), "undo", 0))
        if wait.slow or request.path.startswith(SLOW):
            found.append(_line(SLOW, _("Slow lane"), "clock", wait.slow))
    if by.may(Permission.LETTER_READ) and (wrong := balance.broken(by=by)):
        found.append(_line(BALANCE, _("Days that do not balance"), "alert", wrong))
    return found


def groups() -> list[tuple[str, list[dict[str, Any]]]]:
    """The same as the groups of a page of its own."""
    back = {"url": "/regie/file/todo", "label": _("Back to the queue"), "icon": "left", "count": None, "current": False}
    return [(_("E-mails"), lines()), ("", [back])]


def _line(url: str, label: str, icon: str, count: int) -> dict[str, Any]:
    return {
        "url": url, "label": label, "icon": icon, "count": str(count) if count else None, "bad": count > 0,
        "current": request.path.startswith(url),
    }  # fmt: skip
