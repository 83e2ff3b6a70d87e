"""Which article or canned answer closed the solved requests nearest to a new one: counted, and nothing more is kept.

An answer's sources are noted when it is said. The words of solved requests are held as numbers by the process that
sorts, for minutes, so that nothing of a request outlives it here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from app.kernel.remembered import Remembered
from app.kernel.transaction import transactional
from app.knowledge import shelf, voting
from app.tickets import message_queries
from app.triage import place, queries
from app.triage.text import Prepared, prepare

if TYPE_CHECKING:
    from app.knowledge.cards import ArticleCard
    from app.triage.features import Floats, Rows

MOST: Final = 1_000
"""Solved requests that are held, the newest: a second of one processor, every ten minutes at most."""

SECONDS: Final = 600.0
NEAREST: Final = 30
CLOSE: Final = 0.2
"""Cosine of words from which two requests are close; below it they share little but the language of the trade."""

KEPT: Final = 12
CANNED, ARTICLE = "canned", "article"
_ADDRESS: Final = re.compile(r"/(?:aide|en/help)/[^\s<>\"']+")
_AFTER: Final = ".,;:!?)»"


@dataclass(frozen=True, slots=True)
class Source:
    """What an answer was made of (canned or article, by id or slug), where it closed requests, and how many."""

    kind: str
    ref: str
    category: str
    department: int
    closed: int


@dataclass(frozen=True, slots=True, eq=False)
class _Closed:
    """Solved requests as rows of words of one model, with their category, department, and what closed each."""

    model: str
    rows: Rows | None
    tickets: tuple[int, ...]
    kinds: tuple[tuple[str, int], ...]
    sources: tuple[tuple[tuple[str, str], ...], ...]


@transactional
def note(said: Mapping[int, tuple[int, int | None]]) -> None:
    """Note what answers were made of, in place of what was noted of their requests before, and count their articles.

    Shape: `said` of pairs (message, canned answer) by request.
    """
    bodies = queries.bodies([message for message, _canned in said.values()])
    paths = {card.path: card for card in shelf.whole().cards}
    rows = []
    sent: dict[int, set[int]] = {}
    for ticket, (message, canned) in said.items():
        found = {(CANNED, str(canned))} if canned is not None else set()
        cards = list(_cards(bodies.get(message, ""), paths))
        found |= {(ARTICLE, card.slug) for card in cards}
        sent[message] = {card.id for card in cards}
        rows += [{"ticket_id": ticket, "kind": kind, "ref": ref} for kind, ref in sorted(found)]
    queries.replace_sources(said, rows)
    voting.count_sent(sent)


def _cards(body: str, paths: Mapping[str, ArticleCard]) -> Iterable[ArticleCard]:
    found = (unquote(one).rstrip(_AFTER).partition("?")[0].partition("#")[0] for one in _ADDRESS.findall(body))
    return (paths[path] for path in found if path in paths)


def nearest(messages: Mapping[int, Prepared]) -> dict[int, list[dict[str, Any]]]:
    """What closed the solved requests nearest to some requests, most often first; nothing where no model sorts.

    Shape: by request, the fields of `Source`.
    """
    vectoriser, closed = place.vectoriser(), _held()
    if vectoriser is None or closed.rows is None or not messages:
        return {}
    rows = vectoriser.word_rows(list(messages.values()))
    return {ticket: _counted(closed, ticket, closed.rows.cosines(*rows.of(at))) for at, ticket in enumerate(messages)}


def _counted(closed: _Closed, ticket: int, cosines: Floats) -> list[dict[str, Any]]:
    near = [int(at) for at in (-cosines).argsort()[: NEAREST + 1] if cosines[at] >= CLOSE]
    met: Counter[tuple[str, str, str, int]] = Counter()
    for at in [at for at in near if closed.tickets[at] != ticket][:NEAREST]:
        met.update((kind, ref, *closed.kinds[at]) for kind, ref in closed.sources[at])
    return [
        {"kind": kind, "ref": ref, "category": category, "department": department, "closed": many}
        for (kind, ref, category, department), many in met.most_common(KEPT)
    ]


def _held() -> _Closed:
    held, standing = _remembered(), place.standing()
    if held.model != standing.version:
        _remembered.forget()
        held = _remembered()
    return held


def _read() -> _Closed:
    vectoriser, version = place.vectoriser(), place.standing().version
    solved = queries.closed_with_sources(MOST) if vectoriser is not None else []
    if vectoriser is None or not solved:
        return _Closed(version, None, (), (), ())
    sources = queries.sources_of([row.id for row in solved])
    words = message_queries.first_words([row.id for row in solved])
    messages = [prepare("" if row.subject == "…" else row.subject, words.get(row.id, "")) for row in solved]
    return _Closed(
        version, vectoriser.word_rows(messages), tuple(row.id for row in solved),
        tuple((row.category, row.department_id) for row in solved), tuple(_of(sources, row.id) for row in solved),
    )  # fmt: skip


def _of(sources: Mapping[int, Sequence[tuple[str, str]]], ticket: int) -> tuple[tuple[str, str], ...]:
    return tuple(sources.get(ticket, ()))


_remembered = Remembered(_read, seconds=SECONDS)
forget = _remembered.forget
