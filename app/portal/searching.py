"""Search: answers with their best passage, spelling help, and always a way on; as a page or as a list while typing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.knowledge import shelf
from app.knowledge.cards import ArticleCard
from app.portal import bill
from app.portal.addresses import article_url, both, pages
from app.portal.announced import announced, asked_for, first, pinned
from app.portal.visitor import searched, untaught
from app.search import gaps
from app.search import service as search
from app.search.service import Hit
from app.web.doors import actor, public
from app.web.tongue import language

search_pages = pages("portal_search")

#: Answers on the page, and in the list under a field.
SHOWN, OFFERED = 10, 5
#: An answer fits nearly as well as the best from this part of its score on.
NEAR = 0.5
#: What is read of a question; the rest of an endless one adds nothing.
LONGEST = 1_000
#: Where searches stand.
PLACES = ("/recherche", "/en/search")
#: What is carried of it into the form: an address holds no more safely.
CARRIED = 400


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer found: where it is read, what it says, and the words that made it fit."""

    title: str
    url: str
    topic: str
    brief: str
    passage: tuple[tuple[str, bool], ...]
    lang: str
    other_language: bool
    slug: str = ""
    #: What is told of an incident just now; the answer then comes before all others.
    told: str = ""
    #: It fits nearly as well as the best, so that what an incident says beside it matters.
    near: bool = False


@both(search_pages, "/recherche", "/search")
@public
def results() -> ResponseReturnValue:
    """Answers to a question; asked for as a fragment, only the first few, as links."""
    if request.headers.get("HX-Request"):
        return offered(question())
    words = question()
    if not words:
        return render_template("portal/search.html", words="", **_shelf())
    searched(words)
    found = search.search(words, lang=language(), by=actor(), limit=SHOWN, untaught=untaught())
    answers = with_pinned(words, answers_of(found.hits))[:SHOWN]
    # What an incident tells about it answers, however little an article would.
    sure = found.sure or any(answer.told for answer in answers)
    if not (answers and sure):
        gaps.note(words, language())
    return render_template(
        "portal/search.html", words=words, answers=answers, sure=sure, did_you_mean=found.did_you_mean,
        ask_url=_ask_url(words), robots="noindex", **({} if answers else _shelf()),
        notices=bill.notices(actor(), language()),
    )  # fmt: skip


def question() -> str:
    """The words asked for, without what no question holds."""
    return " ".join(request.args.get("q", "").replace("\x00", " ").split())[:LONGEST]


def offered(words: str, limit: int = OFFERED) -> ResponseReturnValue:
    """The answers that fit half-written words, as a plain list of links."""
    found = search.search(words, lang=language(), by=actor(), limit=limit, typing=True).hits if words else ()
    answers = with_pinned(words, answers_of(found))[:limit]
    answer = render_template("portal/_found.html", answers=answers, ask_url=_ask_url(words) if words else "")
    return answer, 200, {"Vary": "HX-Request", "Cache-Control": "no-store"}


def answers_of(hits: tuple[Hit, ...]) -> list[Answer]:
    """Hits with the addresses of this house; those that left the shelf meanwhile are left out."""
    cards = [(hit, shelf.find(actor(), hit.slug, hit.lang)) for hit in hits]
    return [
        Answer(
            hit.title, article_url(card, _anchor=hit.anchor or None), card.room_name, hit.brief, tuple(hit.passage),
            hit.lang, hit.other_language, hit.slug, near=hit.score >= NEAR * hits[0].score,
        )
        for hit, card in cards
        if card is not None
    ]  # fmt: skip


def with_pinned(words: str, answers: list[Answer]) -> list[Answer]:
    """Answers, those of declared incidents first: the ones that fit, and those the words ask for."""
    by, lang = actor(), language()
    asked, there = {one.id for one in asked_for(by, lang, words)}, {answer.slug for answer in answers if answer.near}
    told = {
        one.card.slug: _answer(one.card, one.title, lang)
        for one in announced(by, lang)
        if one.card and (one.id in asked or one.card.slug in there)
    }
    found = {answer.slug: answer for answer in answers}
    firsts = [replace(found.get(slug, one), told=one.told) for slug, one in told.items()]
    return [*firsts, *(answer for answer in answers if answer.slug not in told)]


def _answer(card: ArticleCard, told: str, lang: str) -> Answer:
    return Answer(
        card.title, article_url(card), card.room_name, card.brief, (), card.lang, card.lang != lang, card.slug, told
    )


def _ask_url(words: str) -> str:
    """The form of a request, with the words carried into it."""
    return url_for("portal_request.form", q=words[:CARRIED])


def _shelf() -> dict[str, object]:
    """What is shown when nothing was found: every topic, and what most people read."""
    by, lang = actor(), language()
    topics = [(one.name, url_for("portal_articles.topic", room=one.word)) for one in shelf.rooms(by, lang)]
    read = first(pinned(by, lang), shelf.most_read(by, lang, 4))[:4]
    return {"topics": topics, "most_read": [(card.title, article_url(card)) for card in read]}
