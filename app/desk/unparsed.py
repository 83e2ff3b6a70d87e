"""E-mails that cannot be read: look, download, try again, make a request by hand, put aside."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, Response, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk import arrival_words, mail_rooms
from app.desk.frame import show, tell
from app.kernel.access import Permission
from app.kernel.errors import Invalid
from app.kernel.keyset import ROWS
from app.mail import unparsed as letters
from app.web.doors import me, needs
from app.web.downloads import only_download
from app.web.session import no_store
from app.web.words import field_words

unparsed = Blueprint("desk_unparsed", __name__, template_folder="templates", url_prefix="/regie/courrier/illisibles")

_ID = "<int(max=9007199254740991):letter_id>"


@unparsed.get("")
@needs(Permission.LETTER_FILE)
def listed() -> ResponseReturnValue:
    """Those that wait for somebody, or those put aside, newest first."""
    given, aside = request.args.get("avant", ""), request.args.get("vue") == "ecartes"
    before = int(given) if given.isdecimal() and len(given) < 16 else None
    rows = letters.listed(by=me(), aside=aside, before=before, limit=ROWS + 1)
    more = rows[ROWS - 1].id if len(rows) > ROWS else None
    return show(
        "desk/mail/unparsed.html", rows=rows[:ROWS], aside=aside, reason=arrival_words.unread,
        groups=mail_rooms.groups(),
        next_url=url_for("desk_unparsed.listed", avant=more, vue="ecartes" if aside else None) if more else "",
    )  # fmt: skip


@unparsed.get(f"/{_ID}")
@needs(Permission.LETTER_FILE)
def one(letter_id: int) -> ResponseReturnValue:
    """What can be seen of one, and the form of a request by hand."""
    return _page(letter_id)


@unparsed.get(f"/{_ID}/brut")
@needs(Permission.LETTER_FILE)
@only_download
def raw(letter_id: int) -> ResponseReturnValue:
    """The letter as it arrived, as a file no browser opens."""
    return eml(letters.raw(letter_id, by=me()), letter_id)


@unparsed.post(f"/{_ID}/relecture")
@needs(Permission.LETTER_FILE)
def try_again(letter_id: int) -> ResponseReturnValue:
    """Read it once more."""
    if letters.try_again(letter_id, by=me()) == "unparsed":
        tell(_("It still cannot be read. Make a request of it by hand, or put it aside."))
        return redirect(url_for("desk_unparsed.one", letter_id=letter_id), 303)
    tell(_("It has been read, and is filed now."))
    return _to_list()


@unparsed.post(f"/{_ID}/ecart")
@needs(Permission.LETTER_FILE)
def put_aside(letter_id: int) -> ResponseReturnValue:
    """Take it off the list, or put it back."""
    back = request.form.get("off") == "1"
    letters.put_aside(letter_id, aside=not back, by=me())
    if back:
        tell(_("The e-mail waits in the list again."))
        return _to_list()
    again = url_for("desk_unparsed.put_aside", letter_id=letter_id)
    tell(_("The e-mail is put aside."), undo=again, fields={"off": "1"})
    return _to_list()


@unparsed.post(f"/{_ID}/demande")
@needs(Permission.LETTER_FILE)
def by_hand(letter_id: int) -> ResponseReturnValue:
    """Make a request of it."""
    typed = {name: request.form.get(name, "") for name in ("email", "name", "subject", "body")}
    try:
        made = letters.open_by_hand(letter_id, **typed, by=me())
    except Invalid as problem:
        return _page(letter_id, typed, field_words(problem), 422)
    undo = url_for("desk_unparsed.take_back", letter_id=letter_id)
    tell(_("Request %(number)s is open, with the e-mail attached.", number=made.number), undo=undo)
    return redirect(url_for("desk_ticket.one", number=made.number), 303)


@unparsed.post(f"/{_ID}/retour")
@needs(Permission.LETTER_FILE)
def take_back(letter_id: int) -> ResponseReturnValue:
    """No request was meant."""
    letters.take_back(letter_id, by=me())
    tell(_("The e-mail waits in the list again; its request is marked as spam."))
    return redirect(url_for("desk_unparsed.one", letter_id=letter_id), 303)


def _page(
    letter_id: int, typed: dict[str, str] | None = None, errors: dict[str, str] | None = None, status: int = 200
) -> ResponseReturnValue:
    letter = letters.one(letter_id, by=me())
    seen = letter.seen
    typed = typed or {"email": seen.email, "name": seen.name, "subject": seen.subject, "body": ""}
    return show(
        "desk/mail/unread.html", status=status, letter=letter, typed=typed, errors=errors or {},
        reason=arrival_words.unread, groups=mail_rooms.groups(),
    )  # fmt: skip


def eml(content: bytes, letter_id: int) -> Response:
    """A letter as a file to keep."""
    name, file = f"courriel-{letter_id}.eml", BytesIO(content)
    kind = "application/octet-stream"
    return no_store(send_file(file, mimetype=kind, as_attachment=True, download_name=name, etag=False))


def _to_list() -> ResponseReturnValue:
    return redirect(url_for("desk_unparsed.listed"), 303)
