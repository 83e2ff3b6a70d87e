"""The slow lane at the desk: one line for each sender of very many e-mails, filed at once or put aside as a whole."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from app.desk import mail_rooms
from app.desk.frame import show, tell
from app.kernel.access import Permission
from app.mail import slow_lane
from app.web.doors import me, needs

slow = Blueprint("desk_slow", __name__, template_folder="templates", url_prefix="/regie/courrier/voie-lente")


@slow.get("")
@needs(Permission.LETTER_FILE)
def listed() -> ResponseReturnValue:
    """Whose e-mails let others pass, or those put aside, the most first."""
    aside = request.args.get("vue") == "ecartes"
    rows = slow_lane.lines(by=me(), aside=aside)
    return show("desk/mail/slow.html", rows=rows, aside=aside, groups=mail_rooms.groups())


@slow.post("/classement")
@needs(Permission.LETTER_FILE)
def file_now() -> ResponseReturnValue:
    """File all of one sender's."""
    count = slow_lane.file_now(request.form.get("lane", ""), by=me())
    tell(ngettext("%(num)s e-mail is being filed.", "%(num)s e-mails are being filed.", count))
    return redirect(url_for("desk_slow.listed"), 303)


@slow.post("/ecart")
@needs(Permission.LETTER_FILE)
def put_aside() -> ResponseReturnValue:
    """They are no requests; or they are after all."""
    lane, back = request.form.get("lane", ""), request.form.get("off") == "1"
    count = slow_lane.put_aside(lane, aside=not back, by=me())
    if back:
        tell(ngettext("%(num)s e-mail waits again.", "%(num)s e-mails wait again.", count))
    else:
        undo = url_for("desk_slow.put_aside") if count else ""
        sentence = ngettext("%(num)s e-mail is put aside.", "%(num)s e-mails are put aside.", count)
        tell(sentence, undo=undo, fields={"lane": lane, "off": "1"})
    return redirect(url_for("desk_slow.listed"), 303)
