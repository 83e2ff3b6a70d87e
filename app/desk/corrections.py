"""What readers would have articles say otherwise: taken up, left with a reason, undone."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk import article_page, article_words
from app.desk.frame import show, tell
from app.kernel.access import Permission
from app.kernel.errors import Conflict, Invalid
from app.knowledge import correcting
from app.web.doors import me, needs
from app.web.words import field_words, words_of

corrections = Blueprint("desk_corrections", __name__, template_folder="templates", url_prefix="/regie/base/corrections")


@corrections.get("")
@needs(Permission.ARTICLE_EDIT)
def listed() -> ResponseReturnValue:
    """Corrections that wait, or those that were decided."""
    return _page()


@corrections.post("/<int(max=999999999):correction_id>/reprise")
@needs(Permission.ARTICLE_EDIT)
def accept(correction_id: int) -> ResponseReturnValue:
    """Take a correction up and open the editor with it beside the text."""
    try:
        slug, lang = correcting.accept(correction_id, by=me())
    except Conflict as problem:
        return _page({"form": words_of(problem.code)}, 409)
    tell(
        _("The correction is taken up: it stands beside the text. A reader who left an address is thanked."),
        undo=url_for("desk_corrections.reopen", correction_id=correction_id),
    )
    return redirect(url_for("desk_editing.edit", slug=slug, lang=lang, correction=correction_id), 303)


@corrections.post("/<int(max=999999999):correction_id>/refus")
@needs(Permission.ARTICLE_EDIT)
def refuse(correction_id: int) -> ResponseReturnValue:
    """Leave the article as it is, with a reason for colleagues."""
    try:
        correcting.refuse(correction_id, request.form.get("reason", ""), by=me())
    except Invalid as problem:
        return _page({f"reason-{correction_id}": field_words(problem)["reason"]}, 422, refused=correction_id)
    except Conflict as problem:
        return _page({"form": words_of(problem.code)}, 409)
    tell(
        _("The article stays as it is; the reason is kept with the correction."),
        undo=url_for("desk_corrections.reopen", correction_id=correction_id),
    )
    return redirect(url_for("desk_corrections.listed"), 303)


@corrections.post("/<int(max=999999999):correction_id>/annulation")
@needs(Permission.ARTICLE_EDIT)
def reopen(correction_id: int) -> ResponseReturnValue:
    """Undo what was decided: the correction waits again."""
    correcting.reopen(correction_id, by=me())
    tell(_("The correction waits again."))
    return redirect(url_for("desk_corrections.listed"), 303)


def _page(errors: dict[str, str] | None = None, status: int = 200, refused: int = 0) -> ResponseReturnValue:
    state = request.args.get("etat", "")
    state = state if state in correcting.STATES else "waiting"
    rows = correcting.listed(state, by=me())
    return show(
        "desk/base/corrections.html", status=status, rows=rows, state=state, words=article_words, errors=errors or {},
        states=article_words.correction_states(), refused=refused, reason=request.form.get("reason", ""),
        names=article_page.names_of({row.decided_by_id for row in rows}),
    )  # fmt: skip
