"""The home page: what changed, a search, the common ways, and how soon the box office answers."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.knowledge import shelf
from app.portal import answering, bill
from app.portal.addresses import article_url, both, pages
from app.portal.announced import first, pinned
from app.portal.answering import Usual
from app.portal.bill import Billed, Notice
from app.portal.frame import twins
from app.portal.kept import kept, this_minute
from app.sla import promised
from app.web.doors import actor, public
from app.web.tongue import language

home_pages = pages("portal_home")

#: Answers listed as most read; what is declared comes first among them.
MOST_READ = 6


@dataclass(frozen=True, slots=True)
class Door:
    """One of the common ways, as a card: its icon, its name and what is behind it."""

    icon: str
    name: str
    hint: str
    url: str


@dataclass(frozen=True, slots=True)
class Front:
    """What changes on the page by itself: the bill, what is read, how soon we answer."""

    notices: tuple[Notice, ...]
    week: tuple[Billed, ...]
    most_read: tuple[tuple[str, str], ...]
    usual: Usual


@both(home_pages, "/", "/")
@public
def home() -> ResponseReturnValue:
    """Everything a person most often comes for."""
    by, lang = actor(), language()
    cards = first(pinned(by, lang), shelf.most_read(by, lang))[:MOST_READ]
    read = tuple((card.title, article_url(card)) for card in cards)
    front = Front(bill.notices(by, lang), bill.week(lang), read, answering.usual())
    return kept((this_minute(), front), lambda: _page(front))


def _page(front: Front) -> str:
    promised_at = promised.preview(None) if front.usual.minutes is None else None
    return render_template(
        "portal/home.html", notices=front.notices, week=front.week, most_read=front.most_read, usual=front.usual,
        promised_at=promised_at, opening=answering.opening(), examples=_examples(), doors=_doors(), alternates=twins(),
    )  # fmt: skip


def _examples() -> list[tuple[str, str]]:
    words = (_("I can no longer come"), _("ticket not received"), _("wheelchair space"))
    return [(word, url_for("portal_search.results", q=word)) for word in words]


def _doors() -> list[Door]:
    return [
        Door("chat", _("Follow my request"), _("Where it stands, and when we will answer"),
             url_for("portal_find.mine")),
        Door("refund", _("Cancelled show"), _("What happens to your tickets, and what to do"),
             _answer("show-cancelled", "refund")),
        Door("swap", _("Change the date"), _("Exchange your seats: until when, and how"),
             _answer("exchange-tickets", "exchange")),
        Door("ticket", _("Find my tickets again"), _("Have them sent to you once more"),
             _answer("missing-e-tickets", "tickets")),
    ]  # fmt: skip


def _answer(slug: str, reason: str) -> str:
    """The article that answers, else the form with the reason chosen."""
    card = shelf.find(actor(), slug, language())
    return article_url(card) if card else url_for("portal_request.form", motif=reason)
