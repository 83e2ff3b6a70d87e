"""What a group of words would change: real questions asked before and after, those that differ shown side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from app.kernel.access import Actor
from app.knowledge import shelf
from app.search import finding, gap_queries, learned_queries, recalling, word_groups
from app.search.ranking import Taught
from app.search.results import Effect
from app.search.word_groups import Group, Meanings

#: How far back questions are taken, and how many of each kind.
LATELY, MOST = timedelta(days=30), 200
#: Questions that are asked again, results compared, and differences shown.
ASKED, FIRST, SHOWN = 100, 3, 12


@dataclass(frozen=True, slots=True)
class _Ways:
    """How words are read before and after."""

    before: Taught
    after: Taught


def effects(group: Group, *, by: Actor) -> list[Effect]:
    """What would be found otherwise, were a group kept: its own words, then what readers asked in the last weeks."""
    ways = _Ways(_taught(word_groups.meanings()), _taught(word_groups.with_group(group)))
    tried = (_tried(words, group.lang, ways, by) for words in _questions(group))
    return [one for one in tried if one.before != one.after][:SHOWN]


def _questions(group: Group) -> list[str]:
    today = shelf.today()
    lost = gap_queries.since(today - LATELY, today, MOST)
    opened = learned_queries.clicks_since(today - LATELY, MOST)
    said = [row.words for row in (*lost, *opened) if row.lang == group.lang]
    return list(dict.fromkeys((*group.words, *said)))[:ASKED]


def _taught(meanings: Meanings) -> Taught:
    return Taught(meanings, recalling.remembered())


def _tried(words: str, lang: str, ways: _Ways, by: Actor) -> Effect:
    before, after = (
        tuple(hit.title for hit in finding.search(words, lang, by=by, limit=FIRST, typing=True, taught=way).hits)
        for way in (ways.before, ways.after)
    )
    return Effect(words, before, after)
