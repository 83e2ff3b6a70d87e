"""Performances as the portal shows them: what is on this week, and what was cancelled or moved; no page itself."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime

from app.boxoffice import service as boxoffice
from app.boxoffice.service import PerformanceCard
from app.incidents import surfaces
from app.incidents.first_words import ADVICE
from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.remembered import Remembered
from app.knowledge import shelf
from app.portal.addresses import article_url
from app.portal.announced import announced
from app.venue import service as venue

_changes = Remembered(boxoffice.changes, seconds=10.0)
_week = Remembered(boxoffice.this_week, seconds=10.0)


@dataclass(frozen=True, slots=True)
class Billed:
    """A performance on the bill; `state` is a word the template knows, `moved_to` its new beginning."""

    title: str
    starts_at: datetime
    state: str
    moved_to: datetime | None = None
    #: Today or tomorrow, which people call by those names.
    soon: bool = False

    @property
    def off(self) -> bool:
        """Whether it does not take place as announced."""
        return self.state in {"cancelled", "interrupted", "postponed", "moved"}


@dataclass(frozen=True, slots=True)
class Notice:
    """A change that people must know of, with the words of the house and the way out."""

    #: None for what is told of an incident, which has a title of its own.
    show: Billed | None
    words: str
    url: str
    title: str = ""


def week(language: str) -> tuple[Billed, ...]:
    """What is on in the next days, soonest first."""
    return tuple(billed(card, language) for card in _week())


def revision() -> Hashable:
    """What changes with the performances that pages tell of."""
    return (_changes.revision(), _week.revision(), surfaces.revision())


def notices(by: Actor, language: str) -> tuple[Notice, ...]:
    """What is declared, then cancelled or moved performances that no incident tells of, most urgent first."""
    told = {one.performance_id for one in surfaces.declared()}
    own = (Notice(None, one.short, one.url, one.title) for one in announced(by, language))
    return (
        *own,
        *(
            Notice(billed(card, language), card.notice(language), advice_url(by, card.status, language))
            for card in _changes() if card.id not in told
        ),
    )  # fmt: skip


def advice_url(by: Actor, status: str, language: str) -> str:
    """The article for a cancelled or moved performance; empty when the shelf has none."""
    found = shelf.find_either(by, ADVICE.get(status, ""), language)
    return article_url(found) if found else ""


def billed(card: PerformanceCard, language: str) -> Billed:
    """A performance with the word for its state."""
    zone = venue.house().tz
    days = (card.starts_at.astimezone(zone).date() - clock.now().astimezone(zone).date()).days
    return Billed(card.title(language), card.starts_at, _state(card), card.new_starts_at, soon=days in {0, 1})


def _state(card: PerformanceCard) -> str:
    if card.status in {"delayed", "postponed"} and card.new_starts_at is not None:
        zone = venue.house().tz
        if card.new_starts_at.astimezone(zone).date() != card.starts_at.astimezone(zone).date():
            return "moved"
        return "earlier" if card.new_starts_at < card.starts_at else "later"
    if card.status == "scheduled":
        return "sold_out" if card.sold_out else "on"
    return card.status
