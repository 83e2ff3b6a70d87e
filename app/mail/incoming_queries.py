"""Questions about letters that arrived and wait for a person, and about what became of those of each day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, LargeBinary, Select, bindparam, func, literal_column, select

from app.kernel.db import session
from app.kernel.queries import fixed, read
from app.mail.models import LetterIn, LetterOut, Mailbox

#: Compressed bytes in which the first header lines of a letter surely stand.
BEGINNING = 16_384

# Built once by each process: every page of a request that came by letter asks this.
_FILINGS = select(
    LetterIn.id, LetterIn.fate, LetterIn.reason, LetterIn.auth, LetterIn.answers_id, LetterIn.envelope_from
).where(LetterIn.id.in_(bindparam("letters", expanding=True)))


@dataclass(frozen=True, slots=True)
class Sight:
    """Whose letters somebody sees: those of mailboxes of some departments; those of no mailbox belong to `default`."""

    departments: frozenset[int]
    default: int

    def has(self, department_id: int | None) -> bool:
        """Whether letters of this department, or of none, are among them."""
        return (department_id or self.default) in self.departments


def within(sight: Sight) -> ColumnElement[bool]:
    """What makes a letter one of those somebody sees."""
    mine = LetterIn.mailbox_id.in_(select(Mailbox.id).where(Mailbox.department_id.in_(fixed(sight.departments))))
    return mine | LetterIn.mailbox_id.is_(None) if sight.has(None) else mine


def unparsed(sight: Sight, *, aside: bool, limit: int, before: int | None = None) -> Sequence[LetterIn]:
    """Letters that could not be read, newest first, with their bytes: what can be seen of each is shown."""
    query = select(LetterIn).where(LetterIn.fate == "unparsed", within(sight))
    query = query.where(LetterIn.aside_at.is_not(None) if aside else LetterIn.aside_at.is_(None))
    query = query if before is None else query.where(LetterIn.id < before)
    return session.scalars(query.order_by(LetterIn.id.desc()).limit(limit)).all()


class Beginning(NamedTuple):
    """A letter without its bytes but the first of them, still compressed."""

    id: int
    at: datetime
    size: int
    envelope_from: str
    fate: str
    reason: str
    ticket_id: int | None
    beginning: bytes


def of_machines(sight: Sight, fate: str, *, limit: int, before: int | None = None) -> Sequence[Beginning]:
    """Letters taken for those of machines, automatic ones or returns, newest first."""
    query = select(
        LetterIn.id, LetterIn.received_at, LetterIn.size, LetterIn.envelope_from, LetterIn.fate, LetterIn.reason,
        LetterIn.ticket_id, func.substr(LetterIn.raw, 1, BEGINNING, type_=LargeBinary),
    ).where(LetterIn.fate == fate, within(sight))  # fmt: skip
    query = query if before is None else query.where(LetterIn.id < before)
    return [Beginning(*row) for row in session.execute(query.order_by(LetterIn.id.desc()).limit(limit))]


class Waiting(NamedTuple):
    """How many letters wait for somebody: those that could not be read, those of the slow lane."""

    unparsed: int = 0
    slow: int = 0


def waiting(sight: Sight) -> Waiting:
    """How many letters wait for a person."""
    return Waiting(*read(_waiting(sight)).one())


@lru_cache(maxsize=64)  # every page of the queue asks it
def _waiting(sight: Sight) -> Select[int, int]:
    # The fates are written out, so that SQLite takes the index that holds the slow ones alone.
    each = [LetterIn.fate == literal_column(f"'{fate}'") for fate in ("unparsed", "slow")]
    mine = LetterIn.aside_at.is_(None), within(sight)
    unread, slow = (
        select(func.count()).select_from(LetterIn).where(fate, *mine).scalar_subquery() for fate in each
    )  # fmt: skip
    return select(unread, slow)


def to_change(letter_id: int) -> LetterIn | None:
    """One letter as it stands now, held until the transaction ends."""
    return session.get(LetterIn, letter_id, with_for_update=True, populate_existing=True)


@dataclass(frozen=True, slots=True)
class Filing:
    """Why a letter was filed where it is."""

    letter_id: int
    fate: str
    reason: str
    auth: str
    answers_id: int | None
    envelope_from: str


def filings(letter_ids: Iterable[int]) -> dict[int, Filing]:
    """Why letters were filed where they are, by letter."""
    return {row[0]: Filing(*row) for row in read(_FILINGS, {"letters": list(letter_ids)})}


def ids_to_reparse(*, unparsed_only: bool, since: datetime | None) -> list[int]:
    """Letters that may be read again, oldest first: those that could not be, or those shown to somebody."""
    fates = ("unparsed",) if unparsed_only else ("unparsed", "ticket", "reply", "held")
    query = select(LetterIn.id).where(LetterIn.fate.in_(fates)).order_by(LetterIn.id)
    query = query if since is None else query.where(LetterIn.received_at >= since)
    return list(session.scalars(query))


def written_at(letter_out_id: int) -> datetime | None:
    """When a letter of ours was written."""
    return session.scalar(select(LetterOut.created_at).where(LetterOut.id == letter_out_id))
