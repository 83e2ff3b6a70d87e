"""What the page of the editor shows, gathered from the knowledge base as plain values; no verb is here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request

from app.boxoffice import referring
from app.boxoffice.service import PerformanceCard
from app.catalogue import service as catalogue
from app.desk import article_form, article_words
from app.desk.article_form import Written
from app.desk.reader_links import LINKS
from app.kernel.access import Actor
from app.kernel.errors import NotFound
from app.knowledge import (
    beginning,
    board,
    commenting,
    correcting,
    editing,
    facts,
    history,
    performances,
    reviews,
    signals,
)
from app.knowledge.board import Preview
from app.knowledge.categories import CATEGORIES, category
from app.knowledge.editing import DraftCard
from app.knowledge.front_matter import ArticleFault
from app.knowledge.library import LANGUAGES, parse
from app.knowledge.performances import Billed
from app.knowledge.signals import Edition
from app.people import service as people
from app.search import service as search
from app.search.service import Alike
from app.venue import moments
from app.venue import service as venue
from app.web.doors import me
from app.web.tongue import language


@dataclass(frozen=True, slots=True)
class Hand:
    """The text in somebody's hand: the draft it is, if it was saved, and the version it was begun from.

    `current` is what people read now, 0 when nothing is.
    """

    slug: str
    lang: str
    source: str
    draft_id: int | None
    revision: int
    base: int
    current: int
    origin: str = "desk"

    @property
    def outdated(self) -> bool:
        """Whether the article changed since this text was begun."""
        return self.base != self.current


def editions_of(slug: str, lang: str) -> dict[str, Edition]:
    """How an article stands in each language.

    Raises:
        NotFound: it exists in none, or the language is none of the house's.
    """
    if lang not in LANGUAGES:
        raise NotFound("article")
    found = signals.editions(slug, by=me())
    if not any(edition.exists for edition in found.values()):
        raise NotFound("article")
    return found


def in_hand(slug: str, lang: str, wanted: str, drafts: list[DraftCard]) -> Hand:
    """The text to begin with: the draft asked for, one's own newest, else what people read. `0` asks for the latter.

    Raises:
        NotFound: the draft asked for is not one of this article.
    """
    by = me()
    own = next((card.id for card in drafts if card.author_id == by.person_id and card.origin != "file"), None)
    draft_id = _whole(wanted) if wanted else own
    if not draft_id:
        return _afresh(slug, lang, by)
    if draft_id not in {card.id for card in drafts}:
        raise NotFound("article_draft")
    found = editing.draft(draft_id, by=by)
    card = found.card
    return Hand(
        slug, lang, found.source, card.id, card.revision, card.base_version, found.current_version, card.origin
    )  # fmt: skip


def _afresh(slug: str, lang: str, by: Actor) -> Hand:
    source, version = editing.text_to_edit(slug, lang, by=by)
    if not version:
        source = beginning.first_text(slug, lang, by=by)
    return Hand(slug, lang, source, None, 0, version, version)


def gathered(hand: Hand, typed: Written, editions: Mapping[str, Edition], drafts: list[DraftCard]) -> dict[str, Any]:
    """Everything the page of the editor shows."""
    by, edition = me(), editions[hand.lang]
    published = edition.card is not None or edition.withdrawn_at is not None
    versions = history.versions(hand.slug, hand.lang, by=by) if published else []
    mine = next((card for card in drafts if card.id == hand.draft_id), None)
    authors = {card.author_id for card in drafts} | {mine.review_by_id if mine else None}
    authors |= {one for version in versions[:SHOWN] for one in (version.author_id, version.reader_id)}
    return {
        "hand": hand,
        "typed": typed,
        "edition": edition,
        "editions": list(editions.values()),
        "signals": signals.signals(hand.slug, hand.lang, by=by),
        "versions": versions[:SHOWN],
        "more_versions": len(versions) > SHOWN,
        "drafts": [card for card in drafts if card.id != hand.draft_id],
        "mine": mine,
        "may_agree": mine is not None and reviews.may_agree(mine.author_id, by.person_id),
        "alone": needs_another(mine, by),
        "names": names_of(authors),
        "categories": _categories(typed),
        "audiences": article_words.audiences(),
        "by_source": article_form.SOURCE in typed.values,
        "words": article_words,
        **_performance(hand, typed),
        **_said(hand, by),
        **previewed(typed.source, by),
    }


def _said(hand: Hand, by: Actor) -> dict[str, Any]:
    """What readers would have the text say otherwise, the one taken up first, and what colleagues say of it."""
    found = correcting.of_article(hand.slug, hand.lang, by=by)
    wanted = _whole(request.args.get("correction", "") or request.form.get("correction", ""))
    said = commenting.comments(hand.slug, by=by)
    return {
        "correction": next((one for one in found if one.id == wanted), None),
        "corrections": [one for one in found if one.id != wanted and one.state != "refused"],
        "comments": said, "commenters": names_of({one.author_id for one in said}),
    }  # fmt: skip


def _performance(hand: Hand, typed: Written) -> dict[str, Any]:
    """The performance the text speaks of, those it may be tied to, and what its variables stand for."""
    code, words = typed.values.get("performance", ""), request.form.get("words", "").replace("\x00", "")[:120]
    billed = performances.of(code)
    found = [(one, performance_words(card)) for one, card in referring.offered(words)]
    own = [] if not code or code in dict(found) else [(code, _chosen(code, billed))]
    said = facts.values(hand.lang) | (billed.values(hand.lang) if billed else {})
    return {
        "billed": billed, "performances": [*own, *found], "performance_words": words,
        "no_performance": bool(words.strip()) and not found, "facts": sorted(said.items()),
    }  # fmt: skip


def performance_words(card: PerformanceCard) -> str:
    """A performance as a choice in a list: its day first, for most look for one by its date."""
    when = moments.day(card.takes_place_at, language(), venue.house().tz, short=True)
    return f"{when}, {moments.hour(card.takes_place_at, language(), venue.house().tz)} · {card.title(language())}"


def _chosen(code: str, billed: Billed | None) -> str:
    return code if billed is None else f"{billed.values(language())['performance_date']} · {billed.title(language())}"


#: Versions listed beside the text; the page that compares has them all.
SHOWN = 6


def needs_another(card: DraftCard | None, by: Actor) -> bool:
    """Whether a text still waits for the second person the house asks for."""
    if not venue.house().articles_need_two or by.system:
        return False
    return card is None or reviews.second(card.author_id, by.person_id, card.review, card.review_by_id) is None


def previewed(source: str, by: Actor) -> dict[str, Any]:
    """A text as readers will see it, and what is worth saying of it.

    Shape of `findings`: triples (field, sentence, whether it keeps the text from being published).
    """
    shown: Preview = board.preview(source, LINKS, request_types=set(catalogue.types()), by=by)
    findings = [(one.field, article_words.finding(one), one.fatal) for one in shown.findings]
    return {"shown": shown, "findings": sorted(findings, key=lambda one: not one[2]), "alike": _alike(source, by)}


def _alike(source: str, by: Actor) -> list[Alike]:
    try:
        return search.alike(parse(source), by=by)
    except ArticleFault:
        return []


def names_of(person_ids: set[int | None]) -> dict[int, str]:
    """Names of colleagues by id."""
    return {key: card.name for key, card in people.cards_of({key for key in person_ids if key}).items()}


def _categories(typed: Written) -> list[tuple[str, str]]:
    known = [(one.code, one.name(language())) for one in CATEGORIES]
    chosen = typed.values.get("category", "")
    own = [] if not chosen or chosen in dict(known) else [(chosen, category(chosen).name(language()))]
    return [*known, *own]


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 16 else 0


def is_left(slug: str, lang: str) -> bool:
    """Whether anything of an article is left to edit in a language."""
    return signals.editions(slug, by=me())[lang].exists
