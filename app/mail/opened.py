"""Stored letters opened: read within bounds, tried again later when that fails, put in sight after the third time.

Where a letter belongs is decided elsewhere.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from app.kernel import clock, jobs
from app.kernel.transaction import transactional
from app.mail import bounds, identity, queries
from app.mail.events import LetterStored
from app.mail.fates import meet, raw_of
from app.mail.models import LetterIn
from app.mail.reading import GENERATED_HOST, Reading
from app.mail.threading import Clues, Verdict
from app.people.names import normalised

log = logging.getLogger(__name__)

#: The reaction that files letters, as waiting work names it.
FILING = "mail.file_letters"
#: Failed readings after which a letter waits for a person.
TRIES = 3
#: How long after each failure it is tried again.
AGAIN = (timedelta(minutes=1), timedelta(minutes=5))
#: Reading longer than this holds up everybody who writes to the database: the rest of a group takes its next turn.
GROUP_SECONDS = 6.0


@dataclass(slots=True)
class Opened:
    """A letter being filed: its row, what it says, what it is known by, who wrote it, where it points.

    `author` is the address of whoever wrote it as people are known by; empty when nobody could be answered.
    """

    row: LetterIn
    reading: Reading
    content_key: str
    author: str = ""
    person_id: int | None = None
    clues: Clues = field(default_factory=Clues)
    verdict: Verdict = field(default_factory=lambda: Verdict("open"))

    @property
    def recipients(self) -> list[str]:
        """Everybody it was sent to, as it says and as the delivering server said."""
        return [*self.reading.to, *self.reading.cc, *self.row.envelope_to.split()]


def opened(rows: Sequence[LetterIn]) -> list[Opened]:
    """The letters that can be read, people's before robots'; inside a verb only."""
    until, letters, left = clock.monotonic() + GROUP_SECONDS, [], []
    for place, row in enumerate(rows):
        if place and clock.monotonic() > until:
            left.append(row.id)
        elif letter := _opened(row, apart=row.tries > 0 or (len(rows) == 1 and _is_late(row))):
            letters.append(letter)
    try_later(left, timedelta())
    return sorted(letters, key=lambda letter: letter.reading.is_auto_reply)


def _is_late(row: LetterIn) -> bool:
    # Work that ended its worker comes back alone once its lease is over: what was read then may have been the reason.
    return clock.now() - row.received_at >= jobs.LEASE


def _opened(row: LetterIn, *, apart: bool) -> Opened | None:
    try:
        raw = raw_of(row)
        reading = bounds.read_within(raw, apart=apart)
    except Exception as problem:
        reason = str(problem) if isinstance(problem, bounds.Unreadable) else f"fault {type(problem).__name__}"
        log.warning("letter %s cannot be read: %s", row.id, reason, exc_info=problem.__cause__)
        _failed(row, reason)
        return None
    return Opened(row, reading, content_key(reading, raw), author_of(row, reading))


def author_of(row: LetterIn, reading: Reading) -> str:
    """The first address of a letter to which one could write, its envelope's the last; empty without any."""
    envelope = () if reading.carried else (row.envelope_from,)  # a list's own would be everybody's
    for email in (*reading.writers, *envelope):
        known = normalised(email)
        if known and not identity.is_own_address(known):
            return known
    return ""


def _failed(row: LetterIn, reason: str) -> None:
    row.tries += 1
    if row.fate == "unparsed" or row.tries >= TRIES:
        meet(row, "unparsed", reason=reason)
        return
    row.reason = reason
    try_later([row.id], AGAIN[row.tries - 1])


def try_later(letter_ids: Iterable[int], wait: timedelta) -> None:
    """Leave the filing of letters for later; inside a verb only."""
    work = [(LetterStored.__name__, LetterStored(letter_id=key).values()) for key in letter_ids]
    if work:
        jobs.enqueue(FILING, work, run_at=clock.now() + wait)


def content_key(reading: Reading, raw: bytes) -> str:
    """What makes a letter the same letter: its own Message-ID, author and body, not the way it travelled."""
    body = raw.partition(b"\r\n\r\n")[2] or raw.partition(b"\n\n")[2]
    digest = hashlib.sha256(b"\n".join(body.splitlines()))
    own = reading.message_id
    if own.endswith(GENERATED_HOST) and reading.date and reading.from_email:
        own = reading.date.isoformat()  # the id was made of all its bytes, the trace of its way among them
    digest.update("\x00".join((own, reading.from_email, reading.subject)).encode("utf-8", "replace"))
    return digest.hexdigest()


@transactional
def give_up_dead() -> int:
    """Show letters whose filing was given up, such as those that ended their worker each time. Returns how many."""
    lost = {int(data["letter_id"]): why for data, why in jobs.take_off(FILING)}
    for row in queries.letters(lost):
        if row.fate == "waiting":
            row.tries += 1
            meet(row, "unparsed", reason="died" if lost[row.id] == jobs.DIED else f"fault {_name(lost[row.id])}")
    return len(lost)


def _name(failure: str) -> str:
    # Only the name of the error: its text may repeat what somebody wrote.
    return failure.partition(":")[0].rpartition(".")[2][:100]
