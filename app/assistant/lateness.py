"""One apology a request: that we are late, and the new moment that a person has set; never one of our own making."""

from __future__ import annotations

from datetime import datetime

from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.errors import Invalid
from app.kernel.transaction import transactional
from app.mail import outgoing
from app.mail import queries as letters
from app.mail.outgoing import Letter
from app.people import service as people
from app.sla import renewing
from app.tickets import access, conversation
from app.tickets.conversation import Word
from app.tickets.models import Ticket
from app.tickets.opening import BODY_BYTES
from app.venue import service as venue
from app.venue.moments import promise

KIND = "late"


@transactional
def promise_anew(
    ticket_id: int, moment: datetime, *, words: str, trace: str, submission: str | None, by: Actor
) -> bool:
    """Set a new moment on a late request and tell its spectator, once a request. Returns whether they are told.

    Args:
        ticket_id: the request.
        moment: when it is to be done.
        words: what the colleague adds, if anything.
        trace: the note that stays in the request.
        submission: the key of the form, so that pressing twice does it once.
        by: a colleague of its department.

    Raises:
        Invalid: fields `moment` and `words`.
        Conflict: nothing is late.
    """
    by.must(Permission.TICKET_ANSWER)
    ticket = access.desk_card(by, ticket_id)
    if len(words.encode()) > BODY_BYTES // 2:
        raise Invalid({"words": "too_long"})
    told = is_told(ticket.id)
    word, there = conversation.said_before(ticket, Word(body=trace, channel="desk", submission=submission))
    if there is not None:
        return told
    renewing.renew(ticket.id, moment, by=by)
    note = conversation.note(ticket.id, word, by=by)
    return bool(outgoing.write([] if told else [_letter(ticket, note, moment, words, by)]))


def is_told(ticket_id: int) -> bool:
    """Whether the spectator was told already that we are late."""
    return bool(letters.with_letter((KIND,), [ticket_id]))


def _letter(ticket: Ticket, note: int, moment: datetime, words: str, by: Actor) -> Letter:
    signer = people.cards_of([by.person_id]).get(by.person_id) if by.person_id else None
    values = {
        "subject": ticket.subject, "promise": promise(moment, clock.now(), ticket.language, venue.house().tz),
        "note": words.strip(), "signer": signer.name if signer else "",
    }  # fmt: skip
    return Letter(
        kind=KIND, to_person=ticket.requester_id, language=ticket.language, ticket_id=ticket.id, message_id=note,
        automatic=False, values=values,
    )  # fmt: skip
