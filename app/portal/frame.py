"""What surrounds every public page: names of the house, navigation, footer, the other language, headers of privacy."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, request, url_for
from flask import session as flask_session
from flask_babel import gettext as _
from markupsafe import Markup

from app.portal import bill
from app.portal.addresses import OTHER, in_other_language, in_this_language
from app.venue import service as venue
from app.web.doors import actor
from app.web.forms import csrf_field
from app.web.pages import theme
from app.web.session import KEY
from app.web.tongue import language

room = Blueprint("portal", __name__, template_folder="templates")
room.app_url_defaults(in_this_language)

#: Pages behind a personal link, which no cache, robot or other site may learn of.
_PERSONAL = ("/d/", "/c/", "/avis/")
_STAFF = ("/regie", "/lettres", "/api/")


@room.app_context_processor
def frame() -> dict[str, Any]:
    """The variables of the public layout; pages of refusals wear it too."""
    if request.path.startswith(_STAFF):
        return {}
    lang, house = language(), venue.house()
    return {
        "lang": lang, "theme": theme(), "house_name": house.name, "house_phone": house.fact("phone", lang) or "",
        "house_address": house.fact("address", lang) or "", "home_url": url_for("portal_home.home"),
        "search_url": url_for("portal_search.results"), "nav": _navigation(), "footer_links": _footer(),
        "other_language": OTHER[lang], "other_language_url": in_other_language(), "proof": proof,
        "told": lambda: bill.notices(actor(), lang),
    }  # fmt: skip


def proof() -> Markup:
    """The hidden field a form needs when somebody is signed in; passers-by have no session to protect."""
    return csrf_field() if signed_in() else Markup("")


def signed_in() -> bool:
    """Whether the browser brought a session, living or dead."""
    return KEY in flask_session


def alternates(french: str, english: str) -> list[tuple[str, str]]:
    """The whole addresses of a page in both languages, for search engines. Shape: pairs (language, address)."""
    base = str(current_app.config["PUBLIC_URL"])
    return [("fr", base + french), ("en", base + english)]


def twins() -> list[tuple[str, str]]:
    """The alternates of a page whose two addresses differ by language only."""
    here, other = request.path, in_other_language().partition("?")[0]
    return alternates(here, other) if language() == "fr" else alternates(other, here)


@room.after_app_request
def keep_personal_pages_private(response: Response) -> Response:
    """Personal pages leave no trace in caches, indexes or the headers of the next request."""
    if request.path.startswith(_PERSONAL):
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _navigation() -> list[dict[str, Any]]:
    here = (request.endpoint or "").partition(".")[0]
    answers = {"portal_home", "portal_search", "portal_articles"}
    mine = {"portal_find", "portal_tracking"}
    return [
        {"label": _("Find an answer"), "url": url_for("portal_home.home"), "current": here in answers},
        {"label": _("My requests"), "url": url_for("portal_find.mine"), "current": here in mine},
        {"label": _("Make a request"), "url": url_for("portal_request.form"), "main": True,
         "current": here in {"portal_request", "portal_sending"}},
    ]  # fmt: skip


def _footer() -> list[tuple[str, str]]:
    links = [
        (_("Accessibility: partially compliant"), url_for("portal_pages.accessibility")),
        (_("Your data"), url_for("portal_pages.your_data")),
        (_("Contact"), url_for("portal_pages.contact")),
        (_("Site plan"), url_for("portal_pages.plan")),
    ]
    terms = venue.house().fact("terms_url", language())
    return [*links[:2], (_("Terms of sale"), terms), *links[2:]] if terms and terms.startswith("http") else links
