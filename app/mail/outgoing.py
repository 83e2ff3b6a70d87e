"""Letters out: written as rows in the transaction they tell of, looked at, tied to what comes back, sent once more."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from app.kernel import clock, keys
from app.kernel.access import SYSTEM, Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.transaction import publish, transactional
from app.mail import identity, outbox_queries, queries, refusals, texts
from app.mail.events import FailedLettersDue, LetterBounced, LetterSentAgain
from app.mail.models import LetterOut
from app.mail.outbox_queries import TROUBLED
from app.mail.parcels import Refused as Refused
from app.mail.ranks import ONE_PERSON, rank_of
from app.mail.reading import Reading
from app.mail.sending import parcel_of
from app.mail.sending import send_due as send_due
from app.mail.way import address as address
from app.mail.way import use as use
from app.people import service as people
from app.people.names import normalised
from app.tickets import links, message_queries
from app.tickets import queries as tickets
from app.tickets.files import StoredFile
from app.tickets.models import Ticket

#: Characters of the subject of a letter that the house writes by itself.
SUBJECT = 70
#: Letters sent again in one transaction; further ones follow step by step, as work of the worker.
AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter to be written: its kind, whom it is for, and what fills its words.

    `worded` is subject and text already made, for a letter of no kind of its own.
    """

    kind: str
    to_person: int
    language: str
    values: dict[str, str] = field(default_factory=dict)
    worded: tuple[str, str] | None = None
    ticket_id: int | None = None
    message_id: int | None = None
    automatic: bool = True
    #: The same is written to many at once.
    together: bool = False
    files: tuple[StoredFile, ...] = ()
    #: Where whoever wants no more letters of this kind says so; of letters that are no service.
    leave: str = ""


@transactional
def write(letters: Sequence[Letter]) -> list[int]:
    """Write letters into the outbox; those whose person has no usable address are left out. Returns their ids."""
    persons = people.cards_of({letter.to_person for letter in letters})
    rows = tickets.cards({letter.ticket_id for letter in letters if letter.ticket_id})
    before = queries.last_mids(rows)
    made = []
    for letter in letters:
        to = persons.get(letter.to_person)
        if to is None or not to.email:
            continue
        made.append(_row(letter, to, rows.get(letter.ticket_id or 0), before.get(letter.ticket_id or 0, "")))
    session.flush()  # what they tell of may not be written yet
    _hurry({row["ticket_id"] for row in made if row["rank"] == ONE_PERSON and not row["automatic"]} - {None})
    return outbox_queries.write_letters(made)


def _hurry(ticket_ids: Collection[int]) -> None:
    """Have letters of some requests wait no longer than an agent's answer, which follows them there."""
    if ticket_ids:
        outbox_queries.hurry(ticket_ids, ONE_PERSON)


def _row(letter: Letter, to: people.PersonCard, ticket: Ticket | None, before: str) -> dict[str, Any]:
    values = texts.of_house(letter.language) | letter.values
    number = nonce = None
    if ticket is not None:
        number, nonce = ticket.number, ticket.link_nonce
        values |= {"number": str(number), "link": address(f"/d/{links.token_of(ticket)}")}
    subject, text = letter.worded or texts.worded(letter.kind, letter.language, values)
    moment = clock.now()
    reply_to = identity.reply_address(keys.link_token(links.ADDRESS, nonce, 1)) if nonce else identity.own_address()
    return {
        "kind": letter.kind, "ticket_id": letter.ticket_id, "message_id": letter.message_id, "to_email": to.email,
        "to_name": to.name, "domain": to.email.rpartition("@")[2], "language": letter.language,
        "subject": _numbered(subject, number, letter), "text": text,
        "values": {"house": values["house"], "files": [asdict(file) for file in letter.files],
                   **({"leave": letter.leave} if letter.leave else {})},
        "mid": identity.new_mid(nonce), "reply_to": reply_to, "references": before, "automatic": letter.automatic,
        "rank": rank_of(letter.kind, together=letter.together),
        "state": "waiting", "created_at": moment, "next_at": moment, "tries": 0, "fence": 0, "sent_at": None,
        "answer": "",
    }  # fmt: skip


def _numbered(subject: str, number: int | None, letter: Letter) -> str:
    """The subject with the number at its end, which a long one may not push out."""
    end = f" [#{number}]" if number else ""
    # What the house writes by itself says its point in what a telephone shows; what people wrote stays whole.
    longest = (SUBJECT if letter.automatic and letter.worded is None else 255) - len(end)
    return (subject if len(subject) <= longest else f"{subject[: longest - 1].rstrip()}…") + end


def written_lately(person_ids: Iterable[int], kinds: Sequence[str], since: datetime) -> set[int]:
    """Which of some people a letter of any of some kinds was written to since a moment."""
    cards = people.reached(person_ids)
    found = queries.letters_since((card.email for card in cards.values() if card.email), kinds, since)
    return {key for key, card in cards.items() if card.email and found[card.email]}


class Back(NamedTuple):
    """A letter of ours that came back; `proven` when whoever says so proves to have had it."""

    letter: LetterOut
    proven: bool


@transactional
def note_bounce(reading: Reading, letter_id: int | None = None) -> Back | None:
    """Tie a returned letter to the one of ours it was, by the address it came back to, or else by what it quotes.

    Only what proves itself changes anything: else anybody could have an address taken for one that does not exist.

    Returns:
        The letter of ours, if it can be known.
    """
    row = _came_back(reading, letter_id)
    if row is None:
        return None
    if not _proven(reading, row, letter_id):
        return Back(row, proven=False)
    status = reading.bounce_status or "5.0.0"
    if reading.is_delayed and not status.startswith("4"):
        status = "4.0.0"  # it is still on its way, whatever else the warning says
    about = _failing(reading, row)
    if status.startswith("5") and refusals.marks(status, refusals.REPORT):
        people.mark_undeliverable(about, status)
    if about == row.to_email:
        _note_back(row, status)
    return Back(row, proven=True)


def _came_back(reading: Reading, letter_id: int | None) -> LetterOut | None:
    row = queries.written(letter_id) if letter_id else None
    mids = [mid for mid in (reading.bounced_mid, reading.in_reply_to, *reading.references) if mid]
    found = queries.by_mids(mids) if row is None else {}
    return row or next((found[mid] for mid in mids if mid in found), None)


def _failing(reading: Reading, row: LetterOut) -> str:
    """The address a report speaks of: the letter's, or one it went to before somebody corrected it.

    Whatever else a report names is where the letter was passed on to.
    """
    named = normalised(reading.bounce.recipient) if reading.bounce else ""
    return named if named in row.values.get("was", []) else row.to_email


def _note_back(row: LetterOut, status: str) -> None:
    if row.state != "waiting":  # else it is on its way again already
        row.answer = status
        if status.startswith("5"):
            # It may come back before its sender has noted that it left: nobody holds it any more.
            row.state, row.fence = "bounced", 0
    publish(LetterBounced(letter_out_id=row.id, ticket_id=row.ticket_id, status=status))


def _proven(reading: Reading, row: LetterOut, letter_id: int | None) -> bool:
    # Nobody but the servers on its way knows where a letter comes back to. Its Message-ID is known to all who have seen
    # it, so that a report must also name the very address it was sent to.
    if row.id == letter_id:
        return True
    told = reading.evidence
    if told is None or told.quoted_id != row.mid or not identity.is_own_mid(row.mid):
        return False
    return bool(told.recipient) and normalised(told.recipient) == row.to_email


def recall(message_ids: Iterable[int]) -> set[int]:
    """Take letters back that wait to leave; inside a verb only. Returns the messages no letter carries any more.

    What a sender holds, or has handed over, stays, and what a server may have taken before it went silent. A letter
    being written for one of them at this moment is waited for.
    """
    wanted = sorted(set(message_ids))
    message_queries.hold(wanted)
    held = outbox_queries.of_messages_to_change(wanted)
    stays = {row.message_id for row in held if row.state != "waiting" or refusals.perhaps_taken(row.answer)}
    outbox_queries.forget([row.id for row in held if row.message_id not in stays])
    return set(wanted) - stays


@transactional
def send_again(letter_id: int, *, to: str | None = None, by: Actor) -> None:
    """Try a failed or returned letter once more, under the same Message-ID, perhaps to a corrected address.

    Raises:
        Conflict: it is on its way, or has arrived.
        Invalid: field `to` is no address, or our own.
    """
    by.must(Permission.TICKET_ANSWER)
    row = queries.written(letter_id)
    if row is None:
        raise NotFound("letter")
    if row.state not in TROUBLED:
        raise Conflict("not_failed")
    email = row.to_email if to is None else normalised(to)
    if not email or identity.is_own_address(email):
        raise Invalid({"to": "email"})
    _wait_again(row, email, by)


def _wait_again(row: LetterOut, email: str, by: Actor) -> None:
    corrected = email != row.to_email
    if corrected:
        row.values = {**row.values, "was": [*row.values.get("was", []), row.to_email]}
    row.to_email, row.domain = email, email.rpartition("@")[2]
    row.state, row.next_at, row.created_at, row.tries = "waiting", clock.now(), clock.now(), 0
    row.values = {**row.values, "again": True}
    publish(LetterSentAgain(letter_out_id=row.id, ticket_id=row.ticket_id, corrected=corrected), by=by)


@transactional
def send_failed_again(*, by: Actor) -> int:
    """Try every letter that could not be delivered once more, many of them in steps. Returns how many."""
    by.must(Permission.LETTER_READ)
    count, last = outbox_queries.failed_up_to()
    _next_again(0, last, by)
    return count


@transactional
def go_on_again(after_id: int, last_id: int) -> None:
    """The next step of it; what failed anew since, or was sent again by somebody else, is left alone."""
    _next_again(after_id, last_id, SYSTEM)


def _next_again(after_id: int, last_id: int, by: Actor) -> None:
    rows = outbox_queries.failed(after_id, last_id, AT_ONCE)
    for row in rows:
        _wait_again(row, row.to_email, by)
    session.flush()  # two steps may share a transaction, and the second one looks again
    if rows and rows[-1].id < last_id:
        publish(FailedLettersDue(after_id=rows[-1].id, last_id=last_id), by=by)


@dataclass(frozen=True, slots=True)
class Troubled:
    """A letter that somebody must look at."""

    id: int
    to: str
    subject: str
    state: str
    answer: str
    created_at: datetime


def troubled(*, by: Actor, limit: int = 50) -> list[Troubled]:
    """Letters that failed or came back, newest first."""
    by.must(Permission.LETTER_READ)
    return [
        Troubled(row.id, row.to_email, row.subject, row.state, row.answer, row.created_at)
        for row in outbox_queries.troubled(limit)
    ]


@dataclass(frozen=True, slots=True)
class Shown:
    """A letter of ours as the letters page shows it."""

    id: int
    kind: str
    to: str
    subject: str
    text: str
    html: str
    state: str
    answer: str
    created_at: datetime
    ticket_id: int | None
    #: Where it went before somebody corrected its address, the first one first.
    before: tuple[str, ...]


def shown(letter_id: int, *, by: Actor) -> Shown:
    """One letter with both its parts, for the letters page."""
    by.must(Permission.LETTER_READ)
    row = queries.written(letter_id)
    if row is None:
        raise NotFound("letter")
    return _shown(row)


def latest(*, by: Actor, before: int | None = None, limit: int = 50, states: Sequence[str] = ()) -> list[Shown]:
    """Letters of ours, newest first, all or those in certain states, for the letters page."""
    by.must(Permission.LETTER_READ)
    return [_shown(row) for row in queries.last_out(limit, before, states)]


def _shown(row: LetterOut) -> Shown:
    parcel = parcel_of(row)
    return Shown(
        row.id, row.kind, row.to_email, row.subject, parcel.text, parcel.html, row.state, row.answer, row.created_at,
        row.ticket_id, tuple(row.values.get("was", ())),
    )  # fmt: skip


class Delivery(NamedTuple):
    """How the letter that carried a message fares: `next_at` is its next try, after `tries` others."""

    letter_id: int
    state: str
    answer: str
    to: str
    next_at: datetime
    tries: int


def delivery(message_ids: Iterable[int]) -> dict[int, Delivery]:
    """How the letter that carried each message fares, by message."""
    return {message: Delivery(*rest) for message, *rest in queries.deliveries(message_ids)}
