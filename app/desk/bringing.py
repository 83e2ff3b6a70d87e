"""Bringing in the knowledge base of another desk: rehearsed first, brought in by the worker, followed, and undone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from app.desk import article_words, bringing_words
from app.desk.article_page import names_of
from app.desk.frame import fragment, show, tell
from app.kernel.access import Permission
from app.kernel.errors import Conflict, Invalid, NotFound
from app.knowledge import arriving, unpacking
from app.knowledge.arriving import Rehearsal, Wanted
from app.knowledge.library import LANGUAGES
from app.venue import service as venue
from app.web.doors import me, needs
from app.web.words import words_of

bringing = Blueprint("desk_bringing", __name__, template_folder="templates", url_prefix="/regie/base/reprise")
_ID = "<int(max=999999999):bringing_id>"


@bringing.get("")
@needs(Permission.ARTICLE_PUBLISH)
def page() -> ResponseReturnValue:
    """Where a file is chosen, and what was brought in before."""
    return _page(_usual())


@bringing.post("")
@needs(Permission.ARTICLE_PUBLISH)
def rehearse() -> ResponseReturnValue:
    """Say what would come of a file, article by article; nothing is brought in."""
    typed, given = _typed(), request.files.get("file")
    if given is None or not given.filename:
        return _page(typed, {"file": words_of("file_missing")}, 422)
    try:
        name = given.filename.replace("\x00", "")[:255]
        found = arriving.rehearse(given.read(), name=name, wanted=_wanted(typed), by=me())
    except Invalid as problem:
        return _page(typed, bringing_words.file_words(problem), 422)
    return _page(typed, found=found)


@bringing.errorhandler(RequestEntityTooLarge)
def too_large(_problem: RequestEntityTooLarge) -> ResponseReturnValue:
    """What is too large to be heard at all: the same sentence as for what is a little too large."""
    problem = Invalid({"file": "bring_large"}, most=unpacking.MOST_MB)
    return _page(_usual(), bringing_words.file_words(problem), 413)


@bringing.post("/accord")
@needs(Permission.ARTICLE_PUBLISH)
def bring_in() -> ResponseReturnValue:
    """Have a rehearsed file brought in, and follow it."""
    typed, given = _typed(), request.form
    try:
        bringing_id = arriving.ask(
            given.get("mark", "")[:64], name=given.get("name", "").replace("\x00", "")[:255], wanted=_wanted(typed),
            by=me(),
        )  # fmt: skip
    except NotFound:
        return _page(typed, bringing_words.file_words(Invalid({"file": "bring_gone"})), 422)
    except Invalid as problem:
        return _page(typed, bringing_words.file_words(problem), 422)
    return redirect(url_for("desk_bringing.report", bringing_id=bringing_id), 303)


@bringing.get(f"/{_ID}")
@needs(Permission.ARTICLE_PUBLISH)
def report(bringing_id: int) -> ResponseReturnValue:
    """What became of a file, article by article; stays."""
    return show("desk/base/brought.html", **_report(bringing_id))


@bringing.get(f"/{_ID}/etat")
@needs(Permission.ARTICLE_PUBLISH)
def state(bringing_id: int) -> ResponseReturnValue:
    """The report, which changes by itself while articles come in."""
    return fragment("desk/base/_brought.html", **_report(bringing_id))


@bringing.post(f"/{_ID}/annulation")
@needs(Permission.ARTICLE_PUBLISH)
def undo(bringing_id: int) -> ResponseReturnValue:
    """Have what was there before put back."""
    try:
        arriving.undo(bringing_id, by=me())
    except Conflict:
        tell(_("A colleague has undone this already, or it still runs."))
    else:
        tell(_("What was there before is being put back. You may leave this page."))
    return redirect(url_for("desk_bringing.report", bringing_id=bringing_id), 303)


def _report(bringing_id: int) -> dict[str, Any]:
    card, lines = arriving.report(bringing_id, by=me())
    return {
        "card": card, "lines": lines, "words": bringing_words, "language_name": article_words.language_name,
        "names": names_of({card.by_id, card.undone_by_id}), "most": arriving.LINES,
    }  # fmt: skip


def _usual() -> dict[str, str]:
    return {"lang": venue.house().language, "audience": "staff", "mode": "drafts"}


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, usual)[:40] for name, usual in _usual().items()}


def _wanted(typed: Mapping[str, str]) -> Wanted:
    return Wanted(lang=typed["lang"], audience=typed["audience"], publishes=typed["mode"] == "online")


def _page(
    typed: Mapping[str, str], errors: Mapping[str, str] | None = None, status: int = 200, *,
    found: Rehearsal | None = None,
) -> ResponseReturnValue:  # fmt: skip
    cards = arriving.history(by=me())
    return show(
        "desk/base/bring.html", status=status, typed=typed, errors=errors or {}, found=found, words=bringing_words,
        languages=[(lang, article_words.language_name(lang)) for lang in LANGUAGES], most=unpacking.MOST_MB,
        audiences=[one for one in article_words.audiences() if one[0] in arriving.AUDIENCES],
        language_name=article_words.language_name, cards=cards, names=names_of({card.by_id for card in cards}),
        two=venue.house().articles_need_two, lines_shown=arriving.LINES,
    )  # fmt: skip
