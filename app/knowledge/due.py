"""What editors have to look at: texts to read, translations behind, checks due, ends near, links that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from app.kernel.access import Actor, Permission
from app.knowledge import reviewing, shelf, whole
from app.knowledge.cards import STALE_AFTER, ArticleCard
from app.knowledge.editing import DraftCard
from app.knowledge.passages import mentions
from app.knowledge.signals import is_behind

#: How long before its day a check or an end is told.
AHEAD = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be done, the most pressing first.

    Shape of `to_check`: pairs (article, when it is due); of `dead_links`: pairs (article, names it leads to in vain).
    """

    to_read: tuple[DraftCard, ...]
    behind: tuple[ArticleCard, ...]
    to_check: tuple[tuple[ArticleCard, date], ...]
    ending: tuple[ArticleCard, ...]
    dead_links: tuple[tuple[ArticleCard, tuple[str, ...]], ...]
    #: Articles that speak of a performance which is not played.
    cancelled: tuple[ArticleCard, ...] = ()

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(map(len, (self.to_read, self.behind, self.to_check, self.ending, self.dead_links, self.cancelled)))


def due(*, by: Actor) -> Due:
    """What is to be done now and in the next days."""
    by.must(Permission.ARTICLE_EDIT)
    everything, day = whole.whole(), whole.today()
    behind = (card for card in everything.cards if is_behind(card, everything.twins(card)))
    return Due(
        tuple(reviewing.waiting(by=by)), tuple(behind), to_check(everything.cards, day),
        ending(everything.cards, day), _dead_links(everything.revision),
        tuple(card for card in everything.cards if card.billed is not None and card.billed.cancelled),
    )  # fmt: skip


def to_check(cards: Iterable[ArticleCard], day: date) -> tuple[tuple[ArticleCard, date], ...]:
    """Articles whose check is due or will be soon, the longest overdue first."""
    found = ((card, card.reviewed + STALE_AFTER) for card in cards if card.reviewed is not None)
    return tuple(sorted((one for one in found if one[1] - day <= AHEAD), key=lambda one: (one[1], one[0].slug)))


def ending(cards: Iterable[ArticleCard], day: date) -> tuple[ArticleCard, ...]:
    """Articles that are shown no more, or not much longer, by their last day."""
    found = ((card.ends, card) for card in cards if card.ends is not None and card.ends - day <= AHEAD)
    return tuple(card for _ends, card in sorted(found, key=lambda one: (one[0], one[1].slug, one[1].lang)))


@lru_cache(maxsize=1)
def _dead_links(_revision: str) -> tuple[tuple[ArticleCard, tuple[str, ...]], ...]:
    # Read once for each state of the shelf: every text of it is looked through.
    there = {card.slug for card in whole.whole().cards}
    texts = sorted(shelf.texts(whole.whole().cards), key=lambda text: (text.card.slug, text.card.lang))
    found = ((text.card, tuple(slug for slug in mentions(text.body).articles if slug not in there)) for text in texts)
    return tuple((card, gone) for card, gone in found if gone)
