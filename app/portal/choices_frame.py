"""What the pages of a choice have in common: who came by which link, in which language, and how a page is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from flask import Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from app.cancellations import choosing, lost_links
from app.cancellations.choosing import ChoicePage, Wish
from app.cancellations.weighing import Offer
from app.kernel.errors import Gone, NotFound
from app.portal import choices_dates as dates
from app.portal import choices_seen as seen
from app.portal import choices_words as words
from app.portal.addresses import OTHER
from app.web import option_words
from app.web.limits import limiter
from app.web.tongue import language, speak
from app.web.words import words_of

T = TypeVar("T")


def _link() -> str:
    # Counted by link, not by origin: a whole telephone network may come from one address, and links are not guessed.
    return str((request.view_args or {}).get("token", ""))[:64]


#: Presses behind one link; the pages of a choice are forms from end to end, with a press for each step.
PRESSES = limiter.shared_limit("60 per minute", scope="choice", key_func=_link)
#: Codes that may be tried, besides the few tries that each one has.
TRIES = limiter.shared_limit("10 per minute", scope="choice code", key_func=_link)


@dataclass(frozen=True, slots=True)
class Visit:
    """Who came by a private link: the credit behind it, and the language asked for instead of its own."""

    token: str
    page: ChoicePage
    asked: str | None

    @property
    def at(self) -> Callable[..., str]:
        """The addresses of the other pages of this credit: `at("check")`."""
        return partial(_address, self.token, self.asked)


def entered(token: str) -> Visit:
    """Enter by a private link, and speak its language.

    Raises:
        NotFound: no such link.
        Gone: nothing can be claimed any more, or a newer link took its place (`fate`: replaced or void).
    """
    page = _behind(token, choosing.page_of)
    return Visit(token, page, _spoken(page.language))


def decided(token: str, say: Callable[[Offer], Wish]) -> None:
    """Decide, in a few questions to the database; what is said is said in their language.

    Raises:
        NotFound, Gone: as for `entered`.
        Invalid, Conflict: as for `choosing.decide`.
    """

    def said(offer: Offer) -> Wish:
        _spoken(offer.language)
        return say(offer)

    _behind(token, lambda link: choosing.decide(link, said))


def _behind(token: str, read: Callable[[str], T]) -> T:
    try:
        return read(token)
    except NotFound:
        if fate := lost_links.fate(token):
            raise Gone("link", fate=fate) from None
        raise


def _spoken(own: str) -> str | None:
    """Speak the language asked for, else the household's own; returns the one asked for."""
    asked = _asked()
    speak(asked or own)
    return asked


def _asked() -> str | None:
    wanted = request.args.get("lang", "")
    return wanted if wanted in OTHER else None


def drawn(template: str, visit: Visit, status: int = 200, **values: object) -> Response:
    """A page of a credit."""
    page, lang = visit.page, language()
    html = render_template(
        f"portal/choice/{template}.html", page=page, at=visit.at, words=words, words_of=words_of,
        label_of=partial(_label, page),
        evenings=seen.evenings(page), cash=partial(_cash, page), late=dates.is_late(page), robots="noindex", notices=(),
        other_language_url=_address(visit.token, OTHER[lang], "page"), **values,
    )  # fmt: skip
    return make_response(html, status)


def back(token: str, done: str) -> Answer:
    """To the page behind the link, where what was done is said."""
    return redirect(_address(token, _asked(), "page", fait=done), 303)


def _address(token: str, lang: str | None, name: str, **values: Any) -> str:  # noqa: ANN401 - handed to url_for
    return url_for(name if "." in name else f"portal_choice.{name}", token=token, lang=lang, **values)


def _label(page: ChoicePage, code: str) -> str:
    return option_words.label_of(code, page)


def _cash(page: ChoicePage, cents: int) -> str:
    return option_words.cash(cents, page)
