"""Sending: letters taken with a lease, handed over one by one outside any transaction, each settled by itself."""

from __future__ import annotations

import logging
import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from app.kernel import clock, faults
from app.kernel.db import session
from app.kernel.transaction import publish, transactional, unreachable
from app.mail import composing, identity, pacing, refusals, stoppage, way
from app.mail import outbox_queries as queries
from app.mail import queries as letters
from app.mail.events import LetterRefused
from app.mail.models import LetterOut, Pace
from app.mail.outbox_queries import Due
from app.mail.parcels import Parcel, Refused, Stopped
from app.mail.refusals import status_of
from app.people import reach
from app.people import service as people
from app.tickets.files import StoredFile

log = logging.getLogger(__name__)

#: A sender that has not settled a letter within this time is taken for dead.
LEASE = timedelta(minutes=5)
#: Letters taken at once: so many wait at most behind one whose server hangs, while other senders go on.
BATCH = 25
#: Seconds after which a sender takes no further letter of its batch up, well before its lease ends.
BATCH_SECONDS = 150.0
#: Seconds after which a sender gives the worker back, however many letters wait.
TURN_SECONDS = 5.0
#: Minutes before each new try; later ones stay at four hours, and after five days a person must look.
RETRIES = (1, 5, 15, 30, 60, 120, 240)
GIVE_UP = timedelta(days=5)
#: One place in so many is left for what waits longest, so that the last rank leaves too while codes keep coming.
AGED = 5
#: For how long a domain is left alone after a letter to it hung.
BRAKE = timedelta(minutes=1)
#: Letters in a row that hung, after which it is the server that hangs.
HANGING = 2


@dataclass(frozen=True, slots=True)
class _Held:
    """A letter in the hands of a sender, as plain values: rows would not outlive a transaction that fails."""

    id: int
    domain: str
    tries: int
    parcel: Parcel
    #: Sent once more by hand: when it is taken, its address is reached again.
    again: bool = False


@dataclass(slots=True)
class _Batch:
    """Letters held by one sender; on trial when all is stopped and one is tried nevertheless."""

    letters: Sequence[_Held]
    fence: int
    trial: bool
    until: float
    hung: int = 0
    slow: set[str] = field(default_factory=set)


def send_due(*, limit: int = BATCH) -> int:
    """Send the letters that may leave now, each settled by itself. Returns how many were tried."""
    end, tried = clock.monotonic() + TURN_SECONDS, 0
    try:
        while _anything_due() and (batch := _take(limit)) is not None:
            tried += _send(batch)
            if batch.trial or clock.monotonic() > end:
                break
    finally:
        session.remove()
        way.transport().rest()
    return tried


def _anything_due() -> bool:
    """Asked before anything is written, so that an idle sender, or a stopped one, writes nothing."""
    moment, alarm = clock.now(), stoppage.alarm()
    due = (alarm is None or alarm.next_at <= moment) and queries.any_due(moment)
    session.rollback()
    return due


@transactional
def _take(limit: int) -> _Batch | None:
    moment = clock.now()
    trial = stoppage.on_trial(moment)
    if trial is False:
        return None
    places = 1 if trial else limit
    waiting = queries.due(moment, places, _braked(moment), aged=places // AGED)
    chosen = _paced(_in_turn(waiting), moment)
    if not chosen:
        return None
    fence = secrets.randbits(62)
    queries.take([row.id for row in chosen], fence, moment + LEASE)
    held = [
        _Held(row.id, row.domain, row.tries, parcel_of(row), bool(row.values.get("again")))
        for row in queries.taken(fence)
    ]
    return _Batch(held, fence, bool(trial), clock.monotonic() + BATCH_SECONDS)


def _braked(moment: datetime) -> list[str]:
    lately = queries.paces_after(moment)
    return [name for name, free in lately.items() if not pacing.allowed(way.pace_of(name), free, moment, 1)[0]]


def _in_turn(rows: Sequence[Due]) -> list[Due]:
    """The order in which letters ask for the room of their domain: by rank, one time in some by age alone."""
    # By lot: what came round regularly could forever fall on moments at which a domain has no room.
    by_age = secrets.randbelow(AGED) == 0
    return sorted(rows, key=lambda one: (0 if by_age else one.rank, one.next_at, one.id))


def _paced(rows: Sequence[Due], moment: datetime) -> list[Due]:
    """As many as each domain takes now; the others are left where they are."""
    wanted = Counter(row.domain for row in rows if way.pace_of(row.domain) is not None)
    there = queries.paces_of(wanted) if wanted else {}
    room: dict[str, int] = {}
    for domain, count in wanted.items():
        row = there.get(domain)
        room[domain], free_at = pacing.allowed(way.pace_of(domain), row.free_at if row else None, moment, count)
        _note_pace(domain, row, free_at)
    chosen = []
    for letter in rows:
        left = room.get(letter.domain, 1)
        if left > 0:
            chosen.append(letter)
            room.update({letter.domain: left - 1} if letter.domain in room else {})
    return chosen


def _note_pace(domain: str, row: Pace | None, free_at: datetime) -> None:
    if row is None:
        session.add(Pace(domain=domain, free_at=free_at))
    else:
        row.free_at = free_at


def _send(batch: _Batch) -> int:
    tried = 0
    for place, row in enumerate(batch.letters):
        if clock.monotonic() > batch.until:
            _give_back(batch, batch.letters[place:])
            break
        if row.domain in batch.slow:
            _give_back(batch, [row])
            continue
        tried += 1
        try:
            _send_one(row, batch)
        except Stopped as stopped:
            _stop(batch, batch.letters[place:], stopped.kind, stopped.answer)
            break
        if batch.hung >= (1 if batch.trial else HANGING):
            _stop(batch, batch.letters[place + 1 :], "down", "the server went silent")
            break
    return tried


def _send_one(row: _Held, batch: _Batch) -> None:
    faults.point("e-mail taken")
    try:
        answer = way.transport().send(row.parcel)
    except Refused as refusal:
        batch.hung = batch.hung + 1 if refusal.hung else 0
        batch.slow |= {row.domain} if refusal.hung else set()
        _settled(partial(_settle_refused, row.id, batch, row.tries, refusal))
    else:
        batch.hung = 0
        faults.point("e-mail sent")
        state = "shown" if way.transport().shows else "sent"
        _settled(partial(_settle_sent, row, batch, state, answer))


def _settled(settle: Callable[[], None]) -> None:
    """Record an outcome; a database that stumbles is asked again, for what left must not leave twice."""
    for last in (False, False, True):
        try:
            settle()
        except Exception as problem:
            if last or not unreachable(problem):
                raise
            session.remove()
        else:
            return


def parcel_of(row: LetterOut) -> Parcel:
    """The letter as it leaves."""
    house = str(row.values.get("house", ""))
    # Whatever we write, no machine may answer it with a machine's words.
    headers = {"X-Auto-Response-Suppress": "All"}
    if row.automatic:
        headers["Auto-Submitted"] = "auto-generated"
    if leave := str(row.values.get("leave", "")):
        # A mail program may offer its own button for it, which presses ours.
        headers |= {"List-Unsubscribe": f"<{leave}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return Parcel(
        envelope=identity.return_address(row.id), sender=identity.own_address(), sender_name=house, to=row.to_email,
        to_name=row.to_name, subject=row.subject, text=composing.plain(row.text),
        html=composing.twin(row.text, language=row.language, house=house, title=row.subject),
        mid=row.mid, reply_to=row.reply_to, references=row.references, headers=headers,
        files=tuple(StoredFile(**file) for file in row.values.get("files", ())),
    )  # fmt: skip


@transactional
def _settle_sent(held: _Held, batch: _Batch, state: str, answer: str) -> None:
    moment = clock.now()
    kept = queries.settle_left(held.id, batch.fence, state=state, at=moment, answer=answer[:500])
    if kept and held.again and (row := letters.written(held.id)) is not None:
        reach.lift([reach.Sign(row.to_email, moment, row.ticket_id)], why="again")
    if batch.trial:
        stoppage.lift()


@transactional
def _settle_refused(letter_id: int, batch: _Batch, tries: int, refusal: Refused) -> None:
    row = letters.written(letter_id)
    if row is None:
        return
    outcome = _after(row.created_at, tries, clock.now(), permanent=refusal.permanent)
    kept = queries.settle(
        letter_id, batch.fence, {**outcome, "answer": refusals.noted(row.answer, refusal.answer)[:500]}
    )
    if kept and outcome["state"] == "failed" and row.message_id is not None:
        publish(LetterRefused(letter_out_id=row.id, ticket_id=row.ticket_id, message_id=row.message_id))
    if kept and refusal.unknown:
        people.mark_undeliverable(row.to_email, status_of(refusal.answer))
    if refusal.hung:
        _brake(row.domain)
    elif batch.trial:
        stoppage.lift()


def _after(written_at: datetime, tries: int, moment: datetime, *, permanent: bool) -> dict[str, object]:
    """Where a letter stands after a refusal: given up for good, or waiting for its next try."""
    end = written_at + GIVE_UP
    if permanent or moment >= end:
        return {"state": "failed"}
    wait = timedelta(minutes=RETRIES[min(tries, len(RETRIES)) - 1])
    return {"state": "waiting", "next_at": min(moment + wait, end)}


def _brake(domain: str) -> None:
    """Leave a domain alone for a while: the next letter to it would hang as well, and hold up all others."""
    _note_pace(domain, queries.paces_of([domain]).get(domain), clock.now() + BRAKE + pacing.AT_ONCE)


@transactional
def _give_back(batch: _Batch, rows: Sequence[_Held]) -> None:
    queries.give_back([row.id for row in rows], batch.fence, clock.now())


@transactional
def _stop(batch: _Batch, rows: Sequence[_Held], kind: str, answer: str) -> None:
    """Stop everything; the letters not handed over wait as if they had never been taken."""
    queries.give_back([row.id for row in rows], batch.fence, clock.now())
    stoppage.stop(kind, answer)
