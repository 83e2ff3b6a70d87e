"""Colleagues named in a note as `@karim` or `@karim.oulmane`: who is meant, and who was."""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.kernel.db import session
from app.people.colleagues import ColleagueCard, answering_in
from app.people.names import folded
from app.tickets import message_queries
from app.tickets.models import Mention, Message, Ticket

#: A word behind an at sign that stands by itself: an e-mail address names nobody.
_NAMED = re.compile(r"(?<![\w@.+-])@([^\W\d_][\w.'’-]{0,60})")


def meant(body: str, among: Iterable[ColleagueCard]) -> list[ColleagueCard]:
    """Colleagues named in a text: by first name, last name, or both with a dot between."""
    words = {folded(word).strip(".-'’") for word in _NAMED.findall(body)}
    return [card for card in among if words & _called(card.name)] if words else []


def _called(name: str) -> set[str]:
    parts = folded(name).split()
    return {parts[0], parts[-1], ".".join(parts), "-".join(parts), "".join(parts)} if parts else set()


def noted(ticket: Ticket, row: Message) -> list[int]:
    """Keep whom a note names among those who work on the ticket, its author apart; inside a verb only."""
    found = [card.id for card in meant(row.body, answering_in([ticket.department_id])) if card.id != row.author_id]
    session.add_all(Mention(message_id=row.id, person_id=person_id) for person_id in found)
    return found


def named_in(message_ids: Iterable[int]) -> dict[int, list[str]]:
    """Names of the colleagues that messages name, by message."""
    found: dict[int, list[str]] = {}
    for message_id, name in message_queries.mentions(message_ids):
        found.setdefault(message_id, []).append(name)
    return found
