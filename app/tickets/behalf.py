"""Opening a request for somebody who called or came to the counter, with what the colleague noted about it."""

from __future__ import annotations

from dataclasses import replace

from app.kernel.access import Actor, Permission
from app.kernel.transaction import transactional
from app.tickets import conversation, queries
from app.tickets.conversation import Word
from app.tickets.opening import Draft, Opened, open_ticket


@transactional
def open_for(draft: Draft, *, note: str = "", by: Actor) -> Opened:
    """Open a request on behalf of a spectator; a note, if any, is for colleagues only."""
    by.must(Permission.TICKET_READ)
    opened = open_ticket(draft, by=by)
    if note.strip() and not opened.before:
        conversation.note(opened.ticket_id, Word(body=note, channel="desk"), by=_at_home(opened.ticket_id, by))
    return opened


def _at_home(ticket_id: int, by: Actor) -> Actor:
    # What the caller said belongs to the request even where it goes to a department one does not work in.
    ticket = queries.card(ticket_id)
    return replace(by, departments=by.departments | {ticket.department_id}) if ticket else by
