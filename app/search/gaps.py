"""Searches without a sure answer and words heard of many: what editors may write about, until an article answers."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from typing import NamedTuple

from app.kernel.access import Actor, Permission
from app.kernel.errors import NotFound
from app.kernel.remembered import Remembered
from app.kernel.transaction import transactional
from app.knowledge import shelf
from app.search import asking, gap_queries, service
from app.search.models import HeardWord
from app.venue import service as venue

log = logging.getLogger(__name__)

#: Days that a list of them looks back, and of late; what is kept at all.
LISTED, LATELY, KEPT = timedelta(days=30), timedelta(days=7), timedelta(days=365)
#: Lines of the list, and searches that are looked at when articles changed.
LINES, LOOKED_AT = 30, 200
#: Different searches kept of one day: a robot that makes words up fills no disk.
OF_A_DAY = 1_000


@dataclass(frozen=True, slots=True)
class Heard:
    """Where words were heard: about what, on which day, from how many people, and whether a search found something."""

    source: str
    day: date
    people: int
    title_fr: str
    title_en: str
    place: str
    answered: bool

    def title(self, language: str) -> str:
        """What it was about, in one of the two languages."""
        return self.title_fr if language == "fr" else self.title_en


@dataclass(frozen=True, slots=True)
class Gap:
    """Words that no article holds: searches in the last days and of late, the last day, and where they were heard."""

    lang: str
    words: str
    times: int
    recent: int
    last: date
    heard: tuple[Heard, ...] = ()

    @property
    def weight(self) -> int:
        """Searches and people together."""
        return self.times + sum(one.people for one in self.heard)

    @property
    def mark(self) -> str:
        """A short word that tells it from every other."""
        return sha256(f"{self.lang}:{self.words}".encode()).hexdigest()[:16]


_full = Remembered(lambda: gap_queries.lines_of(shelf.today()) >= OF_A_DAY, seconds=60.0)


def note(question: str, lang: str) -> None:
    """Count a search that found no sure answer. Whoever searches is not troubled by what goes wrong with it."""
    try:
        words = asking.shareable(question, venue.house().order_prefix)
        if words and not _full():
            _note(words, lang)
    except Exception:
        log.exception("a search without an answer could not be counted")


@transactional
def _note(words: str, lang: str) -> None:
    gap_queries.add(shelf.today(), lang, words)


class Word(NamedTuple):
    """A word as it was heard: from how many people, and whether a search finds something."""

    lang: str
    word: str
    people: int
    answered: bool


def examined(words: Iterable[tuple[str, str, int]]) -> list[Word]:
    """Words that may be shown to editors, looked up; those that might lead to a person are left out.

    Searches, so it is called before a verb and not within one. Shape of `words`: (language, word, people).
    """
    prefix = venue.house().order_prefix
    return [
        Word(lang, word, people, _answers(word, lang))
        for lang, word, people in words
        if asking.shareable(word, prefix) == word
    ]


def hear(source: str, titles: tuple[str, str], place: str, words: Iterable[Word]) -> None:
    """Note what several people wrote about one thing and were not told; called within a verb, once for each source.

    Args:
        source: a code of the thing.
        titles: what it was about, in French and in English.
        place: where at the desk one reads about it.
        words: as `examined` gave them.
    """
    today = shelf.today()
    gap_queries.hear([
        {"source": source, "lang": one.lang, "words": one.word, "day": today, "people": one.people,
         "title_fr": titles[0][:255], "title_en": titles[1][:255], "place": place, "answered": one.answered}
        for one in words
    ])  # fmt: skip


def listed(*, by: Actor, limit: int = LINES) -> list[Gap]:
    """What found no sure answer in the last days or was heard then, the most frequent first."""
    by.must(Permission.ARTICLE_EDIT)
    return _read(limit)


def _read(limit: int) -> list[Gap]:
    today = shelf.today()
    rows = gap_queries.since(today - LISTED, today - LATELY, limit)
    found = {(row.lang, row.words): Gap(row.lang, row.words, int(row.times), int(row.recent), row.last) for row in rows}
    for word in gap_queries.heard_since(today - LISTED):
        key = (word.lang, word.words)
        gap = found.get(key) or Gap(*key, 0, 0, word.day)
        found[key] = replace(gap, last=max(gap.last, word.day), heard=(*gap.heard, _heard(word)))
    return sorted(found.values(), key=lambda gap: -gap.weight)[:limit]


def _heard(row: HeardWord) -> Heard:
    return Heard(row.source, row.day, row.people, row.title_fr, row.title_en, row.place, row.answered)


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
    """Take off what finds a sure answer by now, since articles changed. Returns how many."""
    return sum(_close(one) for one in _read(LOOKED_AT) if service.search(one.words, one.lang, limit=1).sure)


def _answers(word: str, lang: str) -> bool:
    return bool(service.search(word, lang, limit=1, words_only=True).hits)


@transactional
def _close(one: Gap) -> bool:
    return gap_queries.drop_answered(one.lang, one.words) > 0


@transactional
def forget() -> int:
    """Forget what was looked for long ago. Returns how many rows."""
    return gap_queries.forget_before(shelf.today() - KEPT)
