"""Which notices are still news when they are told, and what they say: requests as they stand at that moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.notices.lines import Said
from app.notices.models import Notice
from app.people import service as people
from app.people.colleagues import Told
from app.people.service import PersonCard
from app.tickets import access
from app.tickets import queries as tickets
from app.tickets.models import Ticket
from app.tickets.states import State


def still_news(rows: Sequence[Notice], person: Told, moment: datetime) -> list[Said]:
    """What of some notices is still worth telling a colleague; nothing of requests out of their sight."""
    cards = tickets.cards({row.ticket_id for row in rows if row.ticket_id})
    persons = people.cards_of({row.by_id for row in rows if row.by_id} | {card.requester_id for card in cards.values()})
    return [
        _said(row, card, persons, moment)
        for row in rows
        if (card := cards.get(row.ticket_id or 0)) is not None and _open(row, card, person)
    ]


def _open(row: Notice, card: Ticket, person: Told) -> bool:
    if card.away or not access.may_handle(person.actor, card):
        return False
    if row.matter == "mentioned":
        return True
    mine = card.assignee_id == row.person_id
    if row.matter == "assigned":
        return mine and card.state != State.SOLVED
    return mine and card.unread


def _said(row: Notice, card: Ticket, persons: dict[int, PersonCard], moment: datetime) -> Said:
    by, requester = persons.get(row.by_id or 0), persons.get(card.requester_id)
    return Said(
        matter=row.matter, number=card.number, subject=card.subject, by=by.name if by else "",
        requester=requester.name if requester else "", category=card.category, due_at=card.due_at, at=moment,
    )  # fmt: skip
