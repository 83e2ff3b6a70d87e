"""Mailing lists through which people seem to write: noticed, and their letters let in once the list is one of ours."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import timedelta

from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.kernel.jobs import GROUP
from app.kernel.transaction import publish, transactional
from app.mail import lists_queries, own_lists, sight
from app.mail.events import ListLettersLetIn
from app.mail.glimpse import glimpse
from app.mail.incoming_queries import Sight
from app.mail.opened import try_later

#: How far back letters are counted.
LATELY = timedelta(days=30)
#: Fewer letters say nothing of a list, and a newsletter has one author.
_LETTERS, _AUTHORS = 5, 3
#: Lists told of at once, and letters of each that are looked at.
_LISTS, _LOOKED_AT = 5, 30
_HEAD_BYTES = 64_000


@dataclass(frozen=True, slots=True)
class Suspect:
    """A list whose letters count as automatic although several people write them; `ours` when it has become ours."""

    name: str
    count: int
    authors: int
    ours: bool


def suspects(*, by: Actor) -> list[Suspect]:
    """Lists through which people seem to write, and those of ours with letters to be let in; the fullest first."""
    sight.must_file(by)
    return _suspects(sight.of(by))


def unnoticed() -> int:
    """How many lists that nobody named people seem to write through, whoever may see their letters."""
    return sum(not one.ours for one in _suspects(None))


def _suspects(mine: Sight | None) -> list[Suspect]:
    found = []
    since = clock.now() - LATELY
    for name, count in lists_queries.counts(mine, since, ours=own_lists.ours(), least=_LETTERS):
        ours, authors = own_lists.is_ours(name), _authors(name, mine)
        if ours or authors >= _AUTHORS:
            found.append(Suspect(name, count, authors, ours))
    return found[:_LISTS]


def _authors(name: str, mine: Sight | None) -> int:
    raws = lists_queries.beginnings(name, mine, limit=_LOOKED_AT)
    seen = [glimpse(zlib.decompressobj().decompress(raw, _HEAD_BYTES)) for raw in raws]
    return len({(one.email, one.name) for one in seen})


@transactional
def let_in(name: str, *, by: Actor) -> int:
    """Have the letters by a list of ours filed that came before it was one. Returns how many.

    Raises:
        NotFound: the operator has not named this list.
    """
    sight.must_file(by)
    if not own_lists.is_ours(name):
        raise NotFound("list")
    ids = lists_queries.let_in(name, sight.of(by))
    for start in range(0, len(ids), GROUP):
        try_later(ids[start : start + GROUP], timedelta())
    if ids:
        publish(ListLettersLetIn(letter_id=ids[0], count=len(ids)), by=by)
    session.expire_all()  # rows were changed beside the session
    return len(ids)
