"""One worker: turns of the schedule, waiting jobs, a short rest, and threads beside; it ends cleanly on a signal."""

from __future__ import annotations

import logging
import signal
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Event, Thread
from types import FrameType

from flask import Flask

from app.kernel import clock, runs, work
from app.kernel.errors import Unavailable
from app.kernel.transaction import unreachable
from app.triage import place

log = logging.getLogger(__name__)

REST_SECONDS = 0.4
#: Threads for each verb that waits for the world outside: while one waits, the other goes on.
BESIDE = 2
#: Seconds that threads get to finish what they hold when the worker ends; longer than any e-mail may take.
LAST_SECONDS = 70.0

Verb = Callable[[], object]


class _Schedule:
    """What runs beside the rest, as the factory handed it down."""

    beside: tuple[Verb, ...] = ()


def follow(beside: tuple[Verb, ...]) -> None:
    """Name what runs beside the rest."""
    _Schedule.beside = beside


def run(app: Flask, *, once: bool = False) -> None:
    """Work until a signal asks for the end; with `once`, until nothing is due, what this work caused included.

    Raises:
        RuntimeError: waiting work carries a name the wiring page does not know.
    """
    stop = Event()
    _listen(stop)
    run_id = 0 if once else _begun(app, stop)
    try:
        with app.app_context():
            work.refuse_unknown_names()
            if not place.model_file().exists():
                log.warning("there is no triage model: rules sort alone until `flask triage train`")
        threads = [] if once else _started(app, stop)
        _work(app, stop, once=once, run_id=run_id)
    except Exception as problem:
        _remembered(app, run_id, problem)
        raise
    for thread in threads:
        thread.join(LAST_SECONDS)
    _remembered(app, run_id, None)


def _begun(app: Flask, stop: Event) -> int:
    """Begin a run; where those before it ended by themselves it waits first, so that no machine is kept busy by it."""
    with app.app_context():
        seconds = runs.brake()
        if seconds:
            log.warning("the last workers ended by themselves; this one begins in %.0f seconds", seconds)
            stop.wait(seconds)
        return runs.begin()


def _remembered(app: Flask, run_id: int, problem: Exception | None) -> None:
    """Note how a run ended, as far as the database listens: it may be the reason."""
    if not run_id:
        return
    with app.app_context(), suppress(Exception):
        if problem is None:
            runs.ended(run_id)
        else:
            runs.failed(run_id, "".join(traceback.format_exception_only(problem)).strip())


def _work(app: Flask, stop: Event, *, once: bool, run_id: int) -> None:
    calm_since = seen = clock.monotonic()
    while not stop.is_set():
        if run_id and clock.monotonic() - seen > runs.BEAT:
            seen = clock.monotonic()
            with app.app_context():
                _tried(partial(runs.beat, run_id))
        with app.app_context():
            busy = _turn()
            busy = (once and any(_tried(verb) for verb in _Schedule.beside)) or busy
        if busy:
            calm_since = clock.monotonic()
            continue
        if once and clock.monotonic() - calm_since > work.shortest_turn():
            return
        stop.wait(REST_SECONDS)


def _started(app: Flask, stop: Event) -> list[Thread]:
    threads = [Thread(target=_beside, args=(app, stop, verb), daemon=True) for verb in _Schedule.beside * BESIDE]
    for thread in threads:
        thread.start()
    return threads


def _beside(app: Flask, stop: Event, verb: Verb) -> None:
    while not stop.is_set():
        with app.app_context():
            busy = _tried(verb)
        if not busy:
            stop.wait(REST_SECONDS)


def _tried(verb: Verb) -> bool:
    try:
        return bool(verb())
    except Exception as problem:
        if isinstance(problem, Unavailable) or unreachable(problem):
            log.warning("the database does not answer; trying again")
        else:
            log.exception("work beside failed: %s", getattr(verb, "__name__", "beat"))
        return False


def _turn() -> bool:
    try:
        busy = work.take_turns()
        return bool(work.run_next()) or busy
    except Exception as problem:
        if not (isinstance(problem, Unavailable) or unreachable(problem)):
            raise
        log.warning("the database does not answer; trying again")
        return False


def _listen(stop: Event) -> None:
    def ask(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, ask)
