"""Versions of an article: one against another, a draft against what people read and agreed with, both languages."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk import article_page, article_words
from app.desk.frame import show, tell
from app.desk.reader_links import LINKS
from app.kernel.access import Permission
from app.kernel.errors import Conflict, Invalid, NotFound
from app.knowledge import board, editing, history, publishing, redline, reviewing, reviews, twins
from app.knowledge.board import Preview
from app.knowledge.twins import Side
from app.web.doors import me, needs
from app.web.words import field_words, words_of

versions = Blueprint("desk_versions", __name__, template_folder="templates", url_prefix="/regie/base/<slug>")


@versions.get("/<lang>/versions/<int(max=999999):number>")
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


@versions.get("/<lang>/brouillons/<int(max=999999999):draft_id>")
@needs(Permission.ARTICLE_EDIT)
def draft(slug: str, lang: str, draft_id: int) -> ResponseReturnValue:
    """A draft against what people read now, and what a second reader says of it."""
    return _draft_page(slug, lang, draft_id)


@versions.post("/<lang>/brouillons/<int(max=999999999):draft_id>/accord")
@needs(Permission.ARTICLE_PUBLISH)
def agree(slug: str, lang: str, draft_id: int) -> ResponseReturnValue:
    """Agree with a draft as it stands."""
    if refused := _said(reviewing.agree, slug, lang, draft_id):
        return refused
    tell(_("You agreed with this text: who wrote it may put it online, and so may you."))
    return redirect(url_for("desk_editing.edit", slug=slug, lang=lang, brouillon=draft_id), 303)


@versions.post("/<lang>/brouillons/<int(max=999999999):draft_id>/renvoi")
@needs(Permission.ARTICLE_EDIT)
def send_back(slug: str, lang: str, draft_id: int) -> ResponseReturnValue:
    """Send a draft back to who wrote it, saying what to change."""
    if refused := _said(reviewing.send_back, slug, lang, draft_id):
        return refused
    tell(_("The text is back with who wrote it, with your words."))
    return redirect(url_for("desk_articles.due"), 303)


def _said(verb: Callable[..., None], slug: str, lang: str, draft_id: int) -> ResponseReturnValue | None:
    """Say of a draft what the form holds; the page again where that is refused, with the words that were typed."""
    said, revision = request.form.get("review", ""), request.form.get("revision", "")
    seen = int(revision) if revision.isascii() and revision.isdecimal() and len(revision) < 10 else 0
    try:
        verb(draft_id, said, revision=seen, by=me())
    except Invalid as problem:
        return _draft_page(slug, lang, draft_id, field_words(problem), 422)
    except Conflict as problem:
        return _draft_page(slug, lang, draft_id, {"review": words_of(problem.code)}, 409)
    except NotFound:
        return show(
            "desk/base/draft_gone.html", status=404, slug=slug, text_lang=lang, title=_title(slug, lang),
            review=said[: 2 * reviewing.LONGEST],
        )  # fmt: skip
    return None


def _draft_page(
    slug: str, lang: str, draft_id: int, errors: dict[str, str] | None = None, status: int = 200
) -> ResponseReturnValue:
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
        status=status,
        errors=errors or {},
        review=request.form.get("review", ""),
        may_agree=reviews.may_agree(found.card.author_id, me().person_id),
        lines=redline.redlined(history.diff(current, found.source)),
        names=article_page.names_of({found.card.author_id, found.card.review_by_id}),
        title=_title(slug, lang),
        words=article_words,
    )


@versions.post("/<lang>/versions/<int(max=999999):number>/reprise")
@needs(Permission.ARTICLE_EDIT)
def restore(slug: str, lang: str, number: int) -> ResponseReturnValue:
    """Take an old version up again as a draft."""
    draft_id = history.restore(slug, lang, number, by=me())
    tell(_("Version %(number)s is taken up again as a draft. Nothing is published yet.", number=number))
    return redirect(url_for("desk_editing.edit", slug=slug, lang=lang, brouillon=draft_id), 303)


@versions.get("/cote-a-cote")
@needs(Permission.ARTICLE_EDIT)
def beside(slug: str) -> ResponseReturnValue:
    """Both languages of an article side by side, and what changed in one since the other was published."""
    found = twins.beside(slug, by=me())
    return show(
        "desk/base/beside.html", slug=slug, sides=[(side, _shown(side)) for side in (found.own, found.other)],
        late=found.late, lines=redline.redlined(found.changed), words=article_words,
    )  # fmt: skip


@versions.post("/<lang>/verification")
@needs(Permission.ARTICLE_PUBLISH)
def check_again(slug: str, lang: str) -> ResponseReturnValue:
    """Say that an article was read through today and still holds."""
    publishing.check_again(slug, lang, note=_("Checked, nothing to change"), by=me())
    tell(_("“%(title)s” is checked as of today.", title=_title(slug, lang)))
    return redirect(url_for("desk_articles.due"), 303)


def _shown(side: Side) -> Preview | None:
    return board.preview(side.source, LINKS, by=me()) if side.source is not None else None


def _title(slug: str, lang: str) -> str:
    card = article_page.editions_of(slug, lang)[lang].card
    return card.title if card else slug
