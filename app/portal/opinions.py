"""The opinion asked for after a request ended: the link preselects, one button confirms, and it may be changed."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel.errors import Invalid
from app.portal.addresses import OTHER, pages
from app.satisfaction import service as satisfaction
from app.satisfaction.service import LONGEST, Question
from app.web.doors import public
from app.web.limits import limiter
from app.web.tongue import language, speak
from app.web.words import field_words

opinion_pages = pages("portal_opinion")


@opinion_pages.get("/avis/<token>")
@public
def ask(token: str) -> ResponseReturnValue:
    """The question, with the mark of the link chosen and nothing given yet."""
    asked = _entered(token)
    return _page(token, asked, _mark(request.args.get("note", "")) or asked.mark or 0, asked.words)


@opinion_pages.post("/avis/<token>")
@public
@limiter.limit("20 per minute")
def give(token: str) -> ResponseReturnValue:
    """Take the opinion and thank."""
    asked = _entered(token)
    mark, words = _mark(request.form.get("mark", "")), request.form.get("words", "").replace("\x00", "")
    try:
        satisfaction.give(token, mark, words)
    except Invalid as problem:
        return _page(token, asked, mark, words, field_words(problem)), 422
    return redirect(url_for("portal_opinion.ask", token=token, merci=1, lang=language()), 303)


def _entered(token: str) -> Question:
    asked = satisfaction.question(token)
    wanted = request.args.get("lang", "")
    speak(wanted if wanted in OTHER else asked.language)
    return asked


def _mark(given: str) -> int:
    return int(given) if given in {"1", "2", "3", "4", "5"} else 0


def _page(token: str, asked: Question, mark: int, words: str, errors: dict[str, str] | None = None) -> str:
    return render_template(
        "portal/opinion.html", token=token, number=asked.number, chosen=mark, words=words, errors=errors or {},
        has_errors=bool(errors), thanked=asked.given and "merci" in request.args, given=asked.given, longest=LONGEST,
        robots="noindex", other_language_url=url_for("portal_opinion.ask", token=token, lang=OTHER[language()]),
    )  # fmt: skip
