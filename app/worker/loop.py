"""One worker: turns of the schedule, then waiting jobs, then a short rest; it ends cleanly on a signal."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable
from datetime import timedelta
from threading import Event
from types import FrameType

from flask import Flask

from app.kernel import clock, work
from app.kernel.errors import Unavailable
from app.kernel.transaction import unreachable

log = logging.getLogger(__name__)

REST_SECONDS = 0.4

#: (name, every, verb) of work that is due by the time.
Turn = tuple[str, timedelta, Callable[[], object]]


class _Schedule:
    """The schedule page, as the factory handed it down."""

    table: tuple[Turn, ...] = ()


def follow(table: tuple[Turn, ...]) -> None:
    """Name the schedule."""
    _Schedule.table = table


def run(app: Flask, *, once: bool = False) -> None:
    """Work until a signal asks for the end; with `once`, until nothing is due, what this work caused included.

    Raises:
        RuntimeError: waiting work carries a name the wiring page does not know.
    """
    stop = Event()
    _listen(stop)
    with app.app_context():
        work.refuse_unknown_names()
    calm_since = clock.monotonic()
    while not stop.is_set():
        with app.app_context():
            busy = _turn()
        if busy:
            calm_since = clock.monotonic()
            continue
        if once and clock.monotonic() - calm_since > _shortest():
            return
        stop.wait(REST_SECONDS)


def _shortest() -> float:
    # Work done since the last turn may have left something for the next one: e-mails to send.
    return min((every.total_seconds() for _, every, _ in _Schedule.table), default=0.0)


def _turn() -> bool:
    try:
        busy = [bool(_scheduled(name, verb, every)) for name, every, verb in _Schedule.table]
        return bool(work.run_next()) or any(busy)
    except Exception as problem:
        if not (isinstance(problem, Unavailable) or unreachable(problem)):
            raise
        log.warning("the database does not answer; trying again")
        return False


def _scheduled(name: str, verb: Callable[[], object], every: timedelta) -> object:
    if not work.take_turn(name, every):
        return None
    try:
        return verb()
    except Exception as problem:
        if isinstance(problem, Unavailable) or unreachable(problem):
            raise
        log.exception("scheduled work failed: %s", name)
        return None


def _listen(stop: Event) -> None:
    def ask(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, ask)
