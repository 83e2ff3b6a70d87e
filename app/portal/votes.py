"""What readers say of an article: it answered, or not quite and why; said again, it replaces what was said."""

from __future__ import annotations

from flask import redirect, request
from flask.typing import ResponseReturnValue

from app.insight.visits import Deed
from app.knowledge import shelf, voting
from app.knowledge.voting import VoteInput
from app.portal.addresses import article_url, both, pages
from app.portal.visitor import helped_not, passed, visitor
from app.web.doors import actor, public
from app.web.limits import limiter
from app.web.tongue import language

vote_pages = pages("portal_votes")


@both(vote_pages, "/aide/<room>/<word>/avis", "/help/<room>/<word>/opinion", methods=["POST"])
@public
@limiter.limit("30 per minute")
def vote(room: str, word: str) -> ResponseReturnValue:
    """Take what a reader said and thank on the article's page."""
    card = shelf.at_address(actor(), language(), word).card
    helpful = request.form.get("helpful") == "yes"
    given = VoteInput(
        slug=card.slug, lang=card.lang, helpful=helpful, visitor=visitor(), reason=request.form.get("reason", ""),
        text=request.form.get("text", ""),
    )  # fmt: skip
    voting.vote(given, by=actor())
    if helpful:
        passed(Deed.SATISFIED)
    else:
        helped_not(card)
    said = "yes" if helpful else "why" if "reason" in request.form or "text" in request.form else "no"
    return redirect(article_url(card, avis=said, _anchor="avis"), 303)
