"""Versions of an article: one against another, a draft against what people read, an old one taken up again."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk import article_page, article_words
from app.desk.frame import show, tell
from app.kernel.access import Permission
from app.kernel.errors import NotFound
from app.knowledge import editing, history, redline
from app.web.doors import me, needs

versions = Blueprint("desk_versions", __name__, template_folder="templates", url_prefix="/regie/base/<slug>/<lang>")


@versions.get("/versions/<int(max=999999):number>")
@needs(Permission.ARTICLE_EDIT)
def compare(slug: str, lang: str, number: int) -> ResponseReturnValue:
    """What one version changed in another, the one before it unless another is named."""
    known = history.versions(slug, lang, by=me())
    wanted = request.args.get("avec", "")
    other = int(wanted) if wanted.isdecimal() and len(wanted) < 10 else max(number - 1, 1)
    lines = history.compared(slug, lang, other, number, by=me())
    return show(
        "desk/base/compare.html",
        slug=slug,
        text_lang=lang,
        number=number,
        other=other,
        versions=known,
        lines=redline.redlined(lines),
        names=article_page.names_of({card.author_id for card in known}),
        title=_title(slug, lang),
        words=article_words,
    )


@versions.get("/brouillons/<int(max=999999999):draft_id>")
@needs(Permission.ARTICLE_EDIT)
def draft(slug: str, lang: str, draft_id: int) -> ResponseReturnValue:
    """A draft against what people read now."""
    found = editing.draft(draft_id, by=me())
    if (found.card.slug, found.card.lang) != (slug, lang):
        raise NotFound("article_draft")
    current = history.source_of(slug, lang, found.current_version, by=me()) if found.current_version else ""
    return show(
        "desk/base/draft.html",
        slug=slug,
        text_lang=lang,
        draft=found.card,
        current=found.current_version,
        outdated=found.outdated,
        lines=redline.redlined(history.diff(current, found.source)),
        names=article_page.names_of({found.card.author_id}),
        title=_title(slug, lang),
        words=article_words,
    )


@versions.post("/versions/<int(max=999999):number>/reprise")
@needs(Permission.ARTICLE_EDIT)
def restore(slug: str, lang: str, number: int) -> ResponseReturnValue:
    """Take an old version up again as a draft."""
    draft_id = history.restore(slug, lang, number, by=me())
    tell(_("Version %(number)s is taken up again as a draft. Nothing is published yet.", number=number))
    return redirect(url_for("desk_editing.edit", slug=slug, lang=lang, brouillon=draft_id), 303)


def _title(slug: str, lang: str) -> str:
    card = article_page.editions_of(slug, lang)[lang].card
    return card.title if card else slug
