"""Letters taken for those of machines: what can be seen of them, and a request made of one that was a person's."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime

from app.kernel.access import Actor
from app.kernel.errors import Conflict, NotFound
from app.kernel.transaction import transactional
from app.mail import bounds, incoming_queries, mailbox_queries, queries, sight, unparsed
from app.mail.fates import meet, raw_of
from app.mail.glimpse import glimpse
from app.mail.models import LetterIn
from app.mail.opened import author_of
from app.people.names import in_ascii, normalised
from app.tickets import handling
from app.tickets import queries as tickets

#: What becomes of letters of machines.
FATES = ("automatic", "bounce")
_SHOWN_BYTES = 64_000


@dataclass(frozen=True, slots=True)
class Line:
    """A letter in the list; `number` is the request whose letter came back, `reason` a code."""

    id: int
    at: datetime
    size: int
    sender: str
    subject: str
    fate: str
    reason: str
    number: int | None


@dataclass(frozen=True, slots=True)
class Seen:
    """What one letter says, as far as it can be read; `body` is what its author wrote, `text` all of it."""

    id: int
    at: datetime
    size: int
    fate: str
    reason: str
    sender: str
    email: str
    name: str
    subject: str
    body: str
    text: str


def listed(fate: str, *, by: Actor, limit: int = 50, before: int | None = None) -> list[Line]:
    """Letters of one of `FATES`, newest first.

    Raises:
        NotFound: no such fate, or none of the letters that arrive are theirs.
    """
    sight.must_file(by)
    if fate not in FATES:
        raise NotFound("fate")
    rows = incoming_queries.of_machines(sight.of(by), fate, limit=limit, before=before)
    cards = tickets.cards({row.ticket_id for row in rows if row.ticket_id}) if fate == "bounce" else {}
    numbers = {key: card.number for key, card in cards.items() if card.department_id in by.departments}
    found = []
    for row in rows:
        seen = glimpse(zlib.decompressobj().decompress(row.beginning, _SHOWN_BYTES))
        sender = in_ascii(seen.email or row.envelope_from or seen.name)
        found.append(
            Line(row.id, row.at, row.size, sender, seen.subject, fate, row.reason, numbers.get(row.ticket_id or 0))
        )
    return found


def one(letter_id: int, *, by: Actor) -> Seen:
    """One letter, read within bounds, so that a request may be made of it.

    Raises:
        NotFound: there is none, a request was made of it, or it is out of sight.
    """
    row = _taken(queries.letter(letter_id), by)
    raw = raw_of(row)
    seen = glimpse(raw)
    email, name, subject, body, text = seen.email, seen.name, seen.subject, "", seen.text
    try:
        reading = bounds.read_within(raw)
    except bounds.Unreadable:
        pass  # what can be seen of it is shown
    else:
        email, name, subject = author_of(row, reading), reading.from_name, reading.subject[:255]
        body, text = reading.reply_text or reading.text, reading.text
    sender = in_ascii(seen.email or row.envelope_from or seen.name)
    return Seen(
        row.id, row.received_at, row.size, row.fate, row.reason, sender, normalised(email), name, subject, body, text
    )


def raw(letter_id: int, *, by: Actor) -> bytes:
    """The bytes of one letter as they arrived."""
    return raw_of(_taken(queries.letter(letter_id), by))


@transactional
def open_by_hand(letter_id: int, *, email: str, name: str, subject: str, body: str, by: Actor) -> int:
    """Make a request of a letter after all, or bring back the one that was made and taken back. Returns its number.

    No machine of ours acknowledges it: it may be a machine's all the same.

    Raises:
        Invalid: fields `email` or `body`.
        Conflict: somebody has made one of it meanwhile.
    """
    row = _to_change(letter_id, by, FATES)
    made = (row.before or {}).get("made")
    row.silent, row.before = True, {"fate": row.fate, "reason": row.reason, "ticket_id": row.ticket_id}
    if made is None:
        return unparsed.made_of(row, email=email, name=name, subject=subject, body=body, by=by).number
    handling.mark_spam(made["ticket_id"], spam=False, by=by)
    meet(row, "ticket", **made, reason="by_hand", by=by)
    return tickets.cards([made["ticket_id"]])[made["ticket_id"]].number


@transactional
def take_back(letter_id: int, *, by: Actor) -> None:
    """It was a machine's after all: the request made of it is marked as spam, the letter stands in its list again.

    Raises:
        Conflict: no request was made of it, or that was taken back.
    """
    row = _to_change(letter_id, by, ("ticket",))
    if row.before is None or row.ticket_id is None or row.before.get("fate") not in FATES:
        raise Conflict("letter_filed")
    handling.mark_spam(row.ticket_id, by=by)
    made = {"ticket_id": row.ticket_id, "message_id": row.message_id}
    was, row.before = row.before, {"made": made}
    meet(row, was["fate"], ticket_id=was["ticket_id"], reason=was["reason"], by=by)


def _taken(row: LetterIn | None, by: Actor) -> LetterIn:
    row = _in_sight(row, by)
    if row.fate not in FATES:
        raise NotFound("letter")
    return row


def _to_change(letter_id: int, by: Actor, fates: tuple[str, ...]) -> LetterIn:
    row = _in_sight(incoming_queries.to_change(letter_id), by)
    if row.fate not in fates:
        raise Conflict("letter_filed")
    return row


def _in_sight(row: LetterIn | None, by: Actor) -> LetterIn:
    sight.must_file(by)
    if row is None or not sight.of(by).has(mailbox_queries.department_of(row.mailbox_id)):
        raise NotFound("letter")
    return row
