"""Answers that spared nobody a request, with the words they were found by; nobody's name is kept."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from app.kernel.access import Actor, Permission
from app.kernel.transaction import transactional
from app.knowledge import shelf
from app.search import learned_queries

log = logging.getLogger(__name__)

#: Days that the list looks back, and words of the list that are looked at.
LISTED, LOOKED_AT = timedelta(days=28), 500


@dataclass(frozen=True, slots=True)
class Charge:
    """An article that was opened and did not do. Shape of `words`: triples (language, words, times), most first."""

    slug: str
    times: int
    words: tuple[tuple[str, str, int], ...]


def gave_up(visitor: str, slug: str = "") -> None:
    """Charge what a visitor opened today, or one article of it: they write to us, or say that it did not do.

    Whoever writes is not troubled by what goes wrong with it.
    """
    try:
        _charge(visitor, slug)
    except Exception:
        log.exception("answers given up could not be counted")


@transactional
def _charge(visitor: str, slug: str) -> None:
    rows = [row for row in learned_queries.opened_by(shelf.today(), visitor) if slug in {"", row.slug}]
    if rows:
        learned_queries.add_given_up(shelf.today(), rows)


def charged(*, by: Actor) -> list[Charge]:
    """Articles given up in the last weeks, the one that failed most people first."""
    by.must(Permission.ARTICLE_EDIT)
    found: dict[str, list[tuple[str, str, int]]] = {}
    for row in learned_queries.given_up_since(shelf.today() - LISTED, LOOKED_AT):
        found.setdefault(row.slug, []).append((row.lang, row.words, int(row.times)))
    charges = (Charge(slug, sum(line[2] for line in lines), tuple(lines)) for slug, lines in found.items())
    return sorted(charges, key=lambda one: (-one.times, one.slug))
