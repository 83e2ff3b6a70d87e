"""One e-mail that was filed wrongly: why it stands here, and the request it belongs to instead."""

from __future__ import annotations

from typing import NamedTuple

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk import arrival_words
from app.desk.frame import show, tell
from app.desk.onward import back, whole
from app.desk.trail import trail_of
from app.kernel.access import Permission
from app.kernel.errors import Conflict, Invalid, NotFound
from app.mail import filed
from app.tickets import cases, moving
from app.tickets.cases import Case, Said
from app.venue import service as venue
from app.venue.moments import moment
from app.web.doors import me, needs
from app.web.tongue import language
from app.web.words import field_words, words_of

refiling = Blueprint(
    "desk_refiling", __name__, template_folder="templates",
    url_prefix="/regie/demandes/<int(max=9999999):number>/messages/<int(max=9007199254740991):message_id>",
)  # fmt: skip


class _Spoken(NamedTuple):
    """A request and the e-mail in it."""

    case: Case
    said: Said


@refiling.get("/classement")
@needs(Permission.TICKET_MERGE)
def one(number: int, message_id: int) -> ResponseReturnValue:
    """Why the e-mail stands here, and where it may go."""
    return _page(_spoken(number, message_id))


@refiling.post("/classement")
@needs(Permission.TICKET_MERGE)
def move(number: int, message_id: int) -> ResponseReturnValue:
    """Put it into another request, and go there."""
    spoken = _spoken(number, message_id)
    typed = request.form.get("into", "").strip() or request.form.get("near", "")
    try:
        into = _number(typed)
        moving.move(message_id, cases.ids_of([into], by=me()).get(into, 0), seen_version=whole("version"), by=me())
    except NotFound:
        return _page(spoken, typed, {"into": words_of("move_unknown")}, 422)
    except Invalid as problem:
        return _page(spoken, typed, field_words(problem), 422)
    except Conflict as problem:
        return _page(_spoken(number, message_id), typed, {"into": words_of(problem.code)}, 409)
    tell(_("The e-mail now stands in this request."), undo=_back_url(into, message_id))
    return back(into)


@refiling.post("/a-part")
@needs(Permission.TICKET_MERGE)
def split(number: int, message_id: int) -> ResponseReturnValue:
    """Make a new request of it, and go there."""
    spoken = _spoken(number, message_id)
    try:
        made = moving.split(message_id, seen_version=whole("version"), by=me())
    except Invalid as problem:
        return _page(spoken, "", field_words(problem), 422)
    except Conflict as problem:
        return _page(_spoken(number, message_id), "", {"into": words_of(problem.code)}, 409)
    tell(_("The e-mail is a request of its own now."), undo=_back_url(made, message_id))
    return back(made)


@refiling.post("/retour")
@needs(Permission.TICKET_MERGE)
def undo(number: int, message_id: int) -> ResponseReturnValue:
    """Take the last move back, and go where the e-mail stands again."""
    _spoken(number, message_id)
    try:
        before = moving.move_back(message_id, by=me())
    except Conflict as problem:
        tell(words_of(problem.code))
        return back(number)
    tell(_("The e-mail stands where it was before."))
    return back(cases.number_of(before, by=me()))


def _spoken(number: int, message_id: int) -> _Spoken:
    case = cases.case_for(me(), number)
    said = next((word for word in case.said if word.id == message_id), None)
    if said is None:
        raise NotFound("message")
    return _Spoken(case, said)


def _number(typed: str) -> int:
    digits = typed.replace(" ", "").replace("\u00a0", "").lstrip("#")
    if not digits.isascii() or not digits.isdecimal() or len(digits) > 7:
        raise Invalid({"into": "move_unknown"})
    return int(digits)


def _back_url(number: int, message_id: int) -> str:
    return url_for("desk_refiling.undo", number=number, message_id=message_id, **trail_of(request.args).query())


def _page(
    spoken: _Spoken, typed: str = "", errors: dict[str, str] | None = None, status: int = 200
) -> ResponseReturnValue:
    case, said = spoken
    filing = filed.filings([said.letter_id]).get(said.letter_id or 0)
    if filing is None:
        raise NotFound("message")
    at = filed.answered(filing)
    return show(
        "desk/mail/refiling.html", status=status, case=case, said=said, typed=typed, errors=errors or {},
        why=arrival_words.held(filing.reason) if said.held else arrival_words.filed(filing.reason),
        answered=moment(at, at, language(), venue.house().tz) if at else "",
        near=[other for other in cases.company(case, by=me()) if other.kind != "merged"],
        alone=len(case.said) == 1, here=trail_of(request.args).query(),
    )  # fmt: skip
