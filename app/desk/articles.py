"""The knowledge base as its editors see it: articles by topic, what needs a look, a new one, the folder of files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.desk import article_lines, article_page, article_words
from app.desk.article_lines import STATES
from app.desk.frame import show, tell
from app.kernel.access import Permission
from app.kernel.errors import Invalid, NotFound
from app.knowledge import beginning, correcting, pack, signals, survey, whole
from app.knowledge import board as shelf_board
from app.knowledge import due as to_look_at
from app.knowledge import editing as drafting
from app.knowledge.beginning import Beginning
from app.knowledge.board import BoardRow
from app.knowledge.categories import CATEGORIES
from app.knowledge.editing import DraftCard
from app.knowledge.library import LANGUAGES
from app.search import gaps as search_gaps
from app.search import steps
from app.venue import service as venue
from app.web.doors import me, needs
from app.web.tongue import language
from app.web.words import field_words

articles = Blueprint("desk_articles", __name__, template_folder="templates", url_prefix="/regie/base")


@articles.get("")
@needs(Permission.ARTICLE_EDIT)
def shelf() -> ResponseReturnValue:
    """Every article by topic, narrowed by words and by what it needs."""
    by, words, state = me(), request.args.get("q", "").strip()[:120], request.args.get("etat", "")
    rows = shelf_board.board(by=by)
    lines = article_lines.lines(rows)
    shown = [line for line in lines if article_lines.fits(line, words, state if state in STATES else "")]
    found = survey.survey(by=by)
    return show(
        "desk/base/shelf.html",
        groups=article_lines.by_topic(shown),
        count=len(shown),
        total=len(lines),
        q=words,
        state=state,
        states=article_lines.state_names(),
        loose=_loose_drafts(rows),
        withdrawn=_withdrawn(),
        gaps=search_gaps.listed(by=by) if not words and not state else [],
        before=steps.before_requests(by=by) if not words and not state else None,
        titles={(row.card.slug, row.card.lang): row.card.title for row in rows},
        faults=len(found.broken) + len(found.conflicts) if found else 0,
        due_count=to_look_at.due(by=by).count,
        corrections=len(correcting.listed("waiting", by=by)),
        languages=LANGUAGES,
        words=article_words,
        audiences=dict(article_words.audiences()),
    )


@articles.get("/a-revoir")
@needs(Permission.ARTICLE_EDIT)
def due() -> ResponseReturnValue:
    """What is to be looked at: texts to read, translations behind, checks due, ends near, links that lead nowhere."""
    found = to_look_at.due(by=me())
    return show(
        "desk/base/due.html", due=found, today=whole.today(), two=venue.house().articles_need_two, words=article_words,
        names=article_page.names_of({one for card in found.to_read for one in (card.author_id, card.review_by_id)}),
    )  # fmt: skip


@articles.post("/a-revoir")
@needs(Permission.SETTINGS_EDIT)
def set_rule() -> ResponseReturnValue:
    """Say whether a second person must agree before an article goes online."""
    asked = "two" in request.form
    venue.ask_two_for_articles(asked=asked, by=me())
    tell(_("From now on a second person agrees before an article goes online.") if asked
         else _("From now on one person may put an article online."))  # fmt: skip
    return redirect(url_for("desk_articles.due"), 303)


@articles.get("/nouveau")
@needs(Permission.ARTICLE_EDIT)
def new() -> ResponseReturnValue:
    """The form that begins an article."""
    lang, title = request.args.get("langue", ""), request.args.get("titre", "").replace("\x00", "")
    return _form({
        "lang": lang if lang in LANGUAGES else venue.house().language, "category": request.args.get("rubrique", ""),
        "title": title[:200],
    })  # fmt: skip


@articles.post("/nouveau")
@needs(Permission.ARTICLE_EDIT)
def begin() -> ResponseReturnValue:
    """Begin an article as a draft and go to its editor."""
    given = request.form
    try:
        wanted = Beginning(
            title=given.get("title", ""), lang=given.get("lang", ""), category=given.get("category", ""),
            audience=given.get("audience", "public"),
        )  # fmt: skip
        slug, draft_id = beginning.begin(wanted, by=me())
    except Invalid as problem:
        return _form(given.to_dict(), field_words(problem), 422)
    return redirect(url_for("desk_editing.edit", slug=slug, lang=wanted.lang, brouillon=draft_id), 303)


@articles.post("/manques")
@needs(Permission.ARTICLE_EDIT)
def take_off() -> ResponseReturnValue:
    """Take words that found nothing off the list."""
    words = request.form.get("words", "").replace("\x00", "")
    try:
        search_gaps.take_off(request.form.get("lang", "")[:40], words[:80], by=me())
    except NotFound:
        tell(_("These words are not on the list any more."))
    else:
        tell(_("These words are off the list."))
    return redirect(url_for("desk_articles.shelf", _anchor="manques"), 303)


@articles.get("/fichiers")
@needs(Permission.ARTICLE_EDIT)
def folder() -> ResponseReturnValue:
    """The folder of files beside the shelf: what is broken, with file and line, and what differs."""
    return show("desk/base/folder.html", report=survey.survey(by=me()), words=article_words)


@articles.post("/fichiers")
@needs(Permission.ARTICLE_PUBLISH)
def read_folder() -> ResponseReturnValue:
    """Take in what changed in the folder."""
    report = pack.read_own(by=me())
    tell(
        ngettext("%(num)s file was taken in.", "%(num)s files were taken in.", len(report.loaded)),
        more=ngettext("%(num)s cannot be read.", "%(num)s cannot be read.", len(report.broken))
        if report.broken
        else "",
    )
    return redirect(url_for("desk_articles.folder"), 303)


@articles.get("/<slug>")
@needs(Permission.ARTICLE_EDIT)
def one(slug: str) -> ResponseReturnValue:
    """An article without a language: the house's own."""
    editions = signals.editions(slug, by=me())
    lang = next((lang for lang, edition in editions.items() if edition.exists), venue.house().language)
    return redirect(url_for("desk_editing.edit", slug=slug, lang=lang), 302)


def _loose_drafts(rows: Iterable[BoardRow]) -> list[DraftCard]:
    # Articles that were never published are on no shelf; their drafts would be lost from sight.
    placed = {(row.card.slug, row.card.lang) for row in rows}
    return [card for card in drafting.drafts(by=me()) if (card.slug, card.lang) not in placed]


def _withdrawn() -> list[tuple[str, str, Any]]:
    return [(slug, lang, at) for (slug, lang), at in shelf_board.off_the_shelf(by=me()).items()]


def _form(typed: dict[str, str], errors: dict[str, str] | None = None, status: int = 200) -> ResponseReturnValue:
    return show(
        "desk/base/new.html",
        status=status,
        typed=typed,
        errors=errors or {},
        categories=[(one.code, one.name(language())) for one in CATEGORIES],
        audiences=article_words.audiences(),
        languages=[(lang, article_words.language_name(lang)) for lang in LANGUAGES],
    )
