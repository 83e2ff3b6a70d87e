"""The only place that asks what time it is, so that tests can stop it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from time import monotonic as monotonic


class _Frozen:
    """The moment at which time stands still, if it does."""

    moment: datetime | None = None


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _Frozen.moment or datetime.now(UTC)


@contextmanager
def frozen_at(moment: datetime) -> Iterator[None]:
    """Stop the clock of this process at `moment` (aware) for the length of a block."""
    before = _Frozen.moment
    _Frozen.moment = moment.astimezone(UTC)
    try:
        yield
    finally:
        _Frozen.moment = before


def advance(by: timedelta) -> None:
    """Move a stopped clock forward; does nothing to a running one."""
    if _Frozen.moment is not None:
        _Frozen.moment += by
