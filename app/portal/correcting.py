"""A reader corrects an article: in their own words, read by an editor before anything changes."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel.errors import Invalid
from app.knowledge import correcting, shelf
from app.knowledge.cards import ArticleCard
from app.knowledge.correcting import CorrectionInput
from app.portal.addresses import article_url, both, pages
from app.portal.frame import twins
from app.web.doors import actor, public
from app.web.limits import limiter
from app.web.tongue import language
from app.web.words import field_words

correction_pages = pages("portal_corrections")
_PATHS = ("/aide/<room>/<word>/correction", "/help/<room>/<word>/correction")


@both(correction_pages, *_PATHS)
@public
def form(room: str, word: str) -> ResponseReturnValue:
    """The form."""
    return _page(_card(word), {})


@both(correction_pages, *_PATHS, methods=["POST"])
@public
@limiter.limit("5 per hour")
def propose(room: str, word: str) -> ResponseReturnValue:
    """Take a correction and thank for it; robots, who fill what people do not see, are thanked too."""
    card = _card(word)
    typed = {name: request.form.get(name, "").replace("\x00", "") for name in ("text", "email")}
    if request.form.get("website"):
        return _page(card, {}, sent=True)
    try:
        correcting.propose(
            CorrectionInput(slug=card.slug, lang=card.lang, text=typed["text"], email=typed["email"]), by=actor()
        )
    except Invalid as problem:
        return _page(card, typed, field_words(problem)), 422
    return _page(card, {}, sent=True, thanked=bool(typed["email"].strip()))


def _card(word: str) -> ArticleCard:
    return shelf.at_address(actor(), language(), word).card


def _page(
    card: ArticleCard, typed: dict[str, str], errors: dict[str, str] | None = None, *, sent: bool = False,
    thanked: bool = False,
) -> str:  # fmt: skip
    return render_template(
        "portal/correct.html", card=card, article_url=article_url(card), typed=typed, errors=errors or {}, sent=sent,
        thanked=thanked, limit=correcting.LONGEST, alternates=twins(),
        action=url_for("portal_corrections.propose", room=card.room_word, word=card.address),
    )  # fmt: skip
