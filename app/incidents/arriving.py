"""What came in, read once in a group: its words, what triage thought, and which performances it names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from app.boxoffice import queries as boxoffice
from app.incidents import reading
from app.incidents.exceptions import Thought
from app.incidents.naming import AHEAD, BACK, Bill, Named, Show
from app.incidents.reading import Reading
from app.kernel import clock
from app.kernel.db import db
from app.people import service as people
from app.tickets import message_queries
from app.tickets import queries as tickets
from app.tickets.models import Ticket
from app.triage import queries as triage
from app.venue import service as venue

#: A bill that has not changed is made anew after so long, since days pass.
RENEWED = timedelta(hours=6)
_bills: WeakKeyDictionary[Any, tuple[tuple[int, int, int], datetime, Bill]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Arrived:
    """A request with its first word read."""

    card: Ticket
    body: str
    reading: Reading
    thought: Thought
    named: Sequence[Named]

    @property
    def type(self) -> str:
        """What its writer or triage says it is."""
        return self.card.type or self.thought.type


def arrived(ticket_ids: Iterable[int]) -> list[Arrived]:
    """Read requests of spectators, in the order in which they came; what is for colleagues is left out.

    What triage has not sorted yet is left out too: it comes again when it has.
    """
    rows = tickets.cards(ticket_ids)
    inside = {card.id for card in people.departments() if card.internal}
    chosen = [rows[key] for key in sorted(rows) if rows[key].department_id not in inside and not rows[key].away]
    words = message_queries.first_words([row.id for row in chosen]) if chosen else {}
    thoughts = _thoughts(words)
    titles = bill()
    return [
        _read(row, words[row.id], thoughts[row.id], titles) for row in chosen if row.id in words and row.id in thoughts
    ]


def _read(row: Ticket, body: str, thought: Thought, titles: Bill) -> Arrived:
    found = reading.read(row.subject, body)
    return Arrived(row, body, found, thought, titles.named(found, row.opened_at.astimezone(venue.house().tz)))


def _thoughts(ticket_ids: Iterable[int]) -> Mapping[int, Thought]:
    return {
        row.ticket_id: Thought(row.category, row.type, row.confidence, row.anger, row.legal_threat)
        for row in triage.thoughts_on(ticket_ids)
    }


def bill() -> Bill:
    """The titles of the house, made again when performances were added or taken off."""
    mark, moment = boxoffice.bill_mark(), clock.now()
    kept = _bills.get(db.engine)
    if kept is None or kept[0] != mark or not kept[1] <= moment < kept[1] + RENEWED:
        kept = (mark, moment, _made(moment))
        _bills[db.engine] = kept
    return kept[2]


def _made(moment: datetime) -> Bill:
    zone = venue.house().tz
    rows = boxoffice.bill_between(moment - BACK, moment + AHEAD)
    return Bill([
        Show(row.id, row.production_id, row.title_fr, row.title_en, row.hall, row.starts_at.astimezone(zone))
        for row in rows
    ])  # fmt: skip
