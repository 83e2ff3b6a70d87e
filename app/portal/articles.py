"""The shelf as people read it: topics, one topic, one article; old addresses lead to the new ones."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import parse_qs, urlsplit

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.kernel.access import Actor
from app.knowledge import correcting, shelf
from app.knowledge.access import PUBLIC
from app.knowledge.cards import ArticleCard, Room
from app.portal import bill
from app.portal.addresses import LINKS, OTHER, article_url, both, in_other_language, pages
from app.portal.bill import Notice
from app.portal.frame import alternates, twins
from app.portal.kept import kept, this_minute
from app.portal.searching import LONGEST, PLACES
from app.portal.visitor import opened
from app.web.doors import actor, public
from app.web.tongue import language

article_pages = pages("portal_articles")

#: What a reader has just said, for the card under the article.
SAID = {"yes", "no", "why"}


@both(article_pages, "/aide", "/help")
@public
def topics() -> ResponseReturnValue:
    """Every topic with its answers."""
    by, lang = actor(), language()
    notices = bill.notices(by, lang)
    return kept((this_minute(), notices), lambda: _topics(by, lang, notices))


@both(article_pages, "/aide/<room>", "/help/<room>")
@public
def topic(room: str) -> ResponseReturnValue:
    """The answers of one topic, most useful first."""
    by, lang = actor(), language()
    found, notices = shelf.room(by, lang, room), bill.notices(by, lang)
    return kept((this_minute(), notices), lambda: _topic(by, lang, found, notices))


@both(article_pages, "/aide/<room>/<word>", "/help/<room>/<word>")
@public
def article(room: str, word: str) -> ResponseReturnValue:
    """One article; an address of the past, or under another topic, moves to the present one for good."""
    by, lang = actor(), language()
    found = shelf.at_address(by, lang, word)
    if found.moved or room != found.card.room_word:
        return redirect(article_url(found.card), 301)
    opened(found.card, _asked_before())
    said = request.args.get("avis", "")
    version = (shelf.whole().revision, shelf.today(), bill.revision())
    return kept(version, lambda: _page(found.card, said if said in SAID else ""))


def _asked_before() -> str:
    """The question of the page of results that led here: browsers name it, and it is kept nowhere else."""
    before = urlsplit(request.referrer or "")
    if before.netloc != request.host or before.path not in PLACES:
        return ""
    return parse_qs(before.query).get("q", [""])[0][:LONGEST]


def _topics(by: Actor, lang: str, notices: tuple[Notice, ...]) -> str:
    rooms = [
        (one.name, url_for("portal_articles.topic", room=one.word), [(c.title, article_url(c)) for c in one.articles])
        for one in shelf.rooms(by, lang)
    ]
    return render_template("portal/topics.html", rooms=rooms, notices=notices, alternates=twins())


def _topic(by: Actor, lang: str, found: Room, notices: tuple[Notice, ...]) -> str:
    twin = next((one for one in shelf.rooms(by, OTHER[lang]) if one.code == found.code), None)
    other = url_for("portal_articles.topic", room=twin.word, lang=OTHER[lang]) if twin else in_other_language()
    return render_template(
        "portal/topic.html", topic=found.name, answers=[(c.title, c.brief, article_url(c)) for c in found.articles],
        other_language_url=other, notices=notices, alternates=_pair(request.path, other) if twin else (),
    )  # fmt: skip


def _page(card: ArticleCard, said: str) -> str:
    by = actor()
    page = shelf.page(by, card, LINKS)
    other = article_url(page.twin) if page.twin else url_for("portal_articles.topics", lang=OTHER[card.lang])
    return render_template(
        "portal/article.html", page=page, card=card, said=said,
        topic_url=url_for("portal_articles.topic", room=card.room_word),
        related=[(one.title, article_url(one)) for one in page.related], notices=bill.notices(by, card.lang),
        vote_url=url_for("portal_votes.vote", room=card.room_word, word=card.address),
        correct_url=url_for("portal_corrections.propose", room=card.room_word, word=card.address),
        longest_correction=correcting.LONGEST,
        ask_url=url_for("portal_request.form", article=card.slug, type=next(iter(card.types), None)),
        other_language_url=other, alternates=_pair(request.path, other) if page.twin else (),
        question=_question(card), here=_whole(article_url(card)), square=_square(_whole(article_url(card))),
    )  # fmt: skip


def _question(card: ArticleCard) -> dict[str, object] | None:
    """The article as search engines read questions; none for what is not public. Source: schema.org, FAQPage."""
    if card.audience != PUBLIC or not card.brief:
        return None
    answer = {"@type": "Answer", "text": card.brief, "url": _whole(article_url(card))}
    asked = {"@type": "Question", "name": card.title, "acceptedAnswer": answer}
    return {
        "@context": "https://schema.org", "@type": "FAQPage", "inLanguage": card.lang, "mainEntity": [asked],
        "dateModified": card.published_at.date().isoformat(),
    }  # fmt: skip


@lru_cache(maxsize=1_000)  # it takes three times as long as the rest of the page
def _square(address: str) -> Markup:
    """The way back from paper to the page, for telephones."""
    import segno  # noqa: PLC0415 - docs/decisions/0018

    square = segno.make(address, error="l", micro=False, boost_error=False)
    return Markup(square.svg_inline(omitsize=True, svgclass="qr", dark="#000", light="#fff", border=3))  # noqa: S704


def _whole(path: str) -> str:
    return str(current_app.config["PUBLIC_URL"]) + path


def _pair(here: str, other: str) -> list[tuple[str, str]]:
    return alternates(here, other) if language() == "fr" else alternates(other, here)
