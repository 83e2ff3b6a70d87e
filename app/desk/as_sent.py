"""An e-mail of a request as it was sent: its words, and its HTML in a frame that can do nothing and fetches nothing.

Pictures on other servers show only in what a pressed button answers, in that frame and that once: no address leads
there, so no link of a letter, no history and no bookmark has them fetched.
"""

from __future__ import annotations

from flask import Blueprint, Response, make_response, request
from flask.typing import ResponseReturnValue

from app.desk.frame import show
from app.desk.letters import boxed, boxed_with_pictures
from app.kernel.access import Permission
from app.kernel.errors import NotFound
from app.mail.as_sent import AsSent, letter_as_sent
from app.tickets import cases
from app.web.doors import me, needs
from app.web.session import no_store

as_sent = Blueprint(
    "desk_as_sent", __name__, template_folder="templates",
    url_prefix="/regie/demandes/<int(max=9999999):number>/messages/<int(max=9007199254740991):message_id>/courriel",
)  # fmt: skip

#: Pictures are made to fit, as mail programs do.
_START = (
    '<!doctype html><meta charset="utf-8"><title>&#8203;</title><base target="_blank">'
    "<style>img{max-width:100%;height:auto}</style>"
)


@as_sent.get("")
@needs(Permission.TICKET_READ)
def one(number: int, message_id: int) -> ResponseReturnValue:
    """Who wrote to whom, every word, and the e-mail as a mail program shows it."""
    letter = _letter(number, message_id)
    return show("desk/as_sent.html", letter=letter, number=number, message_id=message_id)


@as_sent.get("/html")
@needs(Permission.TICKET_READ)
@boxed
def html(number: int, message_id: int) -> ResponseReturnValue:
    """Its HTML alone, with the pictures it brought."""
    return no_store(make_response(_START + _letter(number, message_id).html))


@as_sent.post("/html")
@needs(Permission.TICKET_READ)
@boxed_with_pictures
def html_with_pictures(number: int, message_id: int) -> ResponseReturnValue:
    """The same this once with pictures that lie elsewhere: their servers learn no page of ours, and get no cookie."""
    answer = no_store(make_response(_START + _letter(number, message_id, asked=True).html))
    answer.headers["Cross-Origin-Embedder-Policy"] = "credentialless"
    return answer


@as_sent.after_app_request
def tell_no_address(response: Response) -> Response:
    """Neither a link of a letter nor a picture tells its server from which request it was opened."""
    if request.blueprint == as_sent.name:
        response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _letter(number: int, message_id: int, *, asked: bool = False) -> AsSent:
    by = me()
    said = next((word for word in cases.case_for(by, number).said if word.id == message_id), None)
    if said is None or said.letter_id is None:
        raise NotFound("letter")
    return letter_as_sent(said.letter_id, by=by, asked=asked)
