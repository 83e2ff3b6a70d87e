"""Words that mean the same in this house: the list, one group, and what it would change in results."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk import article_words
from app.desk.frame import show, tell
from app.kernel.access import Permission
from app.kernel.errors import Invalid, NotFound
from app.knowledge.library import LANGUAGES
from app.search import service as search
from app.search import word_groups as groups
from app.search.word_groups import Group
from app.venue import service as venue
from app.web.doors import me, needs
from app.web.words import field_words

word_groups = Blueprint("desk_word_groups", __name__, template_folder="templates", url_prefix="/regie/base/mots")

#: Characters of a group as typed.
LONGEST = 2_000


@word_groups.get("")
@needs(Permission.ARTICLE_EDIT)
def listed() -> ResponseReturnValue:
    """Every group, and the form of a new one or of the one that is changed."""
    known, wanted = groups.listed(by=me()), request.args.get("groupe", "")
    chosen = next((one for one in known if str(one.id) == wanted), None)
    if wanted and chosen is None:
        raise NotFound("word_group")
    typed = chosen or Group(venue.house().language, ())
    return _page({"lang": typed.lang, "words": ", ".join(typed.words), "id": str(typed.id or "")})


@word_groups.post("")
@needs(Permission.ARTICLE_EDIT)
def save() -> ResponseReturnValue:
    """Show what a group would change, or keep it."""
    given = {name: request.form.get(name, "")[:LONGEST] for name in ("lang", "words", "id")}
    try:
        group = replace(groups.typed(given["lang"], given["words"]), id=_whole(given["id"]))
        if request.form.get("then") != "keep":
            return _page(given, effects=search.effects(group, by=me()))
        groups.keep(group, by=me())
    except Invalid as problem:
        return _page(given, field_words(problem), 422)
    tell(_("The words are kept. Search uses them within a few seconds."))
    return redirect(url_for("desk_word_groups.listed"), 303)


@word_groups.post("/<int(max=999999999):group_id>/retrait")
@needs(Permission.ARTICLE_EDIT)
def take_away(group_id: int) -> ResponseReturnValue:
    """Let words mean only themselves again."""
    groups.take_away(group_id, by=me())
    tell(_("These words mean only themselves again."))
    return redirect(url_for("desk_word_groups.listed"), 303)


def _page(
    typed: dict[str, str], errors: dict[str, str] | None = None, status: int = 200, effects: object = None
) -> ResponseReturnValue:
    return show(
        "desk/base/words.html", status=status, typed=typed, errors=errors or {}, effects=effects,
        groups=groups.listed(by=me()), words=article_words,
        languages=[(lang, article_words.language_name(lang)) for lang in LANGUAGES],
    )  # fmt: skip


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 16 else 0
