"""A reader proposes an article: what is missing, in their own words; editors read it before anybody else does."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.kernel.errors import Invalid
from app.knowledge import beginning
from app.portal.addresses import both, pages
from app.portal.frame import twins
from app.web.doors import actor, public
from app.web.limits import limiter
from app.web.tongue import language
from app.web.words import field_words

proposal_pages = pages("portal_proposals")


@both(proposal_pages, "/aide/proposer", "/help/propose")
@public
def form() -> ResponseReturnValue:
    """The form."""
    return _page({"title": request.args.get("q", "").replace("\x00", "")[:200]})


@both(proposal_pages, "/aide/proposer", "/help/propose", methods=["POST"])
@public
@limiter.limit("5 per hour")
def propose() -> ResponseReturnValue:
    """Take a proposal and thank for it; robots, who fill what people do not see, are thanked too."""
    typed = {name: request.form.get(name, "").replace("\x00", "") for name in ("title", "text")}
    if request.form.get("website"):
        return _page({}, sent=True)
    try:
        beginning.propose(typed["title"], language(), typed["text"], by=actor())
    except Invalid as problem:
        return _page(typed, field_words(problem)), 422
    return _page({}, sent=True)


def _page(typed: dict[str, str], errors: dict[str, str] | None = None, *, sent: bool = False) -> str:
    return render_template(
        "portal/propose.html", typed=typed, errors=errors or {}, sent=sent, limit=beginning.LONGEST_PROPOSAL,
        alternates=twins(),
    )  # fmt: skip
