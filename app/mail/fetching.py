"""What is remembered of a mailbox while letters are fetched: how far, what went wrong; no server is spoken to here."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.kernel import clock
from app.kernel.db import session
from app.kernel.transaction import publish, transactional
from app.mail import fates, intake
from app.mail import mailbox_queries as queries
from app.mail.events import MailboxRenumbered, MailboxStopped
from app.mail.intake import Envelope, Spot
from app.mail.models import Mailbox

log = logging.getLogger(__name__)

#: Times that fetching may break off at one letter before it is left in sight and passed over.
STUMBLES = 5
_RETURN_PATH = re.compile(rb"^Return-Path:\s*<([^<>\s]{1,320})>", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a mailbox has been read, under the numbers its server gives now.

    `singly`: fetching broke off lately, so letters come one at a time. `hopeless` is the letter to be passed over.
    Letters up to `relisted` that are older than `since` were never meant to be taken in.
    """

    uidvalidity: int
    last_uid: int
    settled_uid: int
    relisted_uid: int
    since: datetime | None
    singly: bool
    hopeless: int


@dataclass(frozen=True, slots=True)
class Fetched:
    """A letter as its server gave it."""

    uid: int
    raw: bytes


@transactional
def met(mailbox_id: int, uidvalidity: int, last: int) -> Progress:
    """A folder was opened: where to go on. `last` is the highest number its server can have given.

    A server that counts anew is told of once, and its letters are all looked at again.
    """
    row = held(mailbox_id)
    if row.uidvalidity is None:
        row.since = clock.now()
        row.uidvalidity, row.last_uid = uidvalidity, 0 if row.take_old else last
        row.settled_uid = row.last_uid
    elif row.uidvalidity != uidvalidity or last < row.last_uid:
        log.warning("mailbox %s: its server counts anew", mailbox_id)
        queries.lost_places(mailbox_id)
        row.uidvalidity, row.last_uid, row.settled_uid, row.relisted_uid = uidvalidity, 0, 0, last
        row.stumbled_uid = row.stumbles = 0
        row.alarm, row.alarm_at = "renumbered", clock.now()
        publish(MailboxRenumbered(mailbox_id=mailbox_id), by=fates.MAILROOM)
    return Progress(
        uidvalidity, row.last_uid, row.settled_uid, row.relisted_uid, None if row.take_old else row.since,
        singly=row.stumbles > 0, hopeless=row.stumbled_uid if row.stumbles >= STUMBLES else 0,
    )  # fmt: skip


@transactional
def take_in(mailbox_id: int, uidvalidity: int, letters: Sequence[Fetched], *, up_to: int) -> int:
    """Store letters and how far one has come, as one; returns how many are new.

    What another process has taken in meanwhile is left alone, and so is what lay elsewhere before its server counted
    anew.
    """
    row = held(mailbox_id)
    if row.uidvalidity != uidvalidity:
        return 0
    fresh = _unknown(row, [letter for letter in letters if letter.uid > row.last_uid])
    if fresh:
        intake.store_letters([(letter.raw, _envelope(row, letter.uid, letter.raw)) for letter in fresh])
        row.letter_at = clock.now()
    _come_to(row, up_to)
    return len(fresh)


@transactional
def refuse(mailbox_id: int, uidvalidity: int, letter: Fetched, *, size: int, reason: str) -> None:
    """Leave a letter on its server and keep its header in sight; `reason` is too_large or unreadable."""
    row = held(mailbox_id)
    if row.uidvalidity == uidvalidity and letter.uid > row.last_uid:
        if _unknown(row, [letter]):
            envelope = _envelope(row, letter.uid, letter.raw)
            intake.store_refused([(letter.raw, envelope)], size=size, reason=reason)
        _come_to(row, letter.uid)


def _unknown(row: Mailbox, letters: Sequence[Fetched]) -> list[Fetched]:
    hashes = {letter.uid: hashlib.sha256(letter.raw).hexdigest() for letter in letters}
    known = queries.without_place(row.id, hashes.values())
    places = {known[digest].pop(0): uid for uid, digest in hashes.items() if known.get(digest)}
    queries.give_places(row.uidvalidity or 0, places)
    return [letter for letter in letters if letter.uid not in places.values()]


def _come_to(row: Mailbox, uid: int) -> None:
    row.last_uid = max(row.last_uid, uid)
    row.stumbled_uid = row.stumbles = 0


def return_path(raw: bytes) -> str:
    """The envelope's sender as the server wrote it down on delivery; empty where it did not."""
    sender = _RETURN_PATH.search(raw[:4096])
    return sender[1].decode("ascii", "replace") if sender else ""


def _envelope(row: Mailbox, uid: int, raw: bytes) -> Envelope:
    return Envelope(
        return_path(raw),
        (row.user,) if "@" in row.user else (),
        "imap",
        Spot(row.id, row.uidvalidity or 0, uid),
    )


def unsettled(mailbox_id: int) -> list[int]:
    """Letters taken in that their server has not been told of, lowest first."""
    row = queries.mailbox(mailbox_id)
    found = queries.unsettled(row.id, row.uidvalidity, row.settled_uid, row.last_uid) if row and row.uidvalidity else []
    session.rollback()
    return found


@transactional
def settle(mailbox_id: int, uidvalidity: int, uid: int) -> None:
    """Note that the server was told of the letters up to one."""
    row = held(mailbox_id)
    if row.uidvalidity == uidvalidity:
        row.settled_uid = max(row.settled_uid, uid)


@transactional
def stumbled(mailbox_id: int, uid: int) -> None:
    """Note at which letter fetching broke off."""
    row = held(mailbox_id)
    row.stumbles = row.stumbles + 1 if row.stumbled_uid == uid else 1
    row.stumbled_uid = uid


@transactional
def went_well(mailbox_id: int) -> None:
    """Note that the server was reached and everything done."""
    row = held(mailbox_id)
    row.contact_at, row.error, row.error_words, row.failures = clock.now(), "", "", 0


@transactional
def failed(mailbox_id: int, code: str, words: str) -> int | None:
    """Note what went wrong; returns how many times in a row. A refused sign-in stops the mailbox, told once: None."""
    row = held(mailbox_id)
    row.error, row.error_words, row.error_at = code, words[:500], clock.now()
    row.failures += 1
    if code == "sign_in" and row.state == "on":
        log.error("mailbox %s: its server refuses the sign-in; it is stopped", mailbox_id)
        row.state, row.alarm, row.alarm_at = "stopped", "sign_in", clock.now()
        publish(MailboxStopped(mailbox_id=mailbox_id), by=fates.MAILROOM)
    return row.failures if row.state == "on" else None


def held(mailbox_id: int) -> Mailbox:
    """One mailbox, that nobody else changes until this transaction ends.

    Raises:
        Vanished: somebody deleted it.
    """
    row = queries.held(mailbox_id)
    if row is None:
        raise Vanished(mailbox_id)
    return row


class Vanished(RuntimeError):
    """The mailbox was deleted while letters were fetched."""
