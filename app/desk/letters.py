"""The letters page: what left the house, or would have; for development and for those who may read letters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Response, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk import change_words, letter_words
from app.desk.frame import show, tell
from app.kernel.access import Permission
from app.kernel.errors import Invalid, NotFound
from app.kernel.keyset import ROWS
from app.mail import outgoing
from app.people import correcting
from app.people.correcting import Wrong
from app.tickets import cases, lists
from app.web.doors import me, needs
from app.web.session import no_store
from app.web.words import field_words

letters = Blueprint("desk_letters", __name__, template_folder="templates", url_prefix="/lettres")

#: Which letters the list may be narrowed to.
STATES = {"waiting": ("waiting", "sending"), "failed": ("failed",), "bounced": ("bounced",)}

V = TypeVar("V", bound=Callable[..., Any])


def boxed(view: V) -> V:
    """Whatever a view answers may do nothing in a browser but be looked at."""
    return _boxed(view, "data:")


def boxed_with_pictures(view: V) -> V:
    """The same, and a browser fetches the pictures it names."""
    return _boxed(view, "data: https:")


def _boxed(view: V, pictures: str) -> V:
    policy = (
        "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; "
        f"img-src {pictures}; frame-ancestors 'self'"
    )
    view.talisman_view_options = {  # type: ignore[attr-defined]
        "content_security_policy": policy, "frame_options": "SAMEORIGIN",
    }  # fmt: skip
    return view


@letters.get("")
@needs(Permission.LETTER_READ)
def latest() -> ResponseReturnValue:
    """Letters, newest first."""
    before = request.args.get("avant", "")
    start = int(before) if before.isdecimal() and len(before) < 16 else None
    state = request.args.get("etat", "")
    if state and state not in STATES:
        raise NotFound("state")
    rows = outgoing.latest(by=me(), before=start, limit=ROWS + 1, states=STATES.get(state, ()))
    more = url_for("desk_letters.latest", etat=state or None, avant=rows[ROWS - 1].id) if len(rows) > ROWS else ""
    tabs = [("", _("All")), *((code, change_words.letter_state(code)) for code in STATES)]
    return show("desk/letters.html", rows=rows[:ROWS], more=more, state=state, tabs=tabs, why=letter_words.cause)


@letters.get("/<int(max=9007199254740991):letter_id>")
@needs(Permission.LETTER_READ)
def one(letter_id: int) -> ResponseReturnValue:
    """One letter: its text, and its HTML in a frame of its own."""
    return _one(letter_id)


@letters.get("/<int(max=9007199254740991):letter_id>/html")
@needs(Permission.LETTER_READ)
@boxed
def html(letter_id: int) -> ResponseReturnValue:
    """The HTML of a letter as a mail program would show it; it may run nothing and fetch nothing."""
    return no_store(make_response(outgoing.shown(letter_id, by=me()).html))


@letters.post("/<int(max=9007199254740991):letter_id>/renvoi")
@needs(Permission.LETTER_READ)
def send_again(letter_id: int) -> ResponseReturnValue:
    """Try a letter that failed once more, perhaps to a corrected address."""
    given = request.form.get("to")
    try:
        outgoing.send_again(letter_id, to=given, by=me())
    except Invalid as problem:
        return _one(letter_id, field_words(problem), 422, typed=given or "")
    tell(_("The e-mail leaves again in a moment."))
    return redirect(f"/lettres/{letter_id}", 303)


def _one(letter_id: int, errors: dict[str, str] | None = None, status: int = 200, *, typed: str = "") -> Response:
    letter = outgoing.shown(letter_id, by=me())
    wrong, number = _corrects(letter)
    return show(
        "desk/letter.html", status=status, letter=letter, why=letter_words.cause(letter.answer), errors=errors or {},
        to=typed or letter.to, wrong=wrong, number=number,
    )  # fmt: skip


def _corrects(letter: outgoing.Shown) -> tuple[Wrong | None, int | None]:
    """Whose address the letter's may replace, since it went there; and the request it belongs to, if it is theirs."""
    by = me()
    if not letter.before or letter.state not in letter_words.LEFT or not by.may(Permission.TICKET_ANSWER):
        return None, None
    wrong = correcting.correctable(letter.before, letter.to, by=by)
    if wrong is None or not lists.requests_of(wrong.person_id, by=by, limit=1):
        return None, None
    try:
        number = cases.number_of(letter.ticket_id or 0, by=by)
        return wrong, number if cases.case_for(by, number).requester.id == wrong.person_id else None
    except NotFound:
        return wrong, None
