"""E-mails taken for those of machines, and our own that came back: look, download, make a request, take that back."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.desk import arrival_words, mail_rooms
from app.desk.frame import show, tell
from app.desk.unparsed import eml
from app.kernel.access import Permission
from app.kernel.errors import Invalid
from app.kernel.keyset import ROWS
from app.mail import lists
from app.mail import robots as letters
from app.web.doors import me, needs
from app.web.downloads import only_download
from app.web.words import field_words

robots = Blueprint("desk_robots", __name__, template_folder="templates", url_prefix="/regie/courrier/automatiques")

_ID = "<int(max=9007199254740991):letter_id>"


@robots.get("")
@needs(Permission.LETTER_FILE)
def listed() -> ResponseReturnValue:
    """Automatic ones, or returns, newest first."""
    given, view = request.args.get("avant", ""), "retours" if request.args.get("vue") == "retours" else None
    before = int(given) if given.isdecimal() and len(given) < 16 else None
    rows = letters.listed("bounce" if view else "automatic", by=me(), before=before, limit=ROWS + 1)
    more = rows[ROWS - 1].id if len(rows) > ROWS else None
    return show(
        "desk/mail/robots.html", rows=rows[:ROWS], returns=bool(view), reason=arrival_words.robot,
        groups=mail_rooms.groups(), next_url=url_for("desk_robots.listed", avant=more, vue=view) if more else "",
        first_url=url_for("desk_robots.listed", vue=view) if before else "",
        suspects=[] if view or before else lists.suspects(by=me()),
    )  # fmt: skip


@robots.post("/listes")
@needs(Permission.LETTER_FILE)
def let_in() -> ResponseReturnValue:
    """File what came by a list before it was one of ours."""
    count = lists.let_in(request.form.get("list", ""), by=me())
    tell(ngettext("%(num)s e-mail is being filed.", "%(num)s e-mails are being filed.", count))
    return redirect(url_for("desk_robots.listed"), 303)


@robots.get(f"/{_ID}")
@needs(Permission.LETTER_FILE)
def one(letter_id: int) -> ResponseReturnValue:
    """What one says, and the form of a request."""
    return _page(letter_id)


@robots.get(f"/{_ID}/brut")
@needs(Permission.LETTER_FILE)
@only_download
def raw(letter_id: int) -> ResponseReturnValue:
    """The letter as it arrived, as a file no browser opens."""
    return eml(letters.raw(letter_id, by=me()), letter_id)


@robots.post(f"/{_ID}/demande")
@needs(Permission.LETTER_FILE)
def by_hand(letter_id: int) -> ResponseReturnValue:
    """Make a request of it."""
    typed = {name: request.form.get(name, "") for name in ("email", "name", "subject", "body")}
    try:
        number = letters.open_by_hand(letter_id, **typed, by=me())
    except Invalid as problem:
        return _page(letter_id, typed, field_words(problem), 422)
    undo = url_for("desk_robots.take_back", letter_id=letter_id)
    tell(_("Request %(number)s is open, with the e-mail attached.", number=number), undo=undo)
    return redirect(url_for("desk_ticket.one", number=number), 303)


@robots.post(f"/{_ID}/retour")
@needs(Permission.LETTER_FILE)
def take_back(letter_id: int) -> ResponseReturnValue:
    """It was a machine's after all."""
    letters.take_back(letter_id, by=me())
    tell(_("The e-mail stands among the automatic ones again; its request is marked as spam."))
    return redirect(url_for("desk_robots.one", letter_id=letter_id), 303)


def _page(
    letter_id: int, typed: dict[str, str] | None = None, errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    seen = letters.one(letter_id, by=me())
    typed = typed or {"email": seen.email, "name": seen.name, "subject": seen.subject, "body": seen.body}
    return show(
        "desk/mail/robot.html", status=status, letter=seen, typed=typed, errors=errors or {},
        reason=arrival_words.robot, groups=mail_rooms.groups(),
    )  # fmt: skip
