"""One search for the desk: requests, people, orders and articles, each as far as whoever asks may see them.

Words of requests are kept by `read_due`, which the schedule calls; what a request says now and the index does not know
yet waits in a table of its own, written in the transaction that changed it, so nothing is lost whoever is killed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.boxoffice import profile
from app.boxoffice import service as boxoffice
from app.boxoffice.households import RecordCard
from app.boxoffice.profile import OrderFound
from app.kernel.access import Actor, Permission
from app.kernel.transaction import transactional
from app.search import desk_queries as queries
from app.search import desk_words
from app.tickets import lists
from app.tickets.lists import Row
from app.venue import service as venue

#: Requests read again in one transaction, and at most in one turn of the schedule.
GROUP, TURN = 250, 5_000
#: What is read of a question; requests, people and households shown.
LONGEST, REQUESTS, OTHERS = 300, 20, 8
#: Letters from which on people, orders and households are looked for.
SHORTEST = 2
_NUMBER = re.compile(r"#?\s*(\d{6,7})")


@dataclass(frozen=True, slots=True)
class PersonFound:
    """Somebody who asked something where the colleague works."""

    id: int
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Found:
    """What fits a question, by kind; `exact` is the number of a request that was typed whole."""

    requests: tuple[Row, ...] = ()
    people: tuple[PersonFound, ...] = ()
    orders: tuple[OrderFound, ...] = ()
    households: tuple[RecordCard, ...] = ()
    exact: int | None = None

    def __bool__(self) -> bool:
        return bool(self.requests or self.people or self.orders or self.households)


def search(typed: str, *, by: Actor, requests: int = REQUESTS, others: int = OTHERS) -> Found:
    """Requests, people and households that fit, each kind only for whoever may read it."""
    text = " ".join(typed.replace("\x00", " ").split())[:LONGEST]
    if not text:
        return Found()
    rows = _requests(text, by, requests) if by.may(Permission.TICKET_READ) else []
    number = _NUMBER.fullmatch(text)
    exact = int(number[1]) if number and any(row.number == int(number[1]) for row in rows) else None
    people = _people(text, by, others) if by.may(Permission.PERSON_READ) else ()
    if len(text) < SHORTEST or not (by.may(Permission.PERSON_READ) and by.may(Permission.ORDER_READ)):
        return Found(tuple(rows), people, exact=exact)
    orders = tuple(profile.orders_like(text, by=by, limit=others))
    homes = () if orders else tuple(profile.search(text, by=by)[:others])
    return Found(tuple(rows), people, orders, homes, exact)


def _requests(text: str, by: Actor, limit: int) -> list[Row]:
    """Those whose head holds every word, then those where the words were said; each part the newest first."""
    departments = sorted(by.departments)
    number = _NUMBER.fullmatch(text)
    ids = queries.named(int(number[1]) if number else None, _order(text), departments, limit)
    ids += queries.found(desk_words.in_head(text), departments, limit)
    if len(ids) < limit:
        ids += queries.found(desk_words.in_words(text), departments, limit)
    return lists.in_order(list(dict.fromkeys(ids))[:limit], by=by)


def _order(text: str) -> str:
    """The code of an order, where a question may be one."""
    prefix = venue.house().order_prefix
    coded = not _NUMBER.fullmatch(text) and (" " not in text or text.upper().startswith(prefix))
    return boxoffice.tidy_code(text, prefix) if coded else ""


def _people(text: str, by: Actor, limit: int) -> tuple[PersonFound, ...]:
    words = desk_words.folded(text).split()[: desk_words.ASKED]
    if not any(len(word) > 1 for word in words) or not by.departments:
        return ()
    return tuple(PersonFound(*row) for row in queries.requesters(words, by.departments, limit))


def read_due() -> int:
    """Read again what changed, in groups. Returns how many requests were read."""
    total = 0
    while total < TURN:
        count = read_group(GROUP)
        total += count
        if not count:
            break
    return total


@transactional
def read_group(limit: int) -> int:
    """Read again some requests that changed, the last ones first; inside one transaction."""
    queries.one_at_a_time()
    lines = queries.due(limit)
    if not lines:
        return 0
    ids = sorted({line.ticket_id for line in lines})
    heads, said, known = queries.heads(ids), queries.said(ids), queries.known(ids)
    now = {key: desk_words.kept(head, said.get(key, ())) for key, head in heads.items()}
    fresh = {key: words for key, words in now.items() if known.get(key) != words}
    gone = [key for key in ids if key not in heads]
    if fresh or gone:
        queries.keep(fresh, gone)
    queries.done(line.id for line in lines)
    return len(lines)


@transactional
def forget_all() -> None:
    """Let every request be read again from nothing, and forget the words of those that are gone."""
    queries.one_at_a_time()
    queries.due_all()
    queries.rebuild()  # first: what is sought by must be sound for words to be taken out of it
    queries.drop_stray()


@dataclass(frozen=True, slots=True)
class WordsState:
    """How the words of requests stand: how many wait to be read, how many are amiss, whether they can be sought."""

    waiting: int
    amiss: int
    sound: bool


def state() -> WordsState:
    """How the words of requests stand, for those who watch over the house."""
    return WordsState(queries.waiting(), queries.amiss(), _sound())


@transactional
def _sound() -> bool:
    # A verb, though it writes nothing: SQLite asks its index by a statement that writes, for which whoever has begun to
    # read while others write is refused.
    return queries.sound()
