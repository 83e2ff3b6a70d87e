"""Opening a request for somebody who called or came to the counter, with what the colleague noted about it."""

from __future__ import annotations

from app.kernel.access import Actor, Permission
from app.kernel.transaction import transactional
from app.tickets import conversation
from app.tickets.conversation import Word
from app.tickets.opening import Draft, Opened, open_ticket


@transactional
def open_for(draft: Draft, *, note: str = "", by: Actor) -> Opened:
    """Open a request on behalf of a spectator; a note, if any, is for colleagues only."""
    by.must(Permission.TICKET_READ)
    opened = open_ticket(draft, by=by)
    if note.strip() and not opened.before:
        conversation.note(opened.ticket_id, Word(body=note, channel="desk"), by=by)
    return opened
