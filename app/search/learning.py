"""Search learns which answers people open after which words; nobody's name is kept, and "not helpful" undoes it."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Final

from app.kernel.access import Actor, Permission
from app.kernel.remembered import Remembered
from app.kernel.transaction import transactional
from app.knowledge import shelf
from app.search import asking, learned_queries
from app.venue import service as venue

log = logging.getLogger(__name__)

#: What a colleague's word that an article answered is worth, in visitors.
COLLEAGUE: Final = 3
#: How long an opening is kept, and how many of one day, of all and of one visitor: a robot fills no disk.
KEPT, OF_A_DAY, OF_ONE = timedelta(days=365), 5_000, 20


_full = Remembered(lambda: learned_queries.clicks_of(shelf.today()) >= OF_A_DAY, seconds=60.0)


def opened(question: str, lang: str, slug: str, visitor: str) -> None:
    """Note that a visitor opened an answer after a question. Whoever reads is not troubled by what goes wrong."""
    try:
        words = asking.shareable(question, venue.house().order_prefix)
        if words and not _full():
            _note(words, lang, slug, visitor, 1)
    except Exception:
        log.exception("an opened answer could not be counted")


def answered(question: str, lang: str, slug: str, visitor: str, *, by: Actor) -> bool:
    """A colleague says that an article answered a question. Returns whether its words may be kept."""
    by.must(Permission.TICKET_ANSWER)
    words = asking.shareable(question, venue.house().order_prefix)
    if words:
        _note(words, lang, slug, visitor, COLLEAGUE)
    return bool(words)


@transactional
def _note(words: str, lang: str, slug: str, visitor: str, weight: int) -> None:
    if weight < COLLEAGUE and learned_queries.clicks_of(shelf.today(), visitor) >= OF_ONE:
        return
    learned_queries.add_click({
        "day": shelf.today(), "visitor": visitor, "slug": slug, "lang": lang, "words": words, "weight": weight,
    })  # fmt: skip


@transactional
def unlearn(slug: str, visitor: str) -> None:
    """The answer a visitor opened today did not help: what was learned from them is undone."""
    learned_queries.drop_clicks(shelf.today(), visitor, slug)


@transactional
def forget() -> int:
    """Forget who opened anything before today, and what was opened long ago. Returns how many rows."""
    folded = learned_queries.fold(shelf.today())
    folded += learned_queries.drop_given_up_before(shelf.today() - KEPT)
    return folded + learned_queries.drop_clicks_before(shelf.today() - KEPT)
