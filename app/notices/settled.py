"""Which notices are still news when they are told, and what they say: things as they stand at that moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from app.catalogue import service as catalogue
from app.notices import crowds, knowledge, lines, money
from app.notices.lines import Said
from app.notices.models import Notice
from app.people import service as people
from app.people.colleagues import Told
from app.people.service import PersonCard
from app.sla.targets import NEAR_MINUTES
from app.tickets import access
from app.tickets import queries as tickets
from app.tickets.models import Ticket
from app.tickets.states import State, Turn
from app.venue import service as venue
from app.venue.moments import promise, short_moment

#: A promise is told of while its moment has passed, or lies so near.
SOON = timedelta(minutes=NEAR_MINUTES)


def still_news(rows: Sequence[Notice], person: Told, moment: datetime) -> list[Said]:
    """What of some notices is still worth telling a colleague; nothing of requests out of their sight."""
    cards = tickets.cards({row.ticket_id for row in rows if row.ticket_id})
    persons = people.cards_of({row.by_id for row in rows if row.by_id} | {card.requester_id for card in cards.values()})
    found: dict[tuple[str, int | str, int | None], Said] = {}
    for matter, tell in _OTHERS.items():
        for one in tell([row for row in rows if row.matter == matter], person, moment):
            found.setdefault((one.matter, one.at + one.subject, None), one)
    for row in rows:
        card = cards.get(row.ticket_id or 0)
        if card is not None and _open(row, card, person, moment):
            said = _said(row, card, persons, moment, lines.reading(person.language))
            found.setdefault((said.matter, said.number, row.by_id), said)
    return list(found.values())


#: What is told of other things than requests, where it is not settled by now.
_OTHERS: Mapping[str, Callable[[Sequence[Notice], Told, datetime], Iterable[Said]]] = {
    "held": crowds.said, "articles": knowledge.said, "reading": knowledge.readings,
    "disputed": money.said,
}  # fmt: skip


def _open(row: Notice, card: Ticket, person: Told, moment: datetime) -> bool:
    if card.away or not access.may_handle(person.actor, card):
        return False
    return _NEWS[row.matter](card, row.person_id, moment)


def _owed(card: Ticket, moment: datetime) -> bool:
    return card.turn == Turn.OURS and card.due_at is not None and card.due_at <= moment + SOON


#: Whether what was noted of a request still holds for somebody.
_NEWS: Mapping[str, Callable[[Ticket, int, datetime], bool]] = {
    "assigned": lambda card, me, moment: card.assignee_id == me and card.state != State.SOLVED,
    "mentioned": lambda card, me, moment: True,
    "replied": lambda card, me, moment: card.assignee_id == me and card.unread,
    "due": lambda card, me, moment: card.assignee_id == me and _owed(card, moment),
    "team_due": lambda card, me, moment: _owed(card, moment),
}


def _said(row: Notice, card: Ticket, persons: dict[int, PersonCard], moment: datetime, language: str) -> Said:
    by, requester, category = (
        persons.get(row.by_id or 0),
        persons.get(card.requester_id),
        catalogue.category(card.category),
    )
    late, matter = bool(card.due_at and card.due_at <= moment), row.matter
    if matter in lines.DUE:
        matter = "late" if late else "near"
    return Said(
        matter=matter, number=card.number, subject=card.subject, by=by.name if by else "",
        requester=requester.name if requester else "", category=category.name(language) if category else "",
        when=_when(card.due_at, moment, language) if card.due_at else "",
    )  # fmt: skip


def _when(due_at: datetime, moment: datetime, language: str) -> str:
    zone = venue.house().tz
    words = short_moment if due_at <= moment else promise
    return words(due_at, moment, language, zone)
