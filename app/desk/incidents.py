"""Incidents at the desk: the list, the board of one, its crowd, what an agent says of one request, its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.announcements import proposing
from app.cancellations import planning
from app.desk import article_page, crowd_words, incident_frame, incident_pictures, incident_words
from app.desk.frame import show, tell
from app.desk.incident_frame import INCIDENTS
from app.desk.trail import trail_of
from app.incidents import belonging, board, declaring, retracting
from app.incidents.board import Entry
from app.kernel.access import Actor, Permission
from app.kernel.errors import Conflict, NotFound
from app.tickets import cases
from app.web.doors import me, needs
from app.web.words import words_of

incidents = Blueprint("desk_incidents", __name__, template_folder="templates", url_prefix=INCIDENTS)

#: How a crowd may be looked at.
STANDS = ("crowd", "folded", "settled", "out", "released")
#: Where the answer to a whole crowd is written, once there is such a page.
ANSWERING = "desk_crowd_answers.write"
_Verb = Callable[[int, int, Actor], None]
_VERBS: dict[str, _Verb] = {
    "take_out": lambda incident, ticket, by: belonging.take_out(incident, ticket, by=by),
    "put_in": lambda incident, ticket, by: belonging.put_in(incident, ticket, by=by),
    "settle": lambda incident, ticket, by: belonging.settle(incident, ticket, by=by),
    "pull_out": lambda incident, ticket, by: belonging.pull_out(incident, ticket, by=by),
}


@incidents.get("")
@needs(Permission.INCIDENT_READ)
def listed() -> ResponseReturnValue:
    """What is proposed or declared, then what is over."""
    live = board.live(by=me())
    return show(
        "desk/incidents/list.html", live=[(entry, _picture(entry)) for entry in live], past=board.past(by=me()),
        words=incident_words,
    )  # fmt: skip


@incidents.get("/<int(max=9007199254740991):incident_id>")
@needs(Permission.INCIDENT_READ)
def one(incident_id: int) -> ResponseReturnValue:
    """The board of one incident: figures, exceptions, timeline."""
    entry, by = board.one(incident_id, by=me()), me()
    after = _place(request.args.get("apres", ""))
    steps = declaring.timeline(incident_id, by=by)
    return show(
        "desk/incidents/board.html", entry=entry, words=incident_words, picture=_picture(entry), steps=steps,
        names=article_page.names_of({step.person_id for step in steps}), script=incident_frame.script(entry.told),
        exceptions=board.exceptions(incident_id, by=by, after=after), first=after is None,
        answering_url=_answering(incident_id), correction=retracting.of(incident_id, by=by),
        answer_words=crowd_words, **_leads_to(entry),
    )  # fmt: skip


@incidents.get("/<int(max=9007199254740991):incident_id>/foule")
@needs(Permission.INCIDENT_READ)
def crowd(incident_id: int) -> ResponseReturnValue:
    """Who stands in its crowd, or another way, and why."""
    entry, stands = board.one(incident_id, by=me()), request.args.get("vue", "crowd")
    if stands not in STANDS:
        raise NotFound("view")
    after = request.args.get("apres", "")
    rows, following = board.members(
        incident_id, stands, by=me(), after=int(after) if after.isdecimal() and len(after) < 16 else 0
    )
    return show(
        "desk/incidents/crowd.html", entry=entry, words=incident_words, rows=rows, stands=stands, ways=STANDS,
        following=following, first=not after,
    )  # fmt: skip


@incidents.post("/<int(max=9007199254740991):incident_id>/demandes/<int(max=9999999):number>")
@needs(Permission.INCIDENT_WORK)
def say(incident_id: int, number: int) -> ResponseReturnValue:
    """What a colleague says of one request: it belongs, it does not, it was dealt with, it comes apart."""
    ticket_id, what, by = cases.spot_of(me(), number).id, request.form.get("do", ""), me()
    try:
        if what in _VERBS:
            _VERBS[what](incident_id, ticket_id, by)
            tell(_said(what, number))
        elif what in {"fold", "unfold"}:
            tell(_folded(what, incident_id, ticket_id))
        else:
            raise NotFound("verb")
    except Conflict as problem:
        tell(words_of(problem.code if problem.code != "changed_meanwhile" else "incident_moved"))
    return redirect(_back(incident_id, number), 303)


@incidents.get("/<int(max=9007199254740991):incident_id>/fin")
@needs(Permission.INCIDENT_DECLARE)
def ending(incident_id: int) -> ResponseReturnValue:
    """Before everything is taken down: what follows of it."""
    return show("desk/incidents/ending.html", entry=board.one(incident_id, by=me()), words=incident_words)


@incidents.post("/<int(max=9007199254740991):incident_id>/fin")
@needs(Permission.INCIDENT_DECLARE)
def end(incident_id: int) -> ResponseReturnValue:
    """Take everything down, or say that it was no incident."""
    was_over = board.one(incident_id, by=me()).told.state == "over"
    try:
        declaring.end(incident_id, request.form.get("how", ""), by=me())
    except Conflict as problem:
        tell(words_of(problem.code))
        return redirect(url_for("desk_incidents.one", incident_id=incident_id), 303)
    if request.form.get("how") == "dismissed":
        tell(_("It is no incident. Nobody was told anything."))
        return redirect(url_for("desk_incidents.listed"), 303)
    if was_over:
        tell(_("It counts as something that did not happen. Whoever was answered about it can be told so."))
        return redirect(url_for("desk_incidents.one", incident_id=incident_id), 303)
    tell(_("Everything is taken down. Requests that nobody has answered go back to the queues."))
    return redirect(url_for("desk_incidents.one", incident_id=incident_id), 303)


def _place(word: str) -> tuple[int, int] | None:
    """Where a page of exceptions begins, as its address says it: rank and member."""
    rank, _dash, member = word.partition("-")
    if not (rank.isascii() and rank.isdecimal() and member.isascii() and member.isdecimal()):
        return None
    return (int(rank), int(member)) if len(rank) < 9 and len(member) < 16 else None


def _picture(entry: Entry) -> dict[str, Any] | None:
    found = board.curve(entry)
    return incident_pictures.noticed(found, incident_words.noticed(entry)) if found else None


def _leads_to(entry: Entry) -> dict[str, Any]:
    """The campaigns about its performance, and what its holders are told, where somebody may read them."""
    shows = [entry.told.performance_id] if entry.told.performance_id else []
    return {
        "campaigns": planning.about(shows, by=me()) if me().may(Permission.CAMPAIGN_READ) else [],
        "announcement_id": next(iter(proposing.about(shows, by=me()).values()), None),
    }


def _answering(incident_id: int) -> str:
    # Written elsewhere; a house without that page shows no way to it.
    if ANSWERING not in current_app.view_functions or not me().may(Permission.CROWD_ANSWER):
        return ""
    return url_for(ANSWERING, incident_id=incident_id)


def _folded(what: str, incident_id: int, ticket_id: int) -> str:
    spot = next((spot for spot in board.spots(ticket_id, by=me()) if spot.told.id == incident_id), None)
    if spot is None:
        raise NotFound("incident")
    if what == "fold":
        count = belonging.fold(incident_id, spot.person_id, by=me())
        return ngettext("%(num)s request is folded.", "%(num)s requests are folded.", count)
    count = belonging.unfold(incident_id, spot.person_id, by=me())
    return ngettext("%(num)s request stands by itself again.", "%(num)s requests stand by themselves again.", count)


def _said(what: str, number: int) -> str:
    said = {
        "take_out": _("Request %(number)s is taken out and stands in the queue.", number=number),
        "put_in": _("Request %(number)s belongs to the incident.", number=number),
        "settle": _("Request %(number)s is dealt with.", number=number),
        "pull_out": _("Request %(number)s is for a person to read.", number=number),
    }
    return said[what]


def _back(incident_id: int, number: int) -> str:
    where = request.form.get("back", "")
    if where == "request":
        return url_for("desk_ticket.one", number=number, **trail_of(request.args).query())
    if where in STANDS:
        return url_for("desk_incidents.crowd", incident_id=incident_id, vue=where)
    return url_for("desk_incidents.one", incident_id=incident_id, _anchor="exceptions")
