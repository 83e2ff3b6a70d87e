"""Mailboxes: how each fares, one as a form, its connection tested, switched on and off, deleted or retired."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, time

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk import mailbox_words, wording
from app.desk.frame import tell
from app.desk.sections import show_section
from app.insight.access import today
from app.kernel.access import Permission
from app.kernel.errors import Conflict, Invalid
from app.mail import drops, oauth, probing
from app.mail import mailboxes as boxes
from app.mail.mailbox_draft import FOLDER, IMAP, MailboxDraft, of_folder
from app.mail.mailboxes import MailboxCard
from app.mail.probing import Outcome
from app.people import service as people
from app.venue import service as venue
from app.web.doors import me, needs
from app.web.limits import limiter
from app.web.tongue import language
from app.web.words import field_words, words_of

mailboxes = Blueprint("desk_mailboxes", __name__, template_folder="templates", url_prefix="/regie/reglages/boites")

_FOLDERS = ("name", "language", "folder", "after")
_TEXTS = ("name", "language", "host", "security", "user", "auth", "folder", "after", "move_to")
_NEW = {
    "name": "", "department_id": "", "language": "fr", "host": "", "port": "993", "security": "tls", "user": "",
    "auth": "password", "folder": "INBOX", "after": "seen", "move_to": "", "take_old": "", "kind": IMAP,
}  # fmt: skip
_ID = "<int(max=999999999):mailbox_id>"


@mailboxes.get("")
@needs(Permission.SETTINGS_EDIT)
def listed() -> ResponseReturnValue:
    """Every mailbox and how it fares."""
    began = datetime.combine(today(), time.min, venue.house().tz)
    cards = boxes.cards(by=me(), day_began=began)
    departments = {card.id: card.name(language()) for card in people.departments()}
    return show_section(
        "desk/settings/mailboxes.html",
        cards=[card for card in cards if card.state != "retired"],
        retired=[card for card in cards if card.state == "retired"],
        departments=departments,
        words=mailbox_words,
    )


@mailboxes.get("/nouvelle")
@needs(Permission.SETTINGS_EDIT)
def new() -> ResponseReturnValue:
    """An empty form."""
    return _page(None, _NEW)


@mailboxes.get("/nouveau-dossier")
@needs(Permission.SETTINGS_EDIT)
def new_folder() -> ResponseReturnValue:
    """An empty form of a folder in which other programs leave e-mails."""
    return _page(None, {**_NEW, "kind": FOLDER, "folder": "", "after": "remove"})


@mailboxes.post("/nouvelle")
@needs(Permission.SETTINGS_EDIT)
def add() -> ResponseReturnValue:
    """Add a mailbox; it stays off until somebody has tested it."""
    typed = _typed(request.form.get("kind", IMAP))
    try:
        made = boxes.add(_draft(typed), secret=request.form.get("secret", ""), by=me())
    except Invalid as problem:
        return _page(None, typed, errors=field_words(problem), status=422)
    tell(_("The mailbox is added. Test its connection, then switch it on."))
    return redirect(url_for("desk_mailboxes.one", mailbox_id=made), 303)


@mailboxes.get(f"/{_ID}")
@needs(Permission.SETTINGS_EDIT)
def one(mailbox_id: int) -> ResponseReturnValue:
    """One mailbox."""
    card = boxes.card(mailbox_id, by=me())
    return _page(card, _kept(card))


@mailboxes.post(f"/{_ID}")
@needs(Permission.SETTINGS_EDIT)
def save(mailbox_id: int) -> ResponseReturnValue:
    """Change a mailbox; an empty password keeps the one there is."""
    typed = _typed(boxes.card(mailbox_id, by=me()).draft.kind)
    try:
        boxes.change(mailbox_id, _draft(typed), secret=request.form.get("secret", ""), by=me())
    except Invalid as problem:
        return _page(boxes.card(mailbox_id, by=me()), typed, errors=field_words(problem), status=422)
    tell(_("The mailbox is saved."))
    return redirect(url_for("desk_mailboxes.one", mailbox_id=mailbox_id), 303)


@mailboxes.post(f"/{_ID}/essai")
@needs(Permission.SETTINGS_EDIT)
@limiter.limit("20/minute")
def test(mailbox_id: int) -> ResponseReturnValue:
    """Call the server, sign in and look, without taking anything."""
    outcome = probing.probe(mailbox_id, by=me())
    card = boxes.card(mailbox_id, by=me())
    return _page(card, _kept(card), outcome=outcome)


@mailboxes.post(f"/{_ID}/etat")
@needs(Permission.SETTINGS_EDIT)
def switch(mailbox_id: int) -> ResponseReturnValue:
    """Switch a mailbox on or off."""
    on = request.form.get("on") == "1"
    try:
        boxes.switch(mailbox_id, on=on, by=me())
    except Conflict as problem:
        card = boxes.card(mailbox_id, by=me())
        return _page(card, _kept(card), errors={"secret": words_of(problem.code)}, status=409)
    tell(_("The mailbox is on. Its first e-mails come within a minute.") if on else _("The mailbox is off."))
    return redirect(url_for("desk_mailboxes.one", mailbox_id=mailbox_id), 303)


@mailboxes.post(f"/{_ID}/vu")
@needs(Permission.SETTINGS_EDIT)
def seen(mailbox_id: int) -> ResponseReturnValue:
    """Say that one has seen the alarm."""
    boxes.seen(mailbox_id, by=me())
    return redirect(url_for("desk_mailboxes.listed"), 303)


@mailboxes.post(f"/{_ID}/retrait")
@needs(Permission.SETTINGS_EDIT)
def remove(mailbox_id: int) -> ResponseReturnValue:
    """Delete a mailbox that never brought an e-mail, retire any other."""
    gone = boxes.remove(mailbox_id, by=me())
    tell(_("The mailbox is deleted.") if gone else _("The mailbox is retired; the e-mails it brought stay."))
    return redirect(url_for("desk_mailboxes.listed"), 303)


def _typed(kind: str) -> dict[str, str]:
    """What was typed; what a mailbox is, a folder or not, is never changed."""
    given = {name: request.form.get(name, "").replace("\x00", "").strip()[:400] for name in _NEW}
    # A new mailbox has an address before its folders are known.
    folder = kind == FOLDER
    return {
        **given,
        "kind": FOLDER if folder else IMAP,
        "folder": given["folder"] or ("" if folder else _NEW["folder"]),
    }


def _draft(typed: Mapping[str, str]) -> MailboxDraft:
    if typed["kind"] == FOLDER:
        return of_folder(department_id=_number(typed["department_id"]), **{name: typed[name] for name in _FOLDERS})
    return MailboxDraft(
        department_id=_number(typed["department_id"]), port=_number(typed["port"]), take_old=typed["take_old"] == "1",
        **{name: typed[name] for name in _TEXTS},
    )  # fmt: skip


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _kept(card: MailboxCard) -> dict[str, str]:
    kept = {name: str(value) for name, value in asdict(card.draft).items()}
    return {**kept, "take_old": "1" if card.draft.take_old else ""}


def _page(
    card: MailboxCard | None,
    typed: Mapping[str, str],
    *,
    errors: Mapping[str, str] | None = None,
    outcome: Outcome | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    return show_section(
        "desk/settings/mailbox_folder.html" if typed["kind"] == FOLDER else "desk/settings/mailbox.html",
        status=status,
        base=str(drops.base()),
        card=card,
        typed=typed,
        errors=errors or {},
        outcome=outcome,
        words=mailbox_words,
        departments=[(one.id, one.name(language())) for one in people.departments()],
        languages=wording.languages(),
        offered=oauth.offered(),
    )
