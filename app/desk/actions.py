"""What is done with one request: answer, note, assign, sort, put off, end, merge; each leads back to its page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk import prepared, snoozing
from app.desk.frame import tell
from app.desk.ticket import case_page
from app.desk.trail import trail_of
from app.kernel.access import Permission
from app.kernel.errors import Conflict, Invalid, NotFound
from app.mail import outgoing
from app.tickets import cases, conversation, handling, lists, merging, placing
from app.tickets.cases import Spot
from app.tickets.conversation import Word
from app.tickets.states import State
from app.triage import service as triage
from app.web.carried import Carried, joined, reads_large_forms
from app.web.doors import me, needs
from app.web.forms import submission_key
from app.web.words import field_words, words_of

actions = Blueprint("desk_actions", __name__, url_prefix="/regie/demandes/<int(max=9999999):number>")
reads_large_forms(actions)

_THEN = {"open": State.OPEN, "waiting": State.WAITING, "solved": State.SOLVED}


@actions.post("/reponse")
@needs(Permission.TICKET_ANSWER)
def answer(number: int) -> ResponseReturnValue:
    """Answer; when somebody changed the request meanwhile nothing is sent, and the page shows what is new."""
    spot, then, files = cases.spot_of(me(), number), request.form.get("then", ""), joined()
    try:
        _send(spot, _word("reply", files), then)
    except Invalid as problem:
        return _again(number, "reply", files, field_words(problem), 422)
    except Conflict as problem:
        return _again(number, "reply", files, {"reply": words_of(problem.code)}, 409)
    tell(_("Your answer is sent."))
    return _onward(spot)


def _send(spot: Spot, word: Word, then: str) -> None:
    conversation.answer(
        spot.id, word, then=_THEN.get(then), seen_version=_whole("version"), canned_id=_whole("canned"), by=me()
    )


@actions.post("/note")
@needs(Permission.TICKET_NOTE)
def note(number: int) -> ResponseReturnValue:
    """Leave a note for colleagues."""
    spot, files = cases.spot_of(me(), number), joined()
    try:
        conversation.note(spot.id, _word("note", files), by=me())
    except Invalid as problem:
        return _again(number, "note", files, field_words(problem), 422)
    tell(_("The note is added. Only the team sees it."))
    return _back(number)


@actions.post("/attribution")
@needs(Permission.TICKET_ASSIGN)
def assign(number: int) -> ResponseReturnValue:
    """Give the request to oneself, a colleague, or nobody."""
    given = request.form.get("assignee", "")
    try:
        placing.assign(_id(number), me().person_id if given == "me" else _whole("assignee"), by=me())
    except Invalid as problem:
        return _refused(number, problem)
    tell(_("The request is yours.") if given == "me" else _("Done: the request has changed hands."))
    return _back(number)


@actions.post("/service")
@needs(Permission.TICKET_ASSIGN)
def move(number: int) -> ResponseReturnValue:
    """Give the request to another department."""
    department = _whole("department") or 0
    placing.move(_id(number), department, by=me())
    tell(_("The request now belongs to another department."))
    return _back(number) if department in me().departments else redirect(trail_of(request.args).url(), 303)


@actions.post("/etiquettes")
@needs(Permission.TICKET_TAG)
def tag(number: int) -> ResponseReturnValue:
    """Put a tag on or take one off."""
    add = [word for word in request.form.get("tag", "").split(",") if word.strip()]
    try:
        handling.tag(_id(number), add=add, remove=request.form.getlist("remove"), by=me())
    except Invalid as problem:
        return _refused(number, problem)
    return _back(number)


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
    return _onward(spot)


@actions.post("/fin")
@needs(Permission.TICKET_SOLVE)
def solve(number: int) -> ResponseReturnValue:
    """End the request without a word."""
    spot = cases.spot_of(me(), number)
    handling.solve(spot.id, by=me())
    tell(_("Request %(number)s is ended.", number=number), undo=_url("reopen", number))
    return _onward(spot)


@actions.post("/reprise")
@needs(Permission.TICKET_SOLVE)
def reopen(number: int) -> ResponseReturnValue:
    """Take an ended or put-off request up again."""
    handling.reopen(_id(number), by=me())
    tell(_("The request is open again."))
    return _back(number)


@actions.post("/indesirable")
@needs(Permission.TICKET_SOLVE)
def spam(number: int) -> ResponseReturnValue:
    """Mark the request as spam, or take the mark off."""
    spot, off = cases.spot_of(me(), number), request.form.get("off") == "1"
    handling.mark_spam(spot.id, spam=not off, by=me())
    if off:
        tell(_("The request is back in the queue."))
        return _back(number)
    tell(_("Request %(number)s is marked as spam.", number=number), undo=_url("spam", number), fields={"off": "1"})
    return _onward(spot)


@actions.post("/fusion")
@needs(Permission.TICKET_MERGE)
def merge(number: int) -> ResponseReturnValue:
    """Fold the request into another one of the same person, and go to that one."""
    into = _whole("into") or 0
    try:
        merging.merge(_id(number), cases.ids_of([into], by=me()).get(into, 0), by=me())
    except Invalid as problem:
        return _refused(number, problem)
    tell(_("Request %(number)s is merged into this one.", number=number), undo=_url("unmerge", number))
    return _back(into)


@actions.post("/separation")
@needs(Permission.TICKET_MERGE)
def unmerge(number: int) -> ResponseReturnValue:
    """Undo a merge."""
    merging.unmerge(_id(number), by=me())
    tell(_("The request stands by itself again."))
    return _back(number)


@actions.post("/tri")
@needs(Permission.TICKET_SORT)
def sort(number: int) -> ResponseReturnValue:
    """Say what the request is about and how pressing it is; triage learns from it."""
    category, _colon, kind = request.form.get("kind", "").partition(":")
    priority = request.form.get("priority", "")
    try:
        triage.correct(_id(number), category=category, type=kind or None, priority=priority, by=me())
    except Invalid as problem:
        return _refused(number, problem)
    tell(_("The sorting is corrected."))
    return _back(number)


@actions.post("/tri/confirmation")
@needs(Permission.TICKET_SORT)
def confirm(number: int) -> ResponseReturnValue:
    """Say that triage was right."""
    triage.confirm(_id(number), by=me())
    tell(_("The sorting is confirmed."))
    return _back(number)


@actions.post("/messages/<int(max=9007199254740991):message_id>")
@needs(Permission.TICKET_ANSWER)
def release(number: int, message_id: int) -> ResponseReturnValue:
    """Let a held message in, or refuse it."""
    conversation.release_held(_id(number), message_id, take_part=request.form.get("do") == "accept", by=me())
    return _back(number)


@actions.post("/lettres/<int(max=9007199254740991):letter_id>")
@needs(Permission.TICKET_ANSWER)
def send_again(number: int, letter_id: int) -> ResponseReturnValue:
    """Try a letter that failed once more."""
    case = cases.case_for(me(), number)
    letters = outgoing.delivery([word.id for word in case.said])
    if letter_id not in {key for key, _state, _answer in letters.values()}:
        raise NotFound("letter")
    outgoing.send_again(letter_id, by=me())
    tell(_("The e-mail leaves again in a moment."))
    return _back(number)


def _word(field: str, files: Carried) -> Word:
    body = request.form.get(field, "")
    left = prepared.unfilled(body)
    if left and field == "reply":
        raise Invalid({field: "unfilled"}, names=", ".join(left))
    try:
        return Word(body=body, files=files.all(), channel="desk",
                    submission=submission_key(request.form.get("submission")))  # fmt: skip
    except Invalid as problem:
        raise Invalid({field if name == "body" else name: code for name, code in problem.fields.items()}) from None


def _again(number: int, tab: str, files: Carried, errors: dict[str, str], status: int) -> ResponseReturnValue:
    """The page as it is now, with what was typed and why it was not taken."""
    form = request.form
    case = cases.case_for(me(), number)
    typed: dict[str, Any] = {tab: form.get(tab, ""), "then": form.get("then", ""), "canned_id": form.get("canned", "")}
    # What was said after the page was first shown is what the agent has not read yet.
    return case_page(case, status=status, errors=errors, tab=tab, fresh_after=_whole("last") if status == 409 else None,
                     kept=files.words(), **typed)  # fmt: skip


def _refused(number: int, problem: Invalid) -> ResponseReturnValue:
    return case_page(cases.case_for(me(), number), status=422, errors=field_words(problem))


def _whole(field: str) -> int | None:
    given = request.form.get(field, "")
    return int(given) if given.isdecimal() and len(given) < 16 else None


def _id(number: int) -> int:
    return cases.spot_of(me(), number).id


def _url(action: str, number: int) -> str:
    return url_for(f"desk_actions.{action}", number=number, **trail_of(request.args).query())


def _back(number: int) -> ResponseReturnValue:
    return redirect(url_for("desk_ticket.one", number=number, **trail_of(request.args).query()), 303)


def _onward(spot: Spot) -> ResponseReturnValue:
    """To the next request of the list, or back to this one when the button says so."""
    trail = trail_of(request.args)
    if request.form.get("go") == "stay":
        return _back(spot.number)
    place = spot.place(by_activity=trail.filters.by_activity)
    other = lists.next_number(trail.filters, place, by=me())
    return redirect(trail.url(), 303) if other is None else _back(other)
