"""Canned answers: the library, one answer in both languages with a preview, taken out of use and put back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.catalogue import library as canned
from app.catalogue import service as catalogue
from app.catalogue.library import Entry
from app.catalogue.service import CannedDraft
from app.catalogue.variables import fill
from app.desk import article_page, sample, wording
from app.desk.frame import fragment, tell
from app.desk.sections import show_section
from app.kernel.access import Permission
from app.kernel.errors import Conflict, Invalid
from app.web.doors import me, needs
from app.web.tongue import language
from app.web.words import field_words, words_of

answers = Blueprint("desk_answers", __name__, template_folder="templates", url_prefix="/regie/reglages/reponses")

_FIELDS = ("title_fr", "title_en", "body_fr", "body_en", "then_state")
_STATES = ("open", "waiting", "solved")


@answers.get("")
@needs(Permission.CANNED_EDIT)
def library() -> ResponseReturnValue:
    """Every canned answer, most used first."""
    entries = canned.entries(by=me())
    return show_section(
        "desk/settings/answers.html",
        entries=[entry for entry in entries if entry.active],
        retired=[entry for entry in entries if not entry.active],
        categories=_categories(),
        words=wording,
    )


@answers.get("/nouvelle")
@needs(Permission.CANNED_EDIT)
def new() -> ResponseReturnValue:
    """An empty answer."""
    return _page(None, dict.fromkeys(_FIELDS, ""), ())


@answers.post("/nouvelle")
@needs(Permission.CANNED_EDIT)
def add() -> ResponseReturnValue:
    """Write a new answer."""
    return _save(None)


@answers.get("/<int(max=999999999):answer_id>")
@needs(Permission.CANNED_EDIT)
def edit(answer_id: int) -> ResponseReturnValue:
    """One answer in both languages."""
    entry = canned.entry(answer_id, by=me())
    return _page(entry, {name: getattr(entry, name, "") or "" for name in _FIELDS} | {"then_state": entry.then or ""},
                 entry.categories)  # fmt: skip


@answers.post("/<int(max=999999999):answer_id>")
@needs(Permission.CANNED_EDIT)
def save(answer_id: int) -> ResponseReturnValue:
    """Change an answer; who changed it meanwhile is not written over."""
    return _save(canned.entry(answer_id, by=me()))


@answers.post("/apercu")
@needs(Permission.CANNED_EDIT)
def preview() -> ResponseReturnValue:
    """What a spectator would read, with facts of the house and an invented request."""
    return fragment("desk/settings/_answer_preview.html", **_previewed(request.form))


@answers.post("/<int(max=999999999):answer_id>/usage")
@needs(Permission.CANNED_EDIT)
def retire(answer_id: int) -> ResponseReturnValue:
    """Take an answer out of use, or put it back."""
    active = request.form.get("active") == "1"
    catalogue.retire_canned(answer_id, active=active, by=me())
    if active:
        tell(_("The answer is in use again."))
    else:
        tell(_("The answer is out of use."), undo=url_for("desk_answers.retire", answer_id=answer_id),
             fields={"active": "1"})  # fmt: skip
    return redirect(url_for("desk_answers.library"), 303)


def _save(entry: Entry | None) -> ResponseReturnValue:
    given = request.form
    typed = {name: given.get(name, "").replace("\r\n", "\n").replace("\x00", "") for name in _FIELDS}
    chosen = tuple(slug for slug in given.getlist("categories") if slug in catalogue.categories())
    revision = given.get("revision", "")
    try:
        draft = CannedDraft(**{**typed, "then_state": typed["then_state"] or None}, categories=chosen)  # type: ignore[arg-type]
        catalogue.save_canned(
            draft, answer_id=entry.id if entry else None, by=me(),
            seen_revision=int(revision) if entry and revision.isdecimal() and len(revision) < 10 else None,
        )  # fmt: skip
    except Invalid as problem:
        return _page(entry, typed, chosen, field_words(problem), 422)
    except Conflict as problem:
        return _page(entry, typed, chosen, {"body_fr": words_of(problem.code)}, 409)
    tell(_("The answer is saved."))
    return redirect(url_for("desk_answers.library"), 303)


def _page(
    entry: Entry | None,
    typed: Mapping[str, str],
    chosen: tuple[str, ...],
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    said = sample.values(language())
    return show_section(
        "desk/settings/answer.html",
        status=status,
        entry=entry,
        typed=typed,
        chosen=chosen,
        errors=errors or {},
        categories=_categories(),
        states=[(state, wording.state_name(state)) for state in _STATES],
        variables=[(name, said.get(name, "")) for name in canned.variables()],
        names=article_page.names_of({entry.updated_by}) if entry else {},
        **_previewed(typed),
    )


def _previewed(typed: Mapping[str, str]) -> dict[str, Any]:
    bodies = {lang: typed.get(f"body_{lang}", "") for lang in ("fr", "en")}
    return {
        "previews": [(lang, fill(body, sample.values(lang))) for lang, body in bodies.items() if body.strip()],
        "unknown": canned.unfillable(list(bodies.values())),
    }


def _categories() -> dict[str, str]:
    return {slug: card.name(language()) for slug, card in catalogue.categories().items()}
