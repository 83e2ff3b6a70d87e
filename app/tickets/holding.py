"""Held words: kept aside when somebody writes who takes no part, until an agent decides about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.transaction import publish, transactional
from app.people import service as people
from app.tickets import access, conversation, message_queries, queries
from app.tickets.conversation import Word
from app.tickets.events import MessageDecided, MessageHeld
from app.tickets.files import attach
from app.tickets.models import Message, Ticket

#: What may become of a held word: its sender takes part from now on; it alone is let in; only the team reads it;
#: nobody does. The last two can be taken back by `hold`.
DECISIONS = ("accept", "once", "note", "refuse")
#: More than this on one page helps nobody.
SHOWN = 100


@dataclass(frozen=True, slots=True)
class HeldCard:
    """A held word: who wrote it, and the request it points at."""

    message_id: int
    at: datetime
    body: str
    letter_id: int | None
    author: str
    email: str
    number: int
    subject: str


def held(ticket: Ticket, word: Word, *, by: Actor) -> int:
    """Keep a word of somebody who takes no part aside until an agent decides; inside a verb only."""
    row = conversation.message_of(ticket, word, "spectator", word.author_id)
    row.held = True
    session.add(row)
    session.flush()
    attach(row.id, word.files)
    publish(MessageHeld(ticket_id=ticket.id, message_id=row.id), by=by)
    return row.id


def waiting(*, by: Actor) -> list[HeldCard]:
    """Held words in the departments somebody works in, oldest first."""
    by.must(Permission.TICKET_READ)
    rows = message_queries.held_in(by.departments, SHOWN)
    cards = people.cards_of({row.author_id for row in rows if row.author_id})
    emails = {key: card.email for key, card in cards.items()}
    return [
        HeldCard(
            row.id, row.at, row.body, row.letter_id, row.author or "", emails.get(row.author_id, ""), row.number,
            row.subject,
        )
        for row in rows
    ]  # fmt: skip


def count(*, by: Actor) -> int:
    """How many held words wait in the departments somebody works in."""
    return message_queries.held_count(by.departments) if by.may(Permission.TICKET_READ) else 0


@transactional
def decide(message_id: int, how: str, *, ticket_id: int | None = None, by: Actor) -> int:
    """Say what becomes of a held word. Returns its ticket's id.

    Raises:
        Invalid: no such decision.
        NotFound: the ticket is out of sight, or the word was not said in it.
        Conflict: somebody has decided already.
    """
    by.must(Permission.TICKET_ANSWER)
    if how not in DECISIONS:
        raise Invalid({"do": "unknown_choice"})
    ticket, row = _spoken(message_id, ticket_id, by)
    if not row.held:
        raise Conflict("not_held")
    row.held = False
    if how in {"note", "refuse"}:
        row.kind = "note" if how == "note" else "refused"
        ticket.version += 1
    else:
        if how == "accept" and row.author_id is not None:
            queries.let_take_part(ticket.id, row.author_id)
        conversation.take_back(ticket, row, by)
    publish(MessageDecided(ticket_id=ticket.id, message_id=row.id, how=how, letter_id=row.letter_id), by=by)
    return ticket.id


@transactional
def hold_again(message_id: int, *, by: Actor) -> None:
    """Take back that a word was refused, or kept for the team.

    Raises:
        NotFound: the word is out of sight.
        Conflict: nothing of the kind was decided about it.
    """
    by.must(Permission.TICKET_ANSWER)
    ticket, row = _spoken(message_id, None, by)
    if row.letter_id is None or row.held or row.kind not in {"note", "refused"}:
        raise Conflict("not_held")
    row.kind, row.held = "spectator", True
    ticket.version += 1
    publish(MessageDecided(ticket_id=ticket.id, message_id=row.id, how="hold", letter_id=row.letter_id), by=by)


def _spoken(message_id: int, ticket_id: int | None, by: Actor) -> tuple[Ticket, Message]:
    seen = message_queries.message(message_id)
    if seen is None or ticket_id not in {None, seen.ticket_id}:
        raise NotFound("message")
    ticket = access.desk_card(by, seen.ticket_id)
    row = message_queries.message_to_change(message_id)
    if row is None or row.ticket_id != ticket.id:
        raise Conflict("not_held")  # somebody has just moved it
    return ticket, row
