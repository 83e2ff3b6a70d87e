"""Requests between colleagues: what one has asked of IT, staff matters or the house, and asking anew."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.catalogue import answers
from app.catalogue import service as catalogue
from app.catalogue.defaults import reasons_for
from app.catalogue.service import TypeCard
from app.desk import wording
from app.desk.frame import show, tell
from app.kernel.access import Permission
from app.kernel.errors import Invalid
from app.knowledge import shelf
from app.people import colleagues as people
from app.sla import promised
from app.tickets import conversation, lists, own
from app.tickets.conversation import Word
from app.tickets.opening import Draft, open_ticket
from app.tickets.states import Channel
from app.web.carried import Carried, joined, reads_large_forms
from app.web.doors import me, needs
from app.web.downloads import download, only_download
from app.web.forms import new_submission, submission_key
from app.web.tongue import language
from app.web.words import field_words

internal = Blueprint("desk_internal", __name__, template_folder="templates", url_prefix="/regie/interne")
reads_large_forms(internal)


@internal.get("")
@needs(Permission.TICKET_OPEN_INTERNAL)
def mine() -> ResponseReturnValue:
    """One's own requests."""
    return show("desk/internal.html", rows=lists.own(me()), words=wording, reasons=_reasons())


@internal.get("/nouvelle")
@needs(Permission.TICKET_OPEN_INTERNAL)
def form() -> ResponseReturnValue:
    """Choose what it is about, then say it."""
    return _form(request.args.get("motif", ""), {})


@internal.post("/nouvelle")
@needs(Permission.TICKET_OPEN_INTERNAL)
def create() -> ResponseReturnValue:
    """Ask."""
    files = joined()
    try:
        opened = open_ticket(_draft(files), by=me())
    except Invalid as problem:
        return _form(request.form.get("type", ""), request.form.to_dict(), field_words(problem), files)
    tell(_("Your request has arrived. Its number is %(number)s.", number=opened.number))
    return redirect(url_for("desk_internal.one", number=opened.number), 303)


@internal.get("/<int(max=9999999):number>")
@needs(Permission.TICKET_OPEN_INTERNAL)
def one(number: int) -> ResponseReturnValue:
    """A request one has asked, with what was answered."""
    return _thread(number)


@internal.post("/<int(max=9999999):number>/messages")
@needs(Permission.TICKET_OPEN_INTERNAL)
def write_again(number: int) -> ResponseReturnValue:
    """Say more; an ended request comes to life again."""
    case, files = own.own_case(me(), number), joined()
    try:
        word = Word(body=request.form.get("body", ""), files=files.all(), channel="desk",
                    submission=submission_key(request.form.get("submission")))  # fmt: skip
        conversation.write_again(case.id, word, by=me())
    except Invalid as problem:
        return _thread(number, body=request.form.get("body", ""), files=files, errors=field_words(problem), status=422)
    tell(_("Your message is added."))
    return redirect(url_for("desk_internal.one", number=number), 303)


@internal.get("/<int(max=9999999):number>/fichiers/<int(max=9007199254740991):file_id>")
@needs(Permission.TICKET_OPEN_INTERNAL)
@only_download
def file(number: int, file_id: int) -> ResponseReturnValue:
    """A file of one's own request, as a download."""
    return download(own.own_file(me(), number, file_id))


def _kind(code: str) -> TypeCard | None:
    card = catalogue.request_type(code)
    return card if card is not None and card.internal else None


def _reasons() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Shape: (name, hint, types as (code, name)) for each reason that is for colleagues."""
    cards = [card for card in catalogue.types().values() if card.internal]
    return [
        (
            reason.name(language()), reason.hint(language()),
            [(card.code, card.name(language())) for card in cards if card.reason == reason.code],
        )
        for reason in reasons_for(internal=True)
    ]  # fmt: skip


def _draft(files: Carried) -> Draft:
    kind, form = _kind(request.form.get("type", "")), request.form
    if kind is None:
        raise Invalid({"type": "unknown_choice"})
    given, wrong = answers.read_all(kind, {field.name: form.get(f"own-{field.name}", "") for field in kind.fields})
    wrong = {f"own-{name}": code for name, code in wrong.items()}
    try:
        draft = Draft(
            email=people.email_of(me()), body=form.get("body", ""), subject=form.get("subject", ""),
            channel=Channel.DESK, language=language(), type=kind.code, answers=dict(given),
            files=files.all(), submission=submission_key(form.get("submission")),
        )  # fmt: skip
    except Invalid as problem:
        raise Invalid({**wrong, **problem.fields}) from None
    if wrong:
        raise Invalid(wrong)
    return draft


def _form(
    code: str, typed: Mapping[str, str], errors: Mapping[str, str] | None = None, files: Carried | None = None
) -> ResponseReturnValue:
    kind = _kind(code)
    article = shelf.find(me(), kind.article, language()) if kind and kind.article else None
    return show(
        "desk/internal_new.html", status=422 if errors else 200, kind=kind, typed=typed, errors=errors or {},
        reasons=_reasons(), article=article, submission=new_submission(), page_language=language(),
        kept=files.words() if files else [],
        promised_at=promised.preview(kind.code) if kind else None,
    )  # fmt: skip


def _thread(
    number: int,
    *,
    body: str = "",
    files: Carried | None = None,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    case = own.own_case(me(), number)
    return show("desk/internal_one.html", status=status, case=case, body=body, errors=errors or {}, words=wording,
                submission=new_submission(), kept=files.words() if files else [])  # fmt: skip
