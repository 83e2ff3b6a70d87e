"""Reading stored letters again: those that could not be read are filed, those shown say what they say now.

Nobody is written to, nothing is filed a second time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.kernel.access import Actor, Permission
from app.kernel.errors import NotFound
from app.kernel.transaction import publish, transactional
from app.mail import bounds, incoming_queries, intake, queries
from app.mail.events import LetterReread
from app.mail.fates import raw_of
from app.mail.mailbox_queries import LEFT_THERE
from app.mail.models import LetterIn
from app.tickets import conversation


@dataclass(frozen=True, slots=True)
class Outcome:
    """What reading a letter again gave: filed, changed, same, unparsed, or left when it is none of ours to read."""

    letter_id: int
    outcome: str
    reason: str = ""


def chosen(*, letter_id: int | None, unparsed_only: bool, since: datetime | None) -> list[int]:
    """The letters that a reparse is about, oldest first."""
    if letter_id is not None:
        return [letter_id]
    return incoming_queries.ids_to_reparse(unparsed_only=unparsed_only, since=since)


def reparse(letter_ids: list[int], *, dry: bool, by: Actor) -> Iterator[Outcome]:
    """Read letters again, each in a transaction of its own; a dry run only says what would come of it."""
    for letter_id in letter_ids:
        yield _would(letter_id, by=by) if dry else _reparse(letter_id, by=by)


@transactional
def _reparse(letter_id: int, *, by: Actor) -> Outcome:
    row = _letter(letter_id, by)
    if row.fate == "unparsed":
        intake.file_letters([row.id])
        return Outcome(row.id, "unparsed" if row.fate == "unparsed" else "filed", row.reason)
    told = _told(row)
    if told.outcome == "changed" and row.message_id is not None and row.ticket_id is not None:
        ticket_id = conversation.reworded(row.message_id, _body(row))
        publish(LetterReread(letter_id=row.id, message_id=row.message_id, ticket_id=ticket_id), by=by)
    return told


def _would(letter_id: int, *, by: Actor) -> Outcome:
    row = _letter(letter_id, by)
    return _told(row)


def _told(row: LetterIn) -> Outcome:
    if row.fate not in {"unparsed", "ticket", "reply", "held"} or row.reason == "by_hand":
        return Outcome(row.id, "left")
    if row.fate == "unparsed" and row.reason in LEFT_THERE:
        return Outcome(row.id, "unparsed", row.reason)
    try:
        body = _body(row)
    except bounds.Unreadable as problem:
        return Outcome(row.id, "unparsed", str(problem))
    if row.fate == "unparsed":
        return Outcome(row.id, "filed")
    shown = conversation.shown(row.message_id or 0)
    return Outcome(row.id, "same" if shown is None or shown == conversation.as_shown(body) else "changed")


def _body(row: LetterIn) -> str:
    reading = bounds.read_within(raw_of(row), apart=row.fate == "unparsed")
    return reading.reply_text or reading.text


def _letter(letter_id: int, by: Actor) -> LetterIn:
    by.must(Permission.LETTER_READ)
    row = queries.letter(letter_id)
    if row is None:
        raise NotFound("letter")
    return row
