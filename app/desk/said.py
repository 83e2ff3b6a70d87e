"""What is said in one request at the desk: an answer, a note, a held word let in, a letter sent once more."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk import prepared
from app.desk.frame import tell
from app.desk.held import told as told_held
from app.desk.onward import back, id_of, onward, whole
from app.desk.ticket import case_page
from app.desk.trail import trail_of
from app.kernel.access import Permission
from app.kernel.errors import Conflict, Invalid, NotFound
from app.mail import outgoing
from app.tickets import cases, conversation, departing, holding
from app.tickets.cases import Spot
from app.tickets.conversation import Word
from app.tickets.states import State
from app.web.carried import Carried, joined, reads_large_forms
from app.web.doors import me, needs
from app.web.forms import submission_key
from app.web.words import field_words, words_of

said = Blueprint("desk_said", __name__, url_prefix="/regie/demandes/<int(max=9999999):number>")
reads_large_forms(said)

_THEN = {"open": State.OPEN, "waiting": State.WAITING, "solved": State.SOLVED}


@said.post("/reponse")
@needs(Permission.TICKET_ANSWER)
def answer(number: int) -> ResponseReturnValue:
    """Answer; when somebody changed the request meanwhile nothing is sent, and the page shows what is new."""
    spot, then, files = cases.spot_of(me(), number), request.form.get("then", ""), joined()
    try:
        message_id = _send(spot, _word("reply", files), then)
    except Invalid as problem:
        return _again(number, "reply", files, field_words(problem), 422)
    except Conflict as problem:
        return _again(number, "reply", files, {"reply": words_of(problem.code)}, 409)
    _tell_sent(number, message_id)
    return onward(spot)


def _send(spot: Spot, word: Word, then: str) -> int:
    return departing.answer(
        spot.id, word, then=_THEN.get(then), seen_version=whole("version"), canned_id=whole("canned"), by=me()
    )


def _tell_sent(number: int, message_id: int) -> None:
    left = departing.seconds()
    if not left:
        tell(_("Your answer is sent."))
        return
    undo = url_for("desk_said.take_back", number=number, message_id=message_id, **trail_of(request.args).query())
    tell(_("Your answer to request %(number)s leaves in a moment.", number=number), undo=undo, seconds=left)


@said.post("/reponse/<int(max=9007199254740991):message_id>/retrait")
@needs(Permission.TICKET_ANSWER)
def take_back(number: int, message_id: int) -> ResponseReturnValue:
    """Take an answer back before it leaves; its words stand in the field again, its files beside it."""
    try:
        files = departing.take_back(id_of(number), message_id, by=me())
    except Conflict as problem:
        tell(words_of(problem.code))
        return back(number)
    tell(_("Nothing was sent: your answer is a draft again."))
    if not files:
        return back(number)
    return case_page(cases.case_for(me(), number), tab="reply", kept=Carried(files).words())


@said.post("/note")
@needs(Permission.TICKET_NOTE)
def note(number: int) -> ResponseReturnValue:
    """Leave a note for colleagues."""
    spot, files = cases.spot_of(me(), number), joined()
    try:
        conversation.note(spot.id, _word("note", files), by=me())
    except Invalid as problem:
        return _again(number, "note", files, field_words(problem), 422)
    tell(_("The note is added. Only the team sees it."))
    return back(number)


@said.post("/messages/<int(max=9007199254740991):message_id>")
@needs(Permission.TICKET_ANSWER)
def release(number: int, message_id: int) -> ResponseReturnValue:
    """Let a held message in, keep it for the team, or refuse it."""
    spot, how = cases.spot_of(me(), number), request.form.get("do", "")
    if how == "new":
        return redirect(url_for("desk_refiling.split", number=number, message_id=message_id), 307)
    holding.decide(message_id, how, ticket_id=spot.id, by=me())
    told_held([message_id], {}, how)
    return back(number)


@said.post("/lettres/<int(max=9007199254740991):letter_id>")
@needs(Permission.TICKET_ANSWER)
def send_again(number: int, letter_id: int) -> ResponseReturnValue:
    """Try a letter that failed once more, perhaps to a corrected address."""
    case, to = cases.case_for(me(), number), request.form.get(f"to-{letter_id}")
    letters = outgoing.delivery([word.id for word in case.said])
    if letter_id not in {one.letter_id for one in letters.values()}:
        raise NotFound("letter")
    try:
        outgoing.send_again(letter_id, to=to, by=me())
    except Invalid as problem:
        words = field_words(problem)["to"]
        return case_page(case, status=422, errors={f"to-{letter_id}": words}, typed_to=to or "")
    tell(_("The e-mail leaves again in a moment."))
    return back(number)


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
    return case_page(case, status=status, errors=errors, tab=tab, fresh_after=whole("last") if status == 409 else None,
                     kept=files.words(), **typed)  # fmt: skip
