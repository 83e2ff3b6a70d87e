"""Finding a request, a spectator, an order or an article by what somebody has in hand."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.catalogue import service as catalogue
from app.desk import case_view
from app.desk.frame import fragment, places, show, tell
from app.insight import visits
from app.kernel.access import Permission, spectator
from app.kernel.errors import NotFound
from app.knowledge import shelf
from app.knowledge.cards import ArticleCard
from app.search import desk, learning
from app.search import service as articles
from app.search.desk_words import folded
from app.search.service import Hit
from app.tickets import cases
from app.web.doors import me, needs
from app.web.tongue import language

search = Blueprint("desk_search", __name__, template_folder="templates", url_prefix="/regie/recherche")

#: What is read of a question; articles in the list, and in the palette.
LONGEST, SHOWN, OFFERED = 300, 5, 8
#: Lines of the palette: requests, and of each other kind.
FIRST, FEW = 6, 4


@search.get("")
@needs(Permission.ARTICLE_READ_INTERNAL)
def found() -> ResponseReturnValue:
    """Requests, people, orders, households and articles that fit; a whole number leads straight to its request."""
    text, by = _typed(), me()
    rows = desk.search(text, by=by)
    if rows.exact is not None:
        return redirect(url_for("desk_ticket.one", number=rows.exact), 303)
    hits = articles.search(text, language(), by=by, limit=SHOWN).hits if text else ()
    fitting = [card for hit in hits if (card := shelf.find(by, hit.slug, hit.lang))]
    return show(
        "desk/search.html", desk_query=text, found=rows, articles=fitting, most=desk.REQUESTS,
        categories={slug: card.name(language()) for slug, card in catalogue.categories().items()},
        people_too=by.may(Permission.TICKET_READ),
    )  # fmt: skip


@search.get("/lignes")
@needs(Permission.ARTICLE_READ_INTERNAL)
def lines() -> ResponseReturnValue:
    """What the palette shows while somebody types: the first of each kind; before a word, places of the desk."""
    text, by = _typed(), me()
    rows = desk.search(text, by=by, requests=FIRST, others=FEW)
    hits = articles.search(text, language(), by=by, limit=FEW, typing=True).hits if text else ()
    fitting = [card for hit in hits if (card := shelf.find(by, hit.slug, hit.lang))]
    return fragment("desk/_found_lines.html", words=text, found=rows, articles=fitting, places=_places(text))


def _typed() -> str:
    return request.args.get("q", "").strip()[:LONGEST]


def _places(text: str) -> list[tuple[str, str, str]]:
    """Places of the desk whose name holds what was typed. Shape: (label, address, icon)."""
    wanted = folded(text).split()
    return [one for one in places(me()) if all(word in folded(one[0]) for word in wanted)]


@search.post("/reponse")
@needs(Permission.TICKET_ANSWER)
def answered() -> ResponseReturnValue:
    """Say that an article answered what was looked for: search remembers it."""
    text, slug = request.form.get("q", "").strip()[:LONGEST], request.form.get("slug", "")
    by, lang = me(), language()
    card = shelf.find_either(by, slug, lang)
    if card is None:
        raise NotFound("article")
    kept = learning.answered(text, lang, slug, visits.visitor_hash(str(by.person_id), by.door), by=by)
    tell(_("Search will remember that this article answers these words.") if kept
         else _("These words cannot be kept: they hold only addresses, names of orders or numbers."))  # fmt: skip
    return redirect(url_for("desk_search.found", q=text), 303)


@search.get("/articles")
@needs(Permission.TICKET_ANSWER)
def for_palette() -> ResponseReturnValue:
    """Public articles for the composer, in the spectator's language; before a word is typed, those of its reason."""
    given, number = request.args, request.args.get("demande", "")
    lang, words = "en" if given.get("langue") == "en" else "fr", given.get("q", "").strip()[:LONGEST]
    if not number.isdecimal() or len(number) > 7:
        raise NotFound("ticket")
    found = _searched(words, lang) if words else _likely(int(number))
    return fragment("desk/_article_picks.html", articles=found, number=number)


def _searched(words: str, lang: str) -> list[Hit]:
    # Nobody is named as asking: what goes into an answer is what any passer-by may read.
    return [hit for hit in articles.search(words, lang, limit=OFFERED, typing=True).hits if hit.lang == lang]


def _likely(number: int) -> list[ArticleCard]:
    return case_view.articles(cases.case_for(me(), number), spectator(None, door="portal"))
