"""Which letters show that an address marked as undeliverable is reached again: those in, and those that stayed away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from app.kernel import clock
from app.kernel.transaction import transactional
from app.mail import authentication, outbox_queries
from app.mail.fates import MAILROOM
from app.mail.opened import Opened
from app.people import reach
from app.people.names import normalised
from app.people.reach import Sign

#: For how long a letter that was accepted may still come back: servers go on trying for five days.
CALM = timedelta(days=5)


def note_written(letters: Sequence[Opened]) -> None:
    """Letters were filed: whoever proved to have written one reads that mailbox."""
    signs = [
        Sign(
            normalised(letter.reading.from_email), letter.row.received_at,
            letter.row.ticket_id if letter.row.fate in {"ticket", "reply"} else None,
        )
        for letter in letters
        if _proves_itself(letter)
    ]  # fmt: skip
    if signs:
        reach.lift(signs, why="wrote", by=MAILROOM)


def _proves_itself(letter: Opened) -> bool:
    """Whether the author is who the letter says: anybody can write a From, and an address that is dead tempts nobody.

    Our own server vouches for the domain, or the letter joined its request by a key that only went to who takes part.
    """
    if letter.row.auth == authentication.PASS:
        return True
    keyed = letter.verdict.action == "join" and letter.verdict.ticket_id == letter.clues.proven
    return keyed and letter.row.auth != authentication.FAIL


@transactional
def lift_reached(*, limit: int = 500) -> int:
    """Lift marks of addresses that took a letter since and sent nothing back. Returns how many; a turn of schedule."""
    rows = outbox_queries.arrived_since_marked(clock.now() - CALM, limit)
    return reach.lift([Sign(*row) for row in rows], why="arrived")
