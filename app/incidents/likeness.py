"""What each crowd says, remembered by each process while its incident lives, for telling what is unlike it."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from app.incidents import queries, reading
from app.incidents.novelty import READ, Likeness, features
from app.kernel import clock
from app.kernel.db import db
from app.tickets import message_queries
from app.tickets import queries as tickets

#: Messages of a crowd a process begins with, how often it looks what people have read, and incidents it remembers.
FIRST, AGAIN, MOST = 200, timedelta(minutes=1), 8


@dataclass(slots=True)
class _Kept:
    asked_at: datetime
    #: By language: what few say because few speak theirs is no news.
    by_language: defaultdict[str, Likeness] = field(default_factory=lambda: defaultdict(Likeness))
    read: set[int] = field(default_factory=set)


_kept: WeakKeyDictionary[Any, OrderedDict[int, _Kept]] = WeakKeyDictionary()


def of(incident_id: int, language: str) -> Likeness:
    """What those of one language in the crowd of an incident say, as far as this process knows."""
    mine = _kept.setdefault(db.engine, OrderedDict())
    kept = mine.get(incident_id)
    if kept is None:
        kept = mine[incident_id] = _Kept(clock.now())
        for spoken, one in _features(queries.newest_of(incident_id, ("crowd", "folded"), FIRST)):
            kept.by_language[spoken].learn(one)
        _learn_read(incident_id, kept)
        while len(mine) > MOST:
            mine.popitem(last=False)
    elif not kept.asked_at <= clock.now() < kept.asked_at + AGAIN:
        kept.asked_at = clock.now()
        _learn_read(incident_id, kept)
    return kept.by_language[language]


def _learn_read(incident_id: int, kept: _Kept) -> None:
    fresh = set(queries.newest_of(incident_id, ("settled",), READ)) - kept.read
    kept.read |= fresh
    for spoken, one in _features(sorted(fresh)):
        kept.by_language[spoken].learn_read([one])


def _features(ticket_ids: list[int]) -> list[tuple[str, frozenset[int]]]:
    """What the first words of requests are compared by, with their language."""
    if not ticket_ids:
        return []
    words, cards = message_queries.first_words(ticket_ids), tickets.cards(ticket_ids)
    return [(cards[key].language, features(reading.read("", body).words)) for key, body in sorted(words.items())]
