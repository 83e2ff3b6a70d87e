"""Held e-mails of the departments one works in: why each is held, and what becomes of one or of several at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.desk import arrival_words, mail_rooms, wording
from app.desk.frame import show, tell
from app.kernel.access import Permission
from app.kernel.errors import Invalid
from app.mail import filed
from app.tickets import handling, holding, moving
from app.web.doors import me, needs

held = Blueprint("desk_held", __name__, template_folder="templates", url_prefix="/regie/courrier/retenus")

#: Decisions that can be taken back.
_BACK = {"note", "refuse"}


@held.get("")
@needs(Permission.TICKET_READ)
def listed() -> ResponseReturnValue:
    """Those that wait for a decision, the oldest first."""
    rows = holding.waiting(by=me())
    found = filed.filings(row.letter_id for row in rows)
    reasons = {key: filing.reason for key, filing in found.items()}
    lines = [(row, arrival_words.held(reasons.get(row.letter_id or 0, ""))) for row in rows]
    return show("desk/mail/held.html", rows=lines, groups=mail_rooms.groups())


@held.post("")
@needs(Permission.TICKET_ANSWER)
def act() -> ResponseReturnValue:
    """Do what the button says with the e-mails chosen."""
    ids, how = _chosen(), request.form.get("do", "")
    if not ids:
        tell(_("Choose at least one e-mail first."))
        return redirect(url_for("desk_held.listed"), 303)
    done, refused = handling.in_bulk(ids, _verb(how))
    told(done, refused, how)
    return redirect(url_for("desk_held.listed"), 303)


def told(done: Sequence[int], refused: Mapping[int, str], how: str) -> None:
    """Say on the next page what became of held e-mails, with the button that takes it back."""
    sentence = ngettext("%(num)s e-mail dealt with.", "%(num)s e-mails dealt with.", len(done))
    left = " ".join(dict.fromkeys(wording.why(code) for code in refused.values()))
    fields = {"do": "hold", "messages": " ".join(map(str, done))}
    undo = url_for("desk_held.act") if how in _BACK and done else ""
    tell(sentence, undo=undo, fields=fields, more=left)


def _verb(how: str) -> Callable[[int], None]:
    if how not in {*holding.DECISIONS, "hold", "new"}:
        raise Invalid({"do": "unknown_choice"})
    by = me()

    def do(message_id: int) -> None:
        if how == "hold":
            holding.hold_again(message_id, by=by)
        elif how == "new":
            moving.split(message_id, by=by)
        else:
            holding.decide(message_id, how, by=by)

    return do


def _chosen() -> list[int]:
    given = " ".join(request.form.getlist("messages")).split()
    found = dict.fromkeys(int(text) for text in given if text.isdecimal() and len(text) < 16)
    return list(found)[: holding.SHOWN]
