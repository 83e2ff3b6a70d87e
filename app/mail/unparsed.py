"""Letters that could not be read: what can be seen of them, try again, make a request by hand, put aside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.errors import Conflict, NotFound
from app.kernel.transaction import publish, transactional
from app.mail import incoming_queries, intake, mailbox_queries, queries, sight
from app.mail.events import LetterPutAside
from app.mail.fates import meet, raw_of
from app.mail.glimpse import Glimpse, glimpse
from app.mail.mailbox_queries import NOWHERE
from app.mail.models import LetterIn
from app.people.names import in_ascii
from app.tickets import conversation, handling
from app.tickets.files import store
from app.tickets.opening import Draft, Opened, open_tickets
from app.tickets.states import Channel


@dataclass(frozen=True, slots=True)
class Unread:
    """A letter that could not be read; `reason` is a code, with the name of an error after `fault`."""

    id: int
    at: datetime
    size: int
    sender: str
    reason: str
    tries: int
    aside: bool
    seen: Glimpse


def listed(*, by: Actor, aside: bool = False, limit: int = 50, before: int | None = None) -> list[Unread]:
    """Letters that could not be read, newest first."""
    sight.must_file(by)
    rows = incoming_queries.unparsed(sight.of(by), aside=aside, limit=limit, before=before)
    return [_unread(row) for row in rows]


def one(letter_id: int, *, by: Actor) -> Unread:
    """One letter that could not be read.

    Raises:
        NotFound: there is none, it has been dealt with, or it is out of sight.
    """
    return _unread(_unparsed(letter_id, by))


def raw(letter_id: int, *, by: Actor) -> bytes:
    """The bytes of a letter that could not be read, as they arrived."""
    return raw_of(_unparsed(letter_id, by))


@transactional
def try_again(letter_id: int, *, by: Actor) -> str:
    """Read a letter once more and file it. Returns its fate; `unparsed` when it still cannot be read."""
    row = _waiting(letter_id, by)
    row.aside_at = None
    intake.file_letters([letter_id])
    return row.fate


@transactional
def put_aside(letter_id: int, *, aside: bool = True, by: Actor) -> None:
    """Take a letter of which nothing will come off the list, or put it back there."""
    row = _waiting(letter_id, by)
    if (row.aside_at is not None) != aside:
        row.aside_at = clock.now() if aside else None
        publish(LetterPutAside(letter_id=row.id, aside=aside), by=by)


@transactional
def open_by_hand(letter_id: int, *, email: str, name: str, subject: str, body: str, by: Actor) -> Opened:
    """Make a request of a letter that cannot be read; the letter itself hangs on its first message.

    Raises:
        Invalid: fields `email` or `body`.
        Conflict: somebody has dealt with it meanwhile.
    """
    row = _waiting(letter_id, by)
    row.before = {"fate": row.fate, "reason": row.reason, "ticket_id": None}
    return made_of(row, email=email, name=name, subject=subject, body=body, by=by)


@transactional
def take_back(letter_id: int, *, by: Actor) -> None:
    """Undo that: the request made of it is marked as spam, and the letter waits in its list again as if nobody had.

    Raises:
        Conflict: no request was made of it, or that was taken back.
    """
    row = _in_sight(incoming_queries.to_change(letter_id), by)
    was = row.before or {}
    if row.fate != "ticket" or was.get("fate") != "unparsed" or row.ticket_id is None:
        raise Conflict("letter_filed")
    handling.mark_spam(row.ticket_id, by=by)
    # It may be read after all, and then makes a message of its own.
    conversation.part_from_letter(row.message_id or 0)
    row.before = None
    meet(row, "unparsed", reason=was["reason"], by=by)


def made_of(row: LetterIn, *, email: str, name: str, subject: str, body: str, by: Actor) -> Opened:
    """Open the request that somebody makes of a letter, and let that be its fate; inside a verb only."""
    # First as a form would: what a person typed must hold what a form must hold.
    Draft(email=email, body=body, subject=subject)
    home = mailbox_queries.homes().get(row.mailbox_id or 0, NOWHERE)
    letter = store(f"{row.id}.eml", "message/rfc822", raw_of(row))
    draft = Draft(
        email=email, name=name, subject=subject, body=body, channel=Channel.EMAIL, files=(letter,),
        received_at=row.received_at, letter_id=row.id, department=home.department, language=home.language,
    )  # fmt: skip
    made = open_tickets([draft], by=by)[0]
    meet(row, "ticket", ticket_id=made.ticket_id, message_id=made.message_id, reason="by_hand", by=by)
    return made


def _unparsed(letter_id: int, by: Actor) -> LetterIn:
    row = _in_sight(queries.letter(letter_id), by)
    if row.fate != "unparsed":
        raise NotFound("letter")
    return row


def _waiting(letter_id: int, by: Actor) -> LetterIn:
    row = _in_sight(incoming_queries.to_change(letter_id), by)
    if row.fate != "unparsed":
        raise Conflict("letter_filed")
    return row


def _in_sight(row: LetterIn | None, by: Actor) -> LetterIn:
    sight.must_file(by)
    if row is None or not sight.of(by).has(mailbox_queries.department_of(row.mailbox_id)):
        raise NotFound("letter")
    return row


def _unread(row: LetterIn) -> Unread:
    seen = glimpse(raw_of(row))
    return Unread(
        row.id, row.received_at, row.size, in_ascii(seen.email) or in_ascii(row.envelope_from), row.reason, row.tries,
        row.aside_at is not None, seen,
    )  # fmt: skip
