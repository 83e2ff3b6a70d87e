"""What visitors searched and read before they asked the box office: counted for editors, and who it was forgotten.

Steps wait in memory and are written in groups, so that a page that is read costs no statement. They carry the mark by
which a visitor is known for one day; once counted, or when the day is over, they are gone.
"""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from threading import Lock
from typing import Any, Final

from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.transaction import transactional
from app.knowledge import shelf
from app.search import asking, step_queries
from app.venue import service as venue

log = logging.getLogger(__name__)

#: Steps are written when so many wait, or when the oldest has waited so many seconds.
MANY, SECONDS = 200, 20.0
#: Steps kept at once, and of one visitor: a robot fills no disk.
MOST, OF_ONE = 50_000, 30
#: How long after a request its steps are counted: those that wait in another process are written by then.
SETTLED: Final = timedelta(minutes=2)
#: How long a step is kept whose visitor asks nothing.
UNASKED: Final = timedelta(days=1)
#: Days that a list looks back, what is kept at all, and lines of each list.
LISTED, KEPT, LINES = timedelta(days=30), timedelta(days=365), 20


class _Waiting:
    """Steps of this process that are not written yet."""

    lock = Lock()
    rows: list[dict[str, Any]] = []
    since = 0.0


@dataclass(frozen=True, slots=True)
class Searched:
    """Words after which people asked all the same: how many, and the last day."""

    lang: str
    words: str
    people: int
    last: date


@dataclass(slots=True)
class Read:
    """An article that people read before they asked: how many, and the words that led so many of them there."""

    lang: str
    slug: str
    people: int = 0
    words: list[tuple[str, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Before:
    """What came before requests, each list the most frequent first."""

    searched: tuple[Searched, ...]
    read: tuple[Read, ...]


def searched(visitor: str, question: str, lang: str) -> None:
    """A visitor searched."""
    words = asking.shareable(question, venue.house().order_prefix)
    if words:
        _note(visitor, lang, words, "")


def read(visitor: str, question: str, slug: str, lang: str) -> None:
    """A visitor read an article, led by a question or not."""
    words = asking.shareable(question, venue.house().order_prefix) if question else ""
    _note(visitor, lang, words, slug)


def asked(visitor: str) -> None:
    """A visitor asked the box office."""
    _note(visitor, "", "", "")
    flush()


def _note(visitor: str, lang: str, words: str, slug: str) -> None:
    with _Waiting.lock:
        if not _Waiting.rows:
            _Waiting.since = clock.monotonic()
        if len(_Waiting.rows) < MOST:
            _Waiting.rows.append({"at": clock.now(), "visitor": visitor, "lang": lang, "words": words, "slug": slug})
        due = len(_Waiting.rows) >= MANY or clock.monotonic() - _Waiting.since >= SECONDS
    if due:
        flush()


def flush() -> None:
    """Write what waits. Whoever reads is not troubled by what goes wrong with it."""
    with _Waiting.lock:
        rows, _Waiting.rows = _Waiting.rows, []
    if not rows:
        return
    try:
        _write(rows)
    except Exception:
        log.exception("what visitors did could not be kept")


@transactional
def _write(rows: list[dict[str, Any]]) -> None:
    if step_queries.steps_kept() < MOST:
        step_queries.add_steps(rows)


@transactional
def settle() -> int:
    """Count what came before requests, and forget whoever asked and whoever is of yesterday. Returns how many asked."""
    now = clock.now()
    asked_at = step_queries.asked_until(now - SETTLED)
    by_visitor: defaultdict[str, list[Any]] = defaultdict(list)
    for row in step_queries.steps_of(asked_at) if asked_at else ():
        if row.at <= asked_at[row.visitor]:
            by_visitor[row.visitor].append(row)
    people = Counter(thing for rows in by_visitor.values() for thing in _things(rows))
    for (lang, words, slug), count in sorted(people.items()):
        step_queries.count(shelf.today(), lang, words, slug, count)
    step_queries.drop_steps([row.id for rows in by_visitor.values() for row in rows])
    step_queries.drop_steps_before(now - UNASKED)
    step_queries.drop_counted_before(shelf.today() - KEPT)
    return len(by_visitor)


def _things(rows: list[Any]) -> set[tuple[str, str, str]]:
    """What one visitor searched and read, each once; an article counts for the words that led there, if any did."""
    done = [(row.lang, row.words, row.slug) for row in rows[-OF_ONE:] if row.words or row.slug]
    led = {(lang, slug) for lang, words, slug in done if words and slug}
    return {(lang, words, slug) for lang, words, slug in done if words or (lang, slug) not in led}


def before_requests(*, by: Actor) -> Before:
    """What people searched and read in the last days before they asked all the same."""
    by.must(Permission.ARTICLE_EDIT)
    words: list[Searched] = []
    articles: dict[tuple[str, str], Read] = {}
    for row in step_queries.counted_since(shelf.today() - LISTED):
        if not row.slug:
            words.append(Searched(row.lang, row.words, int(row.people), row.last))
            continue
        article = articles.setdefault((row.lang, row.slug), Read(row.lang, row.slug))
        article.people += int(row.people)
        if row.words:
            article.words.append((row.words, int(row.people)))
    read_most = sorted(articles.values(), key=lambda one: (-one.people, one.slug))
    return Before(tuple(words[:LINES]), tuple(read_most[:LINES]))
