"""Pictures and films of articles: added by paste, drop or form; a list with what shows each; those unused may go."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk.frame import show, tell, wants_fragment
from app.kernel.access import Permission
from app.kernel.errors import Invalid
from app.knowledge import pictures
from app.knowledge.media import FOLDER
from app.web.doors import me, needs
from app.web.words import field_words

media = Blueprint("desk_media", __name__, template_folder="templates", url_prefix="/regie/base/images")


@media.get("")
@needs(Permission.ARTICLE_EDIT)
def shelf() -> ResponseReturnValue:
    """Every picture and film, the newest first, with the articles that show it."""
    return _page({})


@media.post("")
@needs(Permission.ARTICLE_EDIT)
def add() -> ResponseReturnValue:
    """Keep a picture or a film; asked by a script, answer with what the text says to show it, or why not."""
    given = request.files.get("file")
    try:
        kept = pictures.add(given.stream.read(pictures.LONGEST + 1) if given else b"", by=me())
    except Invalid as problem:
        words = field_words(problem)
        return Response(words["file"], 422, mimetype="text/plain") if wants_fragment() else _page(words, 422)
    if wants_fragment():
        return Response(f"{FOLDER}/{kept.name}", mimetype="text/plain")
    tell(_("It is kept. Copy its line into the text of an article."))
    return redirect(url_for("desk_media.shelf", _anchor=kept.name), 303)


@media.post("/<name>/retrait")
@needs(Permission.ARTICLE_PUBLISH)
def remove(name: str) -> ResponseReturnValue:
    """Forget a picture that nothing shows."""
    if name in pictures.shown_in(by=me()):
        return _page({"file": field_words(Invalid({"file": "picture_shown"}))["file"]}, 409)
    pictures.remove(name, by=me())
    tell(_("It is removed."))
    return redirect(url_for("desk_media.shelf"), 303)


def _page(errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    by = me()
    return show(
        "desk/base/media.html", status=status, media=pictures.kept(by=by), shown=pictures.shown_in(by=by),
        errors=errors, folder=FOLDER,
    )  # fmt: skip
