"""Letters out: written as rows in the transaction they tell of, sent by the worker one by one, retried, settled."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from app.kernel import clock, keys
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, NotFound
from app.kernel.transaction import publish, transactional
from app.mail import composing, identity, queries
from app.mail.events import LetterBounced
from app.mail.models import LetterOut
from app.mail.reading import Reading
from app.people import service as people
from app.tickets import links
from app.tickets import queries as tickets
from app.tickets.models import Ticket
from app.venue import service as venue

log = logging.getLogger(__name__)

#: A sender that has not settled a letter within this time is taken for dead.
LEASE = timedelta(minutes=5)
#: Minutes before each new try; later ones stay at four hours, and after five days a person must look.
RETRIES = (1, 5, 15, 30, 60, 120, 240)
GIVE_UP = timedelta(days=5)


class Refused(Exception):
    """The receiving server said no; `permanent` when asking again is useless."""

    def __init__(self, answer: str, *, permanent: bool) -> None:
        super().__init__(answer)
        self.answer = answer
        self.permanent = permanent


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A letter ready to leave: plain values for the transport."""

    sender: str
    sender_name: str
    to: str
    to_name: str
    subject: str
    text: str
    html: str
    mid: str
    reply_to: str
    references: str
    headers: dict[str, str]


class Transport(Protocol):
    """The way letters leave; a true border with a fake for tests."""

    def send(self, parcel: Parcel) -> str:
        """Hand a letter over; returns the server's answer.

        Raises:
            Refused: it was not taken.
        """

    @property
    def shows(self) -> bool:
        """Whether letters only show on the letters page instead of leaving."""


class _Way:
    """The transport the factory chose, and the address of the house on the web."""

    transport: Transport | None = None
    public_url: str = ""


def use(transport: Transport, public_url: str) -> None:
    """Choose how letters leave."""
    _Way.transport, _Way.public_url = transport, public_url


def address(path: str) -> str:
    """An address of the house on the web."""
    return _Way.public_url + path


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter to be written: its kind, whom it is for, and what fills its words."""

    kind: str
    to_person: int
    language: str
    values: dict[str, object] = field(default_factory=dict)
    ticket_id: int | None = None
    message_id: int | None = None
    automatic: bool = True


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
    session.add_all(made)
    session.flush()
    return [row.id for row in made]


def _row(letter: Letter, to: people.PersonCard, ticket: Ticket | None, before: str) -> LetterOut:
    house = venue.house()
    values = {**letter.values, "house": house.name, "phone": house.fact("phone", letter.language) or ""}
    number = nonce = None
    if ticket is not None:
        number, nonce = ticket.number, ticket.link_nonce
        values |= {"number": number, "link": address(f"/d/{links.token_of(ticket)}")}
    subject, text = composing.worded(letter.kind, letter.language, values)
    moment = clock.now()
    reply_to = identity.reply_address(keys.link_token(links.ADDRESS, nonce, 1)) if nonce else identity.own_address()
    return LetterOut(
        kind=letter.kind, ticket_id=letter.ticket_id, message_id=letter.message_id, to_email=to.email, to_name=to.name,
        language=letter.language, subject=(f"{subject} [#{number}]" if number else subject)[:255], text=text,
        values={"house": house.name}, mid=identity.new_mid(nonce), reply_to=reply_to, references=before,
        automatic=letter.automatic, state="waiting", created_at=moment, next_at=moment, tries=0, fence=0, sent_at=None,
        answer="",
    )  # fmt: skip


def send_due(*, limit: int = 50) -> int:
    """Send the letters that may leave now, each settled by itself. Returns how many were tried."""
    held = _take(limit)
    for row in held:
        _send_one(row)
    session.remove()
    return len(held)


@transactional
def _take(limit: int) -> Sequence[LetterOut]:
    moment = clock.now()
    ids = queries.due_out(moment, limit)
    if not ids:
        return []
    fence = secrets.randbits(62)
    queries.take_out(ids, fence, moment + LEASE)
    return queries.taken_out(fence)


def _send_one(row: LetterOut) -> None:
    transport = _Way.transport
    if transport is None:
        raise RuntimeError("no transport was chosen")
    try:
        answer = transport.send(_parcel(row))
    except Refused as refusal:
        _settle_refused(row.id, row.fence, row.tries, refusal.answer, permanent=refusal.permanent)
    else:
        _settle_sent(row.id, row.fence, "shown" if transport.shows else "sent", answer)


def _parcel(row: LetterOut) -> Parcel:
    house = str(row.values.get("house", ""))
    headers = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"} if row.automatic else {}
    return Parcel(
        sender=identity.own_address(), sender_name=house, to=row.to_email, to_name=row.to_name, subject=row.subject,
        text=composing.plain(row.text),
        html=composing.twin(row.text, language=row.language, house=house, title=row.subject),
        mid=row.mid, reply_to=row.reply_to, references=row.references, headers=headers,
    )  # fmt: skip


@transactional
def _settle_sent(letter_id: int, fence: int, state: str, answer: str) -> None:
    queries.settle_out(letter_id, fence, {"state": state, "sent_at": clock.now(), "answer": answer[:500]})


@transactional
def _settle_refused(letter_id: int, fence: int, tries: int, answer: str, *, permanent: bool) -> None:
    row = queries.written(letter_id)
    if row is None:
        return
    hopeless = permanent or clock.now() - row.created_at > GIVE_UP
    wait = timedelta(minutes=RETRIES[min(tries, len(RETRIES)) - 1])
    outcome = {"state": "failed"} if hopeless else {"state": "waiting", "next_at": clock.now() + wait}
    kept = queries.settle_out(letter_id, fence, {**outcome, "answer": answer[:500]})
    if kept and permanent and answer.lstrip().startswith("5"):
        people.mark_undeliverable(row.to_email, answer.split()[0])


@transactional
def note_bounce(reading: Reading) -> LetterOut | None:
    """Tie a returned letter to the one of ours that it speaks of. Returns that one, if it can be known."""
    mids = [mid for mid in (reading.bounced_mid, reading.in_reply_to, *reading.references) if mid]
    found = queries.by_mids(mids)
    row = next((found[mid] for mid in mids if mid in found), None)
    if row is None:
        return None
    status = reading.bounce_status or "5.0.0"
    row.answer = status
    if status.startswith("5"):
        row.state = "bounced"
        people.mark_undeliverable(row.to_email, status)
    publish(LetterBounced(letter_out_id=row.id, ticket_id=row.ticket_id, status=status))
    return row


@transactional
def send_again(letter_id: int, *, by: Actor) -> None:
    """Try a failed or returned letter once more, under the same Message-ID."""
    by.must(Permission.TICKET_ANSWER)
    row = queries.written(letter_id)
    if row is None:
        raise NotFound("letter")
    if row.state not in {"failed", "bounced"}:
        raise Conflict("not_failed")
    row.state, row.next_at, row.created_at, row.tries = "waiting", clock.now(), clock.now(), 0


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
    created_at: object


def shown(letter_id: int, *, by: Actor) -> Shown:
    """One letter with both its parts, for the letters page."""
    by.must(Permission.LETTER_READ)
    row = queries.written(letter_id)
    if row is None:
        raise NotFound("letter")
    return _shown(row)


def latest(*, by: Actor, before: int | None = None, limit: int = 50) -> list[Shown]:
    """Letters of ours, newest first, for the letters page."""
    by.must(Permission.LETTER_READ)
    return [_shown(row) for row in queries.last_out(limit, before)]


def _shown(row: LetterOut) -> Shown:
    parcel = _parcel(row)
    return Shown(
        row.id, row.kind, row.to_email, row.subject, parcel.text, parcel.html, row.state, row.answer, row.created_at
    )


def delivery(message_ids: Iterable[int]) -> dict[int, tuple[int, str, str]]:
    """How the letter that carried each message fares. Shape: message id to (letter id, state, answer)."""
    return queries.deliveries(message_ids)
