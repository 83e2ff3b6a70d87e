"""The two addresses of every public page, French and English, and how one is written from the other; no page itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Blueprint, current_app, request, url_for

from app.catalogue import service as catalogue
from app.knowledge.cards import ArticleCard
from app.knowledge.shelf import Links
from app.web.carried import reads_large_forms
from app.web.tongue import language

V = TypeVar("V", bound=Callable[..., Any])

ENGLISH = "/en"
OTHER = {"fr": "en", "en": "fr"}
#: Characters of a query that the link to the other language still carries along.
LONGEST_QUERY = 500


def pages(name: str, *, large_forms: bool = False) -> Blueprint:
    """A blueprint of public pages; the language stands in the address and is no argument of a view."""
    blueprint = Blueprint(name, __name__)
    blueprint.url_value_preprocessor(_without_language)
    if large_forms:
        reads_large_forms(blueprint)
    return blueprint


def both(blueprint: Blueprint, french: str, english: str, **options: Any) -> Callable[[V], V]:  # noqa: ANN401
    """Give a view its French address and, below `/en`, its English one; `options` are those of a route."""

    def decorate(view: V) -> V:
        for lang, rule in (("fr", french), ("en", ENGLISH + english)):
            blueprint.add_url_rule(rule, view.__name__, view, defaults={"lang": lang}, **options)
        return view

    return decorate


def in_this_language(endpoint: str, values: dict[str, Any]) -> None:
    """Let every link to a public page keep the language of the page it stands on."""
    if "lang" not in values and current_app.url_map.is_endpoint_expecting(endpoint, "lang"):
        values["lang"] = language()


def in_other_language() -> str:
    """The address of this page in the other language; the home page where it has no twin."""
    endpoint, other = request.endpoint or "", OTHER[language()]
    if not endpoint or not current_app.url_map.is_endpoint_expecting(endpoint, "lang"):
        return url_for("portal_home.home", lang=other)
    address = url_for(endpoint, **{**(request.view_args or {}), "lang": other})
    query = urlencode(list(request.args.items(multi=True)))
    return f"{address}?{query}" if query and len(query) <= LONGEST_QUERY else address


def article_url(card: ArticleCard, **values: Any) -> str:  # noqa: ANN401 - handed through to url_for
    """Where an article is read."""
    return url_for("portal_articles.article", room=card.room_word, word=card.address, lang=card.lang, **values)


def request_url(code: str, lang: str) -> str | None:
    """Where a type of request is made; None when the house does not know the type."""
    kind = catalogue.request_type(code)
    if kind is None:
        return None
    if kind.internal:
        return f"/regie/interne/nouvelle?{urlencode({'type': code})}"
    return url_for("portal_request.form", type=code, lang=lang)


#: How the shelf writes the addresses of its articles and of the form.
LINKS = Links(article_url, request_url)


def _without_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values is not None:
        values.pop("lang", None)
