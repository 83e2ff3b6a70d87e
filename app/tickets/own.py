"""What a colleague asked of other colleagues, as the one who asks reads it: no notes, nothing held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.kernel.access import Actor
from app.kernel.errors import NotFound
from app.tickets import access, queries
from app.tickets.cases import FileCard, Said
from app.tickets.cases import said as as_said


@dataclass(frozen=True, slots=True)
class OwnCase:
    """A colleague's own request, without notes."""

    id: int
    number: int
    subject: str
    state: str
    opened_at: datetime
    due_at: datetime | None
    snoozed_until: datetime | None
    said: tuple[Said, ...]


def own_case(by: Actor, number: int) -> OwnCase:
    """A request the actor asked, as its requester reads it.

    Raises:
        NotFound: there is none, or somebody else asked it.
    """
    card = queries.card_by_number(number)
    if card is None or by.person_id is None or card.requester_id != by.person_id:
        raise NotFound("ticket")
    ticket, messages = access.own_thread(by, card.id)
    return OwnCase(
        ticket.id, ticket.number, ticket.subject, ticket.state, ticket.opened_at, ticket.due_at, ticket.snoozed_until,
        tuple(as_said(message) for message in messages),
    )  # fmt: skip


def own_file(by: Actor, number: int, file_id: int) -> FileCard:
    """A file of a request the actor asked, if its requester may read the message it hangs on.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    found = [file for word in own_case(by, number).said for file in word.files if file.id == file_id]
    if not found:
        raise NotFound("file")
    return found[0]
