"""The letters page: what left the house, or would have; for development and for those who may read letters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, make_response, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk import wording
from app.desk.frame import show, tell
from app.kernel.access import Permission
from app.kernel.keyset import ROWS
from app.mail import outgoing
from app.web.doors import me, needs
from app.web.session import no_store

letters = Blueprint("desk_letters", __name__, template_folder="templates", url_prefix="/lettres")

V = TypeVar("V", bound=Callable[..., Any])


def boxed(view: V) -> V:
    """Whatever a view answers may do nothing in a browser but be looked at."""
    policy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
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
    rows = outgoing.latest(by=me(), before=start, limit=ROWS + 1)
    more = rows[ROWS - 1].id if len(rows) > ROWS else None
    return show("desk/letters.html", rows=rows[:ROWS], more=more, words=wording)


@letters.get("/<int(max=9007199254740991):letter_id>")
@needs(Permission.LETTER_READ)
def one(letter_id: int) -> ResponseReturnValue:
    """One letter: its text, and its HTML in a frame of its own."""
    return show("desk/letter.html", letter=outgoing.shown(letter_id, by=me()), words=wording)


@letters.get("/<int(max=9007199254740991):letter_id>/html")
@needs(Permission.LETTER_READ)
@boxed
def html(letter_id: int) -> ResponseReturnValue:
    """The HTML of a letter as a mail program would show it; it may run nothing and fetch nothing."""
    return no_store(make_response(outgoing.shown(letter_id, by=me()).html))


@letters.post("/<int(max=9007199254740991):letter_id>/renvoi")
@needs(Permission.LETTER_READ)
def send_again(letter_id: int) -> ResponseReturnValue:
    """Try a letter that failed once more."""
    outgoing.send_again(letter_id, by=me())
    tell(_("The e-mail leaves again in a moment."))
    return redirect(f"/lettres/{letter_id}", 303)
