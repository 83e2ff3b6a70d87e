"""Visits of the help pages: kept a moment in memory, written in groups, known only for a day."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from threading import Lock

from app.insight import ledger_queries, queries
from app.insight.access import today
from app.insight.models import Visit, VisitDay
from app.kernel import clock, keys
from app.kernel.access import Actor, Permission
from app.kernel.transaction import transactional

#: Visits are written when so many visitors wait, or when the oldest has waited so many seconds.
VISITORS, SECONDS = 200, 20.0
#: Beyond so many the database cannot be reached; new ones are let go rather than remembered.
MOST = 20_000


class Deed(StrEnum):
    """What a visitor did."""

    SEARCHED = "searched"
    READ = "read"
    ASKED = "asked"
    SATISFIED = "satisfied"


@dataclass(frozen=True, slots=True)
class Seen:
    """What one visitor did on one day."""

    day: date
    visitor: str
    deeds: frozenset[Deed]


class Buffer:
    """Visits that wait to be written; shared by the threads of a process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._deeds: dict[tuple[date, str], set[Deed]] = {}
        self._since = 0.0

    def note(self, day: date, visitor: str, deed: Deed) -> None:
        """Keep one deed."""
        with self._lock:
            if not self._deeds:
                self._since = clock.monotonic()
            if (day, visitor) in self._deeds or len(self._deeds) < MOST:
                self._deeds.setdefault((day, visitor), set()).add(deed)

    @property
    def due(self) -> bool:
        """Whether it is time to write."""
        with self._lock:
            waited = clock.monotonic() - self._since
            return len(self._deeds) >= VISITORS or (bool(self._deeds) and waited >= SECONDS)

    def taken(self) -> list[Seen]:
        """Everything that waits; the buffer is empty afterwards."""
        with self._lock:
            deeds, self._deeds = self._deeds, {}
        return [Seen(day, visitor, frozenset(some)) for (day, visitor), some in sorted(deeds.items())]


_buffer = Buffer()


def visitor_hash(address: str, browser: str) -> str:
    """A visitor for the length of one day of the house: the key changes at midnight, and nobody is known again."""
    key = keys.derived(f"visit:{today().isoformat()}")
    return hmac.new(key, f"{address}\n{browser}".encode(), hashlib.sha256).hexdigest()[:32]


def note(visitor: str, deed: Deed) -> None:
    """Remember that a visitor searched, read, asked or was satisfied; costs no statement."""
    _buffer.note(today(), visitor, deed)


def flush(*, only_when_due: bool = False) -> int:
    """Write what waits. Returns how many visitors were written; what a broken database refuses is let go."""
    if only_when_due and not _buffer.due:
        return 0
    seen = _buffer.taken()
    if seen:
        record_visits(seen)
    return len(seen)


@transactional
def record_visits(seen: Iterable[Seen]) -> None:
    """Count visits; the same visitor of the same day counts once, however often and by whichever process."""
    by_day: dict[date, dict[str, frozenset[Deed]]] = {}
    for one in seen:
        there = by_day.setdefault(one.day, {})
        there[one.visitor] = there.get(one.visitor, frozenset()) | one.deeds
    for day, visitors in sorted(by_day.items()):
        _record_day(day, visitors)
    if by_day:
        ledger_queries.forget_visits(max(by_day))


def _record_day(day: date, visitors: Mapping[str, frozenset[Deed]]) -> None:
    # Writing the day's row first makes other processes wait, so that nobody counts a visitor twice.
    ledger_queries.add(VisitDay, [_sums(day, Counter())])
    before = {key: _deeds(row) for key, row in ledger_queries.visits(day, visitors).items()}
    after = {key: before.get(key, frozenset()) | deeds for key, deeds in visitors.items()}
    moved: Counter[str] = Counter()
    for key, deeds in after.items():
        moved.update(_worth(deeds))
        moved.subtract(_worth(before.get(key, frozenset())))
    ledger_queries.put(Visit, [
        {"day": day, "visitor": key, **{deed.value: deed in deeds for deed in Deed}} for key, deeds in after.items()
    ])  # fmt: skip
    ledger_queries.add(VisitDay, [_sums(day, moved)])


def _deeds(row: Visit) -> frozenset[Deed]:
    return frozenset(deed for deed in Deed if getattr(row, deed.value))


def _worth(deeds: frozenset[Deed]) -> Counter[str]:
    looked = bool(deeds & {Deed.SEARCHED, Deed.READ})
    return Counter(
        visitors=int(looked), alone=int(looked and Deed.ASKED not in deeds), searched=int(Deed.SEARCHED in deeds),
        read=int(Deed.READ in deeds), satisfied=int(Deed.SATISFIED in deeds),
    )  # fmt: skip


def _sums(day: date, moved: Counter[str]) -> dict[str, object]:
    return {"day": day, **{name: moved[name] for name in ("visitors", "alone", "searched", "read", "satisfied")}}


def lately(days: int, *, by: Actor) -> Counter[str]:
    """Visits of the help pages in the last days, for who writes them. Shape: counts of `visitors` and `alone`."""
    by.must(Permission.ARTICLE_EDIT)
    last = today()
    return sum(queries.visits(last - timedelta(days=days - 1), last).values(), Counter())
