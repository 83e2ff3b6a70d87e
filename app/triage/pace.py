"""How thick requests come: in a storm only words are weighed, and nobody asks what each message means."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final
from weakref import WeakKeyDictionary

from app.kernel import clock
from app.kernel.db import db

#: Requests sorted together from which they are a storm.
TOGETHER: Final = 20
#: The same where they come one by one: so many within so long.
LATELY: Final = timedelta(minutes=10)
THICK: Final = 40

_lock = Lock()
#: By database, so that houses of one process do not hurry each other. Shape: pairs (when, how many), oldest first.
_sorted: WeakKeyDictionary[Any, deque[tuple[datetime, int]]] = WeakKeyDictionary()


def hurried(count: int) -> bool:
    """Whether so many came together, or within the last minutes, that only words are weighed; counts these among them.

    Each worker counts what it sorts itself: two of them hurry a little later, and nothing is asked of the database.
    """
    now = clock.now()
    with _lock:
        seen = _sorted.setdefault(db.engine, deque())
        while seen and not now - LATELY < seen[0][0] <= now:
            seen.popleft()
        seen.append((now, count))
        return count > TOGETHER or sum(some for _at, some in seen) > THICK
