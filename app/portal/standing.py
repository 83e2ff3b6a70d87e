"""Pages that stand still: accessibility, data, contact, plan; and what robots and browsers ask for by themselves."""

from __future__ import annotations

from hashlib import sha256

from flask import Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel.access import spectator
from app.knowledge import shelf
from app.portal import answering
from app.portal.addresses import article_url, both, pages
from app.portal.frame import twins
from app.tickets.states import REOPENS_WITHIN
from app.venue import service as venue
from app.web.doors import actor, public
from app.web.tongue import language

standing_pages = pages("portal_pages")

#: Articles a feed tells of.
FED = 30
#: What robots have no business with.
CLOSED = (
    "/regie", "/lettres", "/api/", "/d/", "/c/", "/ne-plus-recevoir/", "/avis/", "/demandes/", "/recherche",
    "/retrouver", "/en/requests/", "/en/search", "/en/find",
)  # fmt: skip
_FACTS = ("address", "city", "phone", "email", "website", "opening_hours", "access_phone", "access_email",
          "privacy_email", "mediator", "mediator_url", "group_email", "transit", "car_park")  # fmt: skip


@both(standing_pages, "/accessibilite", "/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    """How far these pages are accessible, and whom to tell where they are not."""
    return _page("portal/accessibility.html")


@both(standing_pages, "/donnees", "/your-data")
@public
def your_data() -> ResponseReturnValue:
    """What is kept, why and how long, and how to use one's rights."""
    return _page("portal/your_data.html", days=REOPENS_WITHIN.days)


@both(standing_pages, "/contact", "/contact")
@public
def contact() -> ResponseReturnValue:
    """Every way to reach the box office, and when it answers."""
    return _page("portal/contact.html", opening=answering.opening())


@both(standing_pages, "/plan", "/site-plan")
@public
def plan() -> ResponseReturnValue:
    """Every page there is."""
    rooms = [
        (one.name, url_for("portal_articles.topic", room=one.word), [(c.title, article_url(c)) for c in one.articles])
        for one in shelf.rooms(actor(), language())
    ]
    return _page("portal/plan.html", rooms=rooms)


@standing_pages.get("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    """What robots may read."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), f"Sitemap: {_whole('/sitemap.xml')}"]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@standing_pages.get("/sitemap.xml")
@public
def sitemap() -> ResponseReturnValue:
    """The address of every public page, with its twin in the other language."""
    return Response(render_template("portal/sitemap.xml", pairs=_pairs(), whole=_whole), mimetype="application/xml")


@both(standing_pages, "/nouveautes.xml", "/news.xml")
@public
def feed() -> ResponseReturnValue:
    """The public articles that changed last, for readers of feeds. Source: RFC 4287."""
    lang = language()
    public = (card for card in shelf.articles(spectator(None, door="portal"), lang))
    latest = sorted(public, key=lambda card: card.published_at, reverse=True)[:FED]
    page = render_template(
        "portal/feed.xml", articles=[(card, _whole(article_url(card))) for card in latest], house=venue.house(),
        here=_whole(request.path), home=_whole(url_for("portal_articles.topics")), lang=lang,
    )  # fmt: skip
    answer = Response(page, mimetype="application/atom+xml")
    answer.headers["Cache-Control"] = "public, max-age=900"
    answer.set_etag(sha256(page.encode()).hexdigest()[:20], weak=True)
    return answer.make_conditional(request)


@standing_pages.get("/favicon.svg")
@standing_pages.get("/favicon.ico")
@public
def icon() -> ResponseReturnValue:
    """The sign of the house for the browser's tab."""
    answer = Response(render_template("portal/favicon.svg"), mimetype="image/svg+xml")
    answer.headers["Cache-Control"] = "public, max-age=604800"
    return answer


def _pairs() -> list[dict[str, str]]:
    """Shape: one mapping language to address for each page."""
    still = ("portal_home.home", "portal_articles.topics", "portal_pages.contact", "portal_pages.accessibility",
             "portal_pages.your_data", "portal_pages.plan", "portal_find.mine",
             "portal_choice_links.claim_form")  # fmt: skip
    pairs = [{lang: url_for(name, lang=lang) for lang in ("fr", "en")} for name in still]
    by_slug: dict[str, dict[str, str]] = {}
    for lang in ("fr", "en"):
        for card in shelf.articles(actor(), lang):
            by_slug.setdefault(card.slug, {})[lang] = article_url(card)
    return [*pairs, *by_slug.values()]


def _whole(path: str) -> str:
    return str(current_app.config["PUBLIC_URL"]) + path


def _page(template: str, **values: object) -> str:
    house, lang = venue.house(), language()
    facts = {name: house.fact(name, lang) or "" for name in _FACTS}
    return render_template(template, facts=facts, alternates=twins(), **values)
