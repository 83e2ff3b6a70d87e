"""Who passes by, known for a day at most, and what is counted of it; nothing here may keep a page from being read."""

from __future__ import annotations

from contextlib import suppress
from ipaddress import ip_address, ip_network

from flask import request

from app.insight import visits
from app.insight.visits import Deed
from app.kernel.errors import Unavailable
from app.knowledge import voting
from app.knowledge.cards import ArticleCard
from app.search import giving_up, learning
from app.web.tongue import language

#: One visitor in so many is shown results as if nobody had ever opened an answer, so that learning feeds not on itself.
UNTAUGHT = 10


def visitor() -> str:
    """A mark that tells one visitor of today from another and can be led back to nobody."""
    return visits.visitor_hash(request.remote_addr or "", request.headers.get("User-Agent", "")[:300])


def teacher() -> str:
    """The same of a household's network, whatever its browsers say: nobody is many people by changing either."""
    return visits.visitor_hash(_network(request.remote_addr or ""), "")


def _network(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return address if found.version == 4 else str(ip_network((found, 64), strict=False))


def passed(deed: Deed) -> None:
    """Count what this visitor did."""
    visits.note(visitor(), deed)
    with suppress(Unavailable):
        visits.flush(only_when_due=True)


def untaught() -> bool:
    """Whether this visitor is one of the few whose results nothing learned has touched."""
    return int(visitor()[:8], 16) % UNTAUGHT == 0


def opened(card: ArticleCard, question: str) -> None:
    """Count one opening of an article, and what was asked before where a search led here."""
    passed(Deed.READ)
    with suppress(Unavailable):
        voting.count_reading(card.id)
    if question:
        learning.opened(question, language(), card.slug, teacher())


def helped_not(card: ArticleCard) -> None:
    """The article did not help: it is charged with it, and what was learned from this address today is undone."""
    giving_up.gave_up(teacher(), card.slug)
    learning.unlearn(card.slug, teacher())


def asked() -> None:
    """Count a request; the articles opened today from this address did not spare it."""
    passed(Deed.ASKED)
    giving_up.gave_up(teacher())
