"""The editor of one article: its text with a preview, drafts that keep themselves, publication, withdrawal."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.catalogue import service as catalogue
from app.desk import article_form, article_page, article_words
from app.desk.article_form import SOURCE, Written
from app.desk.article_page import Hand, editions_of, gathered, in_hand
from app.desk.frame import fragment, show, tell, wants_fragment
from app.kernel.access import Permission
from app.kernel.errors import Conflict, Invalid
from app.knowledge import commenting, publishing, reviewing
from app.knowledge import editing as drafting
from app.knowledge.checks import Finding
from app.knowledge.editing import DraftInput
from app.web.carried import reads_long_texts
from app.web.doors import me, needs
from app.web.words import field_words, words_of

editing = Blueprint("desk_editing", __name__, template_folder="templates", url_prefix="/regie/base/<slug>/<lang>")
# Whoever pastes a whole book is told so beside the field.
reads_long_texts(editing)


@editing.get("")
@needs(Permission.ARTICLE_EDIT)
def edit(slug: str, lang: str) -> ResponseReturnValue:
    """The text of an article in one language, one's own draft first."""
    drafts = drafting.drafts(slug, lang, by=me())
    editions = editions_of(slug, lang)
    hand = in_hand(slug, lang, request.args.get("brouillon", ""), drafts)
    typed = article_form.opened(hand.source)
    seen = _whole(request.args.get("vu", ""))
    return show("desk/base/editor.html", errors={}, seen_version=seen, **gathered(hand, typed, editions, drafts))


@editing.post("/brouillon")
@needs(Permission.ARTICLE_EDIT)
def save(slug: str, lang: str) -> ResponseReturnValue:
    """Save what is being written; asked by a script, answer with a line that says so."""
    hand, typed = _came_back(slug, lang)
    if typed.wrong.get(SOURCE) == "too_long":
        return _again(hand, typed, _fault_words(typed), 422)
    saved = drafting.save_draft(_input(hand, typed), by=me())
    if wants_fragment():
        names = article_page.names_of({card.author_id for card in saved.others})
        return fragment("desk/base/_saved.html", saved=saved, names=names, left_out=len(typed.wrong), slug=slug,
                        text_lang=lang)  # fmt: skip
    if typed.wrong and SOURCE not in typed.wrong:
        kept = Hand(slug, lang, typed.source, saved.draft_id, saved.revision, hand.base, hand.current)
        return _again(kept, typed, _fault_words(typed), 422)
    tell(_("Somebody saved this draft meanwhile. Both texts are kept: yours is a draft of its own.") if saved.apart
         else _("The draft is saved."))  # fmt: skip
    return redirect(_url(slug, lang, brouillon=saved.draft_id), 303)


@editing.post("/apercu")
@needs(Permission.ARTICLE_EDIT)
def preview(slug: str, lang: str) -> ResponseReturnValue:
    """What readers will see of the text typed so far."""
    _hand, typed = _came_back(slug, lang)
    return fragment("desk/base/_preview.html", text_lang=lang, words=article_words,
                    **article_page.previewed(typed.source, me()))  # fmt: skip


@editing.post("/publication")
@needs(Permission.ARTICLE_PUBLISH)
def publish(slug: str, lang: str) -> ResponseReturnValue:
    """Make the text in hand what people read; refused, the page says why and keeps the text."""
    hand, typed = _came_back(slug, lang)
    if typed.wrong:
        return _again(hand, typed, _fault_words(typed), 422)
    try:
        version = publishing.publish_text(
            _input(hand, typed), note=request.form.get("note", "").strip(), request_types=set(catalogue.types()),
            seen_version=_whole(request.form.get("seen_version", "")) or None, by=me(),
        )  # fmt: skip
    except Invalid as problem:
        return _again(hand, typed, _finding_words(problem), 422)
    except Conflict:
        return _again(hand, typed, {}, 409)
    tell(
        _("Version %(number)s is online. Search finds it in a moment.", number=version),
        undo=url_for("desk_editing.take_back", slug=slug, lang=lang), fields={"version": str(version)},
    )  # fmt: skip
    return redirect(_url(slug, lang), 303)


@editing.post("/publication/reprise")
@needs(Permission.ARTICLE_PUBLISH)
def take_back(slug: str, lang: str) -> ResponseReturnValue:
    """Undo a publication: people read what they read before, and the text is a draft again."""
    version = _whole(request.form.get("version", ""))
    note = _("Version %(number)s was taken back", number=version)
    try:
        draft_id = publishing.take_back(slug, lang, version, note=note, by=me())
    except Conflict:
        tell(_("Another version went online meanwhile: nothing was taken back."))
        return redirect(_url(slug, lang), 303)
    tell(_("People read what they read before. The text is a draft again."))
    return redirect(_url(slug, lang, brouillon=draft_id), 303)


@editing.post("/representation")
@needs(Permission.ARTICLE_EDIT)
def find_performance(slug: str, lang: str) -> ResponseReturnValue:
    """Offer the performances that some words find; the text stays as it was typed, and is not saved yet."""
    hand, typed = _came_back(slug, lang)
    return _again(hand, typed, _fault_words(typed), 200)


@editing.post("/commentaire")
@needs(Permission.ARTICLE_EDIT)
def comment(slug: str, lang: str) -> ResponseReturnValue:
    """Say something to colleagues; the text of the article stays as it was typed."""
    hand, typed = _came_back(slug, lang)
    said = request.form.get("comment", "")
    try:
        commenting.comment(slug, said, by=me())
    except Invalid as problem:
        return _again(hand, typed, field_words(problem), 422, comment=said)
    return _again(hand, typed, _fault_words(typed), 200)


@editing.post("/relecture")
@needs(Permission.ARTICLE_EDIT)
def ask_reader(slug: str, lang: str) -> ResponseReturnValue:
    """Save what is being written and ask a second person to read it."""
    hand, typed = _came_back(slug, lang)
    if typed.wrong:
        return _again(hand, typed, _fault_words(typed), 422)
    saved = drafting.save_draft(_input(hand, typed), by=me())
    try:
        reviewing.ask(saved.draft_id, request.form.get("review", ""), by=me())
    except Invalid as problem:
        kept = Hand(slug, lang, typed.source, saved.draft_id, saved.revision, hand.base, hand.current)
        return _again(kept, typed, _finding_words(problem), 422)
    tell(_("The text waits for a second reader, on the list of what is to be looked at."))
    return redirect(_url(slug, lang, brouillon=saved.draft_id), 303)


@editing.post("/retrait")
@needs(Permission.ARTICLE_PUBLISH)
def withdraw(slug: str, lang: str) -> ResponseReturnValue:
    """Take the article off the shelf; what was typed stays where no successor of that name is there."""
    successor = request.form.get("successor", "").replace("\x00", "").strip()[:80]
    try:
        drafting.withdraw(slug, lang, successor=successor, by=me())
    except Invalid as problem:
        return _again(*_came_back(slug, lang), _finding_words(problem), 422)
    tell(
        _("The article is off the shelf. Its versions stay."),
        undo=url_for("desk_editing.put_back", slug=slug, lang=lang),
    )
    return redirect(_url(slug, lang), 303)


@editing.post("/retour")
@needs(Permission.ARTICLE_PUBLISH)
def put_back(slug: str, lang: str) -> ResponseReturnValue:
    """Put a withdrawn article back, as it was."""
    publishing.put_back(slug, lang, by=me())
    tell(_("The article is back on the shelf."))
    return redirect(_url(slug, lang), 303)


@editing.post("/brouillons/<int(max=999999999):draft_id>/abandon")
@needs(Permission.ARTICLE_EDIT)
def throw_away(slug: str, lang: str, draft_id: int) -> ResponseReturnValue:
    """Forget a draft; what people read stays."""
    drafting.throw_away(draft_id, by=me())
    tell(_("The draft is thrown away."))
    left = article_page.is_left(slug, lang)
    return redirect(_url(slug, lang) if left else url_for("desk_articles.shelf"), 303)


def _came_back(slug: str, lang: str) -> tuple[Hand, Written]:
    """The text as the editor sends it back: the draft it was, and what was typed."""
    editions_of(slug, lang)
    given = request.form
    drafts = drafting.drafts(slug, lang, by=me())
    draft_id = _whole(given.get("draft_id", ""))
    known = draft_id in {card.id for card in drafts}
    hand = in_hand(slug, lang, str(draft_id) if known else "0", drafts)
    typed = article_form.written(hand.source, given.to_dict(), slug=slug, lang=lang)
    return Hand(
        slug, lang, typed.source, draft_id or None, _whole(given.get("revision", "")), _whole(given.get("base", "")),
        hand.current, hand.origin,
    ), typed  # fmt: skip


def _input(hand: Hand, typed: Written) -> DraftInput:
    return DraftInput(
        slug=hand.slug, lang=hand.lang, source=typed.source, draft_id=hand.draft_id, revision=hand.revision,
        base_version=hand.base,
    )  # fmt: skip


def _again(hand: Hand, typed: Written, errors: dict[str, str], status: int, **more: str) -> ResponseReturnValue:
    """The page with what was typed and why it was not taken."""
    drafts = drafting.drafts(hand.slug, hand.lang, by=me())
    page: dict[str, Any] = gathered(hand, typed, editions_of(hand.slug, hand.lang), drafts)
    # Told that the article changed, the editor may publish over it with the next press.
    seen = hand.current if status == 409 else _whole(request.form.get("seen_version", ""))
    kept = {name: request.form.get(name, "") for name in ("note", "review", "successor")}
    return show("desk/base/editor.html", status=status, errors=errors, seen_version=seen, **kept, **more, **page)


def _fault_words(typed: Written) -> dict[str, str]:
    return {
        name: article_words.fault(typed.wrong[name]) for name in (*article_form.FIELDS, SOURCE) if name in typed.wrong
    }


def _finding_words(problem: Invalid) -> dict[str, str]:
    found: tuple[Finding, ...] = problem.values.get("findings", ())  # type: ignore[assignment]
    if not found:
        return {name: words_of(code) for name, code in problem.fields.items()}
    return {one.field: article_words.finding(one) for one in reversed(found)}


def _url(slug: str, lang: str, **more: Any) -> str:  # noqa: ANN401 - words of an address
    return url_for("desk_editing.edit", slug=slug, lang=lang, **more)


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 16 else 0
