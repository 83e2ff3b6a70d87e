"""Searches that found nothing: what editors may write an article about, until one answers them."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from app.kernel.access import Actor, Permission
from app.kernel.errors import NotFound
from app.kernel.remembered import Remembered
from app.kernel.transaction import transactional
from app.knowledge import shelf
from app.search import asking, gap_queries, service
from app.venue import service as venue

log = logging.getLogger(__name__)

#: Days that a list of them looks back, and of late; what is kept at all.
LISTED, LATELY, KEPT = timedelta(days=30), timedelta(days=7), timedelta(days=365)
#: Lines of the list, and searches that are looked at when articles changed.
LINES, LOOKED_AT = 30, 200
#: Different searches kept of one day: a robot that makes words up fills no disk.
OF_A_DAY = 1_000


@dataclass(frozen=True, slots=True)
class Gap:
    """Words that found nothing: how often in the last days and of late, and on which day last."""

    lang: str
    words: str
    times: int
    recent: int
    last: date

    @property
    def mark(self) -> str:
        """A short word that tells it from every other."""
        return sha256(f"{self.lang}:{self.words}".encode()).hexdigest()[:16]


_full = Remembered(lambda: gap_queries.lines_of(shelf.today()) >= OF_A_DAY, seconds=60.0)


def note(question: str, lang: str) -> None:
    """Count a search that found nothing. Whoever searches is not troubled by what goes wrong with it."""
    try:
        words = asking.shareable(question, venue.house().order_prefix)
        if words and not _full():
            _note(words, lang)
    except Exception:
        log.exception("a search that found nothing could not be counted")


@transactional
def _note(words: str, lang: str) -> None:
    gap_queries.add(shelf.today(), lang, words)


def listed(*, by: Actor, limit: int = LINES) -> list[Gap]:
    """What found nothing in the last days, the most frequent first."""
    by.must(Permission.ARTICLE_EDIT)
    return _read(limit)


def _read(limit: int) -> list[Gap]:
    today = shelf.today()
    rows = gap_queries.since(today - LISTED, today - LATELY, limit)
    return [Gap(row.lang, row.words, int(row.times), int(row.recent), row.last) for row in rows]


@transactional
def take_off(lang: str, words: str, *, by: Actor) -> None:
    """Take words off the list: there is nothing to write about them.

    Raises:
        NotFound: they are not on it.
    """
    by.must(Permission.ARTICLE_EDIT)
    if not gap_queries.drop(lang, words):
        raise NotFound("gap")


def close_answered() -> int:
    """Take off what finds something by now, since articles changed. Returns how many."""
    answered = [one for one in _read(LOOKED_AT) if service.search(one.words, one.lang, limit=1).hits]
    return sum(_close(one) for one in answered)


@transactional
def _close(one: Gap) -> bool:
    return gap_queries.drop(one.lang, one.words) > 0


@transactional
def forget() -> int:
    """Forget what was looked for long ago. Returns how many rows."""
    return gap_queries.forget_before(shelf.today() - KEPT)
