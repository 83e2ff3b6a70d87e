"""What is done with one request: assign, move, tag, sort, put off, end, merge; each leads back to its page."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk import snoozing
from app.desk.frame import tell
from app.desk.onward import back, id_of, onward, whole
from app.desk.ticket import case_page
from app.desk.trail import trail_of
from app.kernel.access import Permission
from app.kernel.errors import Invalid
from app.tickets import cases, departing, handling, merging, placing
from app.triage import objecting
from app.triage import service as triage
from app.web.doors import me, needs
from app.web.words import field_words

actions = Blueprint("desk_actions", __name__, url_prefix="/regie/demandes/<int(max=9999999):number>")


@actions.post("/attribution")
@needs(Permission.TICKET_ASSIGN)
def assign(number: int) -> ResponseReturnValue:
    """Give the request to oneself, a colleague, or nobody."""
    given = request.form.get("assignee", "")
    try:
        placing.assign(id_of(number), me().person_id if given == "me" else whole("assignee"), by=me())
    except Invalid as problem:
        return _refused(number, problem)
    tell(_("The request is yours.") if given == "me" else _("Done: the request has changed hands."))
    return back(number)


@actions.post("/service")
@needs(Permission.TICKET_ASSIGN)
def move(number: int) -> ResponseReturnValue:
    """Give the request to another department."""
    department = whole("department") or 0
    placing.move(id_of(number), department, by=me())
    tell(_("The request now belongs to another department."))
    return back(number) if department in me().departments else redirect(trail_of(request.args).url(), 303)


@actions.post("/etiquettes")
@needs(Permission.TICKET_TAG)
def tag(number: int) -> ResponseReturnValue:
    """Put a tag on or take one off."""
    add = [word for word in request.form.get("tag", "").split(",") if word.strip()]
    try:
        handling.tag(id_of(number), add=add, remove=request.form.getlist("remove"), by=me())
    except Invalid as problem:
        return _refused(number, problem)
    return back(number)


@actions.post("/report")
@needs(Permission.TICKET_SNOOZE)
def snooze(number: int) -> ResponseReturnValue:
    """Put the request off."""
    spot = cases.spot_of(me(), number)
    try:
        until = snoozing.until(request.form.get("when", ""), request.form.get("date", "").strip())
        handling.snooze(spot.id, until, by=me())
    except Invalid as problem:
        return _refused(number, problem)
    tell(_("The request is put off."), undo=_url("reopen", number))
    return onward(spot)


@actions.post("/fin")
@needs(Permission.TICKET_SOLVE)
def solve(number: int) -> ResponseReturnValue:
    """End the request without a word."""
    spot = cases.spot_of(me(), number)
    handling.solve(spot.id, by=me())
    tell(_("Request %(number)s is ended.", number=number), undo=_url("reopen", number))
    return onward(spot)


@actions.post("/reprise")
@needs(Permission.TICKET_SOLVE)
def reopen(number: int) -> ResponseReturnValue:
    """Take an ended or put-off request up again."""
    handling.reopen(id_of(number), by=me())
    tell(_("The request is open again."))
    return back(number)


@actions.post("/indesirable")
@needs(Permission.TICKET_SOLVE)
def spam(number: int) -> ResponseReturnValue:
    """Mark the request as spam, or take the mark off."""
    spot, off = cases.spot_of(me(), number), request.form.get("off") == "1"
    drawn = not off and departing.leaves(spot.id)
    handling.mark_spam(spot.id, spam=not off, by=me())
    if off:
        tell(_("The request is back in the queue."))
        return back(number)
    tell(_("Request %(number)s is marked as spam.", number=number), undo=_url("spam", number), fields={"off": "1"},
         more=_drawn() if drawn else "")  # fmt: skip
    return onward(spot)


@actions.post("/fusion")
@needs(Permission.TICKET_MERGE)
def merge(number: int) -> ResponseReturnValue:
    """Fold the request into another one of the same person, and go to that one."""
    into = whole("into") or 0
    try:
        drawn = departing.leaves(id_of(number))
        merging.merge(id_of(number), cases.ids_of([into], by=me()).get(into, 0), by=me())
    except Invalid as problem:
        return _refused(number, problem)
    tell(_("Request %(number)s is merged into this one.", number=number), undo=_url("unmerge", number),
         more=_drawn() if drawn else "")  # fmt: skip
    return back(into)


@actions.post("/separation")
@needs(Permission.TICKET_MERGE)
def unmerge(number: int) -> ResponseReturnValue:
    """Undo a merge."""
    merging.unmerge(id_of(number), by=me())
    tell(_("The request stands by itself again."))
    return back(number)


@actions.post("/tri")
@needs(Permission.TICKET_SORT)
def sort(number: int) -> ResponseReturnValue:
    """Say what the request is about and how pressing it is; triage learns from it."""
    category, _colon, kind = request.form.get("kind", "").partition(":")
    priority = request.form.get("priority", "")
    try:
        triage.correct(id_of(number), category=category, type=kind or None, priority=priority, by=me())
    except Invalid as problem:
        return _refused(number, problem)
    tell(_("The sorting is corrected."))
    return back(number)


@actions.post("/tri/confirmation")
@needs(Permission.TICKET_SORT)
def confirm(number: int) -> ResponseReturnValue:
    """Say that triage was right."""
    triage.confirm(id_of(number), by=me())
    tell(_("The sorting is confirmed."))
    return back(number)


@actions.post("/tri/opposition")
@needs(Permission.TICKET_SORT)
def object_to_sorting(number: int) -> ResponseReturnValue:
    """Note that whoever wrote objects to being sorted by a model, or take that back."""
    if request.form.get("back") == "1":
        objecting.withdraw(id_of(number), by=me())
        tell(_("The objection is withdrawn."))
    else:
        objecting.note(id_of(number), by=me())
        tell(_("The objection is noted: rules and colleagues sort what this person writes from now on."),
             undo=_url("object_to_sorting", number), fields={"back": "1"})  # fmt: skip
    return back(number)


def _refused(number: int, problem: Invalid) -> ResponseReturnValue:
    return case_page(cases.case_for(me(), number), status=422, errors=field_words(problem))


def _drawn() -> str:
    return _("An answer was about to leave: it was not sent, and its words are a draft again.")


def _url(action: str, number: int) -> str:
    return url_for(f"desk_actions.{action}", number=number, **trail_of(request.args).query())
