"""The daily balance of letters: what came is filed, held, a copy, automatic, a bounce, unreadable, slow, or waits."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as hour_of

from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.transaction import publish, transactional
from app.mail import balance_queries
from app.mail.events import LettersMissing
from app.mail.models import LetterDay
from app.venue import service as venue

log = logging.getLogger(__name__)

DAYS = 14
#: What became of letters, in the order of the table; `filed` are new requests and replies.
PARTS = ("filed", "held", "duplicate", "automatic", "bounce", "unparsed", "slow", "waiting")


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the house: how many letters came in, and how many met each fate; `over` when it has ended."""

    day: date
    fetched: int
    filed: int
    held: int
    duplicate: int
    automatic: int
    bounce: int
    unparsed: int
    slow: int
    waiting: int
    over: bool

    @property
    def accounted(self) -> int:
        """How many of them are accounted for."""
        return sum(getattr(self, part) for part in PARTS)

    @property
    def ok(self) -> bool:
        """Whether none is missing, and none of an ended day still waits."""
        return self.fetched == self.accounted and not (self.over and self.waiting)


def last_days(*, by: Actor) -> list[Day]:
    """The last fourteen days of the house, the newest first."""
    by.must(Permission.LETTER_READ)
    return _days()


def broken(*, by: Actor) -> int:
    """How many of the days checked lately do not balance."""
    return balance_queries.broken(_today() - timedelta(days=DAYS)) if by.may(Permission.LETTER_READ) else 0


@transactional
def check() -> int:
    """Check every ended day that is not known to balance; what is missing raises an alarm. Returns how many break."""
    wrong = 0
    known = balance_queries.balanced(_today() - timedelta(days=DAYS))
    for found in _days():
        if not found.over or found.day in known:
            continue
        counts = {name: getattr(found, name) for name in ("fetched", *PARTS)}
        session.merge(LetterDay(day=found.day, checked_at=clock.now(), **counts))
        if not found.ok:
            wrong += 1
            log.error("e-mails of %s: %s fetched, %s accounted for", found.day, found.fetched, found.accounted)
            publish(
                LettersMissing(day=found.day.isoformat(), fetched=found.fetched, accounted=found.accounted,
                               waiting=found.waiting)
            )  # fmt: skip
    return wrong


def _days() -> list[Day]:
    today = _today()
    days = [today - timedelta(days=back) for back in range(DAYS)]
    starts = [_start(day) for day in days]
    return [
        Day(day, **counts, over=day < today)
        for day, counts in zip(days, balance_queries.by_day(starts), strict=True)
    ]  # fmt: skip


def _today() -> date:
    return clock.now().astimezone(venue.house().tz).date()


def _start(day: date) -> datetime:
    return datetime.combine(day, hour_of(), venue.house().tz).astimezone(UTC)
