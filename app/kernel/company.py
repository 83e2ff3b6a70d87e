"""Work that comes thick but one by one waits some seconds for company: a group costs hardly more than one of it.

On a quiet day nothing waits. Each process counts what it causes itself; the worker needs to know nothing of it.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from app.kernel import clock
from app.kernel.db import db

#: It comes thick when more than so many came within a minute.
BUSY, MINUTE = 30, timedelta(minutes=1)
#: So many at once are company enough for each other.
ENOUGH = 50
#: Seconds between two moments at which what gathered falls due.
APART = 20


@dataclass(slots=True)
class _Met:
    """What came of one kind within the last minute. Shape of `moments`: pairs (when, how many), oldest first."""

    moments: deque[tuple[datetime, int]] = field(default_factory=deque)
    total: int = 0

    def note(self, moment: datetime, count: int) -> int:
        """Count more of it; returns how many came within the last minute."""
        while self.moments and not moment - MINUTE < self.moments[0][0] <= moment:
            self.total -= self.moments.popleft()[1]
        self.moments.append((moment, count))
        self.total += count
        return self.total


_lock = Lock()
_met: WeakKeyDictionary[Any, defaultdict[str, _Met]] = WeakKeyDictionary()


def due(name: str, count: int) -> datetime:
    """When work that is caused now is to be done: at once, or with what comes within the next seconds."""
    now = clock.now()
    with _lock:
        lately = _met.setdefault(db.engine, defaultdict(_Met))[name].note(now, count)
    if lately <= BUSY or count >= ENOUGH:
        return now
    seconds = int(now.timestamp())
    return datetime.fromtimestamp(seconds - seconds % APART + APART, UTC)
