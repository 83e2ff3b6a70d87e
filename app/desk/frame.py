"""What surrounds every page of the desk: the rail, the bar, the bar of undoing; no page of its own."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from flask import Response, make_response, render_template, request
from flask import session as flask_session
from flask_babel import gettext as _

from app.desk import incident_frame
from app.desk.incident_frame import ANNOUNCEMENTS, INCIDENTS
from app.health import worker
from app.kernel import clock
from app.kernel.access import Actor, Permission, Role
from app.people.entry import SignedIn
from app.web.session import current_colleague, no_store

QUEUE, TONIGHT, CAMPAIGNS, DASHBOARD, KNOWLEDGE, INTERNAL, SETTINGS = (
    "/regie/file/todo", "/regie/ce-soir", "/regie/annulations", "/regie/pilotage", "/regie/base", "/regie/interne",
    "/regie/reglages",
)  # fmt: skip
#: One credit of a campaign, by its number; households, and what comes in from the box office.
CREDITS, HOUSEHOLDS, BOX_OFFICE = "/regie/avoirs", "/regie/foyers", "/regie/billetterie"
#: Where colleagues who write no articles read those for the team.
SHELF = "/aide/interne"
SEARCH = "/regie/recherche"
#: What belongs to the work on requests.
_WORK = ("/regie/file", "/regie/demandes", "/regie/spectateurs", "/regie/courrier")
_DONE = "done"
#: Places on the rail of a telephone, beside the one that opens the others.
_NEAR = 4
#: Who is told on every page that no worker works.
_RUNS = frozenset({Role.ADMIN, Role.MANAGER})


def show(template: str, *, status: int = 200, **values: Any) -> Response:  # noqa: ANN401 - whatever a template names
    """A page of the desk: its template with the frame around it, kept out of every cache."""
    colleague = current_colleague()
    frame = _frame(colleague) if colleague else {}
    answer = make_response(render_template(template, **frame, **values), status)
    answer.vary.add("HX-Request")
    return no_store(answer)


def fragment(template: str, **values: Any) -> Response:  # noqa: ANN401 - whatever a template names
    """A part of a page, without the frame."""
    answer = make_response(render_template(template, **values))
    answer.vary.add("HX-Request")
    return no_store(answer)


def wants_fragment() -> bool:
    """Whether htmx or a script asked for a part only."""
    return "HX-Request" in request.headers


def tell(
    sentence: str, *, undo: str = "", fields: Mapping[str, str] | None = None, more: str = "", seconds: int = 0
) -> None:
    """Say on the next page what was done, with the address that undoes it; on all pages for so many `seconds`."""
    until = clock.now().timestamp() + seconds if seconds else 0
    flask_session[_DONE] = {
        "sentence": sentence, "undo": undo, "fields": dict(fields or {}), "more": more, "until": until,
    }  # fmt: skip


def _done() -> dict[str, Any] | None:
    if _DONE not in flask_session:
        return None
    done: dict[str, Any] = flask_session[_DONE]
    left = math.ceil(done.get("until", 0) - clock.now().timestamp())
    if left <= 0:
        flask_session.pop(_DONE)  # popping writes the cookie anew
        return None if done.get("until") else done
    return {**done, "seconds": left}


def landing(by: Actor) -> str:
    """Where somebody works: the first page after signing in."""
    if Role.ADMIN in by.roles or Role.MANAGER in by.roles or Role.FINANCE in by.roles:
        return DASHBOARD
    if Role.AGENT in by.roles:
        return QUEUE
    return KNOWLEDGE if Role.EDITOR in by.roles else INTERNAL


def _frame(colleague: SignedIn) -> dict[str, Any]:
    by = colleague.actor
    works = by.may(Permission.TICKET_READ)
    return {
        "me": colleague.name,
        "rail": _rail(by),
        "desk_search_url": SEARCH,
        "desk_lines_url": f"{SEARCH}/lignes",
        "new_ticket_url": "/regie/demandes/nouvelle" if works else "/regie/interne/nouvelle",
        "profile_url": "/regie/moi",
        "sign_out_url": "/regie/deconnexion",
        "shortcuts": colleague.preferences.get("shortcuts", True),
        "go_urls": {"F": QUEUE if works else INTERNAL, "P": DASHBOARD, "B": _shelf(by)},
        "done": _done(),
        "idle": worker.seen_alarm() if _RUNS & by.roles else None,
        **incident_frame.bars(by),
    }


def _shelf(by: Actor) -> str:
    return KNOWLEDGE if by.may(Permission.ARTICLE_EDIT) else SHELF


def _rail(by: Actor) -> list[dict[str, Any]]:
    places = (
        (Permission.TICKET_READ, _("Queue"), QUEUE, "inbox", _WORK),
        (Permission.ORDER_READ, _("Tonight"), TONIGHT, "seat", (TONIGHT,)),
        (Permission.INCIDENT_READ, _("Incidents"), INCIDENTS, "horn", (INCIDENTS, ANNOUNCEMENTS)),
        (Permission.CAMPAIGN_READ, _("Cancellations"), CAMPAIGNS, "refund", (CAMPAIGNS, CREDITS)),
        (Permission.PERSON_READ, _("Households"), HOUSEHOLDS, "users", (HOUSEHOLDS, BOX_OFFICE)),
        (Permission.ARTICLE_READ_INTERNAL, _("Knowledge"), _shelf(by), "book", ("/regie/base",)),
        (Permission.DASHBOARD_READ, _("Figures"), DASHBOARD, "chart", (DASHBOARD,)),
        (Permission.TICKET_OPEN_INTERNAL, _("Internal"), INTERNAL, "lock", (INTERNAL,)),
        (Permission.SETTINGS_EDIT, _("Settings"), SETTINGS, "gear", (SETTINGS,)),
    )
    return _near([
        {
            "label": label, "url": url, "icon": icon, "current": request.path.startswith(under),
            "last": permission is Permission.SETTINGS_EDIT,
            "count": incident_frame.proposals(by) if url == INCIDENTS else 0,
        }
        for permission, label, url, icon, under in places
        if by.may(permission)
    ])  # fmt: skip


def places(by: Actor) -> list[tuple[str, str, str]]:
    """Where somebody may go, as the palette offers it. Shape: (label, address, icon)."""
    rail = [(line["label"], line["url"], line["icon"]) for line in _rail(by)]
    new = "/regie/demandes/nouvelle" if by.may(Permission.TICKET_READ) else "/regie/interne/nouvelle"
    return [*rail, (_("New request"), new, "plus"), (_("My settings"), "/regie/moi", "user")]


def _near(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Say which places stand on the rail of a telephone: the first, and where one is; the others open above it."""
    here = next((place for place, line in enumerate(lines) if line["current"]), 0)
    most = len(lines) if len(lines) <= _NEAR + 1 else _NEAR
    shown = {*range(most - (here >= most)), here}
    return [{**line, "near": place in shown} for place, line in enumerate(lines)]
