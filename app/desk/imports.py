"""Bringing in what the ticketing system exports: rehearsed first, then brought in by the worker, and followed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from app.boxoffice import arriving
from app.boxoffice.importing import Report
from app.desk.frame import BOX_OFFICE, fragment, show, tell
from app.kernel.access import Permission
from app.kernel.errors import Invalid
from app.people import service as people
from app.web import import_words
from app.web.doors import me, needs
from app.web.words import words_of

imports = Blueprint("desk_imports", __name__, template_folder="templates", url_prefix=f"{BOX_OFFICE}/import")


@imports.get("")
@needs(Permission.BOXOFFICE_IMPORT)
def page() -> ResponseReturnValue:
    """Where a file is chosen, and what was brought in before."""
    return _page({"system": "csv"})


@imports.get("/etat")
@needs(Permission.BOXOFFICE_IMPORT)
def state() -> ResponseReturnValue:
    """The history, which changes by itself while a file is brought in."""
    return fragment("desk/households/_imports.html", **_history())


@imports.post("")
@needs(Permission.BOXOFFICE_IMPORT)
def rehearse() -> ResponseReturnValue:
    """Say what would come of a file, line by line; nothing is brought in."""
    typed, given = {"system": request.form.get("system", "").strip()[:40]}, request.files.get("file")
    if given is None or not given.filename:
        return _page(typed, {"file": words_of("file_missing")}, 422)
    try:
        report = arriving.rehearse(given.read(), name=given.filename[:255], system=typed["system"], by=me())
    except Invalid as problem:
        field = next(iter(problem.fields))
        return _page(typed, {field: import_words.file_words(problem) or words_of(problem.fields[field])}, 422)
    return _page(typed, report=report)


@imports.errorhandler(RequestEntityTooLarge)
def too_large(_problem: RequestEntityTooLarge) -> ResponseReturnValue:
    """What is too large to be heard at all: the same sentence as for what is a little too large."""
    problem = Invalid({"file": "import_large_here"}, most=arriving.MOST_MB)
    return _page({"system": "csv"}, {"file": import_words.file_words(problem)}, 413)


@imports.post("/accord")
@needs(Permission.BOXOFFICE_IMPORT)
def bring_in() -> ResponseReturnValue:
    """Have a rehearsed file brought in."""
    given = request.form
    arriving.ask(
        given.get("mark", "")[:64], name=given.get("name", "").replace("\x00", "")[:255],
        system=given.get("system", "")[:20], by=me(),
    )  # fmt: skip
    tell(_("The file is being brought in. You may leave this page."))
    return redirect(url_for("desk_imports.page"), 303)


def _page(
    typed: Mapping[str, str], errors: Mapping[str, str] | None = None, status: int = 200, *,
    report: Report | None = None,
) -> ResponseReturnValue:  # fmt: skip
    return show(
        "desk/households/imports.html", status=status, typed=typed, errors=errors or {}, report=report,
        words=import_words, most=arriving.MOST_MB, **_history(),
    )  # fmt: skip


def _history() -> dict[str, Any]:
    runs = arriving.history(by=me())
    return {"runs": runs, "names": people.cards_of([run.by_id for run in runs if run.by_id is not None])}
