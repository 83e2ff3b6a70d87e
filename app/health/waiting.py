"""Work and letters that need a person: jobs that failed too often, letters by what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.kernel import jobs
from app.kernel.access import Actor, Permission
from app.kernel.errors import NotFound
from app.kernel.transaction import transactional
from app.mail import queries as mail
from app.tickets import queries as tickets

#: Letters of one fate whose reasons are counted.
COUNTED = 1000


@dataclass(frozen=True, slots=True)
class FailedJob:
    """Work that failed too often: which reaction, on what kind of fact, and why the last time."""

    id: int
    name: str
    kind: str
    tries: int
    why: str


@dataclass(frozen=True, slots=True)
class Tallies:
    """How many jobs wait, and how many letters in and out stand where. Shape: fate, or state, to count."""

    waiting: int
    fates: dict[str, int]
    states: dict[str, int]


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter that arrived; the envelope's sender, and why it met its fate."""

    id: int
    at: datetime
    sender: str
    fate: str
    reason: str
    #: Number of the request it belongs to.
    number: int | None


def tallies(*, by: Actor) -> Tallies:
    """Where work and letters stand."""
    by.must(Permission.LETTER_READ)
    return Tallies(jobs.waiting(), mail.fates(), mail.states_out())


def failed(*, by: Actor) -> list[FailedJob]:
    """Jobs that wait for a person, newest first."""
    by.must(Permission.LETTER_READ)
    return [FailedJob(row.id, row.name, row.kind, row.tries, row.failed or "") for row in jobs.failed()]


def letters(fate: str, *, by: Actor) -> list[LetterLine]:
    """The last letters that met one fate, newest first."""
    by.must(Permission.LETTER_READ)
    rows = mail.with_fate(fate)
    cards = tickets.cards({row.ticket_id for row in rows if row.ticket_id})
    numbers = {key: card.number for key, card in cards.items()}
    return [
        LetterLine(row.id, row.received_at, row.envelope_from, row.fate, row.reason, numbers.get(row.ticket_id or 0))
        for row in rows
    ]


def reasons(fate: str, *, by: Actor) -> list[tuple[str, int]]:
    """Why the last thousand letters that met one fate did so. Shape: pairs (code, count), the most frequent first."""
    by.must(Permission.LETTER_READ)
    return mail.reasons(fate, COUNTED)


@transactional
def try_again(job_id: int, *, by: Actor) -> None:
    """Let a failed job run once more, from the beginning of its tries.

    Raises:
        NotFound: it did not fail, or is done.
    """
    by.must(Permission.LETTER_READ)
    if not jobs.take_up(job_id):
        raise NotFound("job")
