"""Who opens the page of a credit for the first time: noted at once on a quiet day, in groups while a crowd does.

An hour after the invitations have left thousands open theirs, and most answer at once, which notes it anyway: reading
their page then makes nobody wait for the one writer of a database.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from app.cancellations import queries
from app.kernel import clock, company
from app.kernel.db import db
from app.kernel.transaction import transactional

#: What waits is written when so many do, or when the oldest has waited so long and somebody comes by.
MOST, AT_LAST = 50, timedelta(seconds=company.APART)

_lock = Lock()
_waiting: WeakKeyDictionary[Any, dict[int, datetime]] = WeakKeyDictionary()


def look(credit_id: int) -> None:
    """Note that the page of a credit was opened for the first time; reminders stop for nothing less than an answer."""
    moment = clock.now()
    quiet = company.due("page opened", 1) <= moment
    with _lock:
        waiting = _waiting.setdefault(db.engine, {})
        waiting.setdefault(credit_id, moment)
        oldest = next(iter(waiting.values()))
    if quiet or len(waiting) >= MOST or not moment - AT_LAST < oldest <= moment:
        flush()


def answered(credit_id: int) -> None:
    """It was answered, which says more: nothing is left to note."""
    with _lock:
        _waiting.get(db.engine, {}).pop(credit_id, None)


def flush() -> None:
    """Write what waits; a process that ends before leaves nothing undone but the moment itself."""
    with _lock:
        waiting = _waiting.pop(db.engine, {})
    if waiting:
        _note(waiting)


@transactional
def _note(waiting: dict[int, datetime]) -> None:
    queries.note_looked_at([{"credit": credit, "moment": moment} for credit, moment in sorted(waiting.items())])
