"""One round of one folder: what is whole there is stored, and only then taken away; may break off anywhere."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Event

from app.kernel import clock, faults
from app.kernel.transaction import transactional
from app.mail import fetching, intake
from app.mail import mailbox_queries as queries
from app.mail.calling import Trouble
from app.mail.drops import QUIET, Drop, Dropped
from app.mail.imap import HEADER_BYTES
from app.mail.intake import LETTER_BYTES, Envelope, Spot
from app.mail.mailboxes import Duty

#: Letters, and bytes, that are stored in one transaction.
LETTERS, BYTES = 50, 5 * 1024 * 1024
#: Door of letters that were left in a folder.
DOOR = "folder"


@dataclass(frozen=True, slots=True)
class Read:
    """A file and its bytes; of one that is too large only its header."""

    file: Dropped
    raw: bytes
    too_large: bool


def collect(duty: Duty, drop: Drop, *, stop: Event | None = None) -> tuple[int, int]:
    """Take in what is whole, in groups; each is stored before its files are taken away. Shape: (letters, refused).

    Raises:
        Trouble: folder, access or stranger; what was stored until then stays, the rest comes next time.
    """
    letters = refused = 0
    for group in _groups(drop.look(), drop):
        if stop is not None and stop.is_set():
            return letters, refused
        letters += take_in(duty.id, [one for one in group if not one.too_large])
        refused += take_in(duty.id, [one for one in group if one.too_large])
        faults.point("e-mail stored")
        for one in group:
            if not one.too_large:  # that one stays where it is, in sight
                drop.take_away(one.file, move=duty.after == "move")
    if drop.stranger:
        raise Trouble("stranger", drop.stranger)
    return letters, refused


def collect_once(duty: Duty) -> tuple[int, int]:
    """One round of somebody who does not stay: looks, waits until what lies there has lain still, and takes it in.

    Raises:
        Trouble: as of `collect`.
    """
    drop = Drop(duty.folder)
    drop.look()
    if drop.waits:
        Event().wait(QUIET + 0.1)
    return collect(duty, drop)


def _groups(files: Sequence[Dropped], drop: Drop) -> Iterator[list[Read]]:
    some: list[Read] = []
    weight = 0
    for file in files:
        large = file.size > LETTER_BYTES
        raw = drop.read(file, HEADER_BYTES if large else LETTER_BYTES)
        if raw is None:
            continue
        if some and (weight + len(raw) > BYTES or len(some) >= LETTERS):
            yield some
            some, weight = [], 0
        some.append(Read(file, raw, large))
        weight += len(raw)
    if some:
        yield some


@transactional
def take_in(mailbox_id: int, some: Sequence[Read]) -> int:
    """Store letters, each file once however often it is found; returns how many are new.

    A file that was stored by somebody who died before taking it away is known by its number and the moment it was
    written, together with its bytes: numbers come back.
    """
    row = fetching.held(mailbox_id)
    known = queries.at_places(row.id, [(one.file.changed_ns, one.file.inode) for one in some])
    fresh = [one for one in some if known.get(_place(one)) != hashlib.sha256(one.raw).hexdigest()]
    for one in fresh:
        spot = Spot(row.id, *(_place(one) if _place(one) not in known else (None, None)))
        envelope = Envelope(fetching.return_path(one.raw), (), DOOR, spot)
        if one.too_large:
            intake.store_refused([(one.raw, envelope)], size=one.file.size, reason="too_large")
        else:
            intake.store_letters([(one.raw, envelope)])
        known[_place(one)] = ""  # two names of one file, or one number for two files of this group
    if fresh:
        row.letter_at = clock.now()
    return len(fresh)


def _place(one: Read) -> tuple[int, int]:
    return one.file.changed_ns, one.file.inode
