"""Reading within bounds of time and memory, so that a letter that hangs or swells costs seconds and never the worker.

A first reading happens here; a letter that failed before, or may have ended a worker, is tried in a process of its own.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import FrameType

from app.mail.reading import Reading
from app.mail.trial import FAULT, SWOLLEN, roomed

#: No honest letter needs a tenth of it.
SECONDS = 4.0
#: What one reading may take on top of what the process holds already.
MEMORY = 512 * 1024 * 1024
_ROOT = Path(__file__).resolve().parents[2]


class Unreadable(Exception):
    """A letter that cannot be read: `time`, `memory`, `died`, or `fault` with the name of the error."""


class _Alarm(BaseException):
    """Time is up; no handler of the reader may take it for an error of its own."""


class _Reader:
    """The module whose `read` reads letters; a test may name a poisonous one."""

    module = "app.mail.reading"


def read_by(module: str) -> None:
    """Name the module that reads."""
    _Reader.module = module


def read_within(raw: bytes, *, apart: bool = False) -> Reading:
    """Read one letter; `apart` proves first, in another process, that it can be.

    Raises:
        Unreadable: with the reason.
    """
    if apart:
        _prove(raw)
    try:
        with _timed(), roomed(MEMORY):
            reading: Reading = import_module(_Reader.module).read(raw)
    except MemoryError:
        raise Unreadable("memory") from None
    except _Alarm:
        raise Unreadable("time") from None
    except Exception as problem:
        raise Unreadable(f"fault {type(problem).__name__}") from problem
    return reading


def _prove(raw: bytes) -> None:
    asked = [sys.executable, "-m", "app.mail.trial", _Reader.module, str(MEMORY)]
    try:
        done = subprocess.run(asked, input=raw, capture_output=True, timeout=SECONDS, cwd=_ROOT, check=False)  # noqa: S603 - our own module
    except subprocess.TimeoutExpired:
        raise Unreadable("time") from None
    if done.returncode == SWOLLEN:
        raise Unreadable("memory")
    if done.returncode == FAULT:
        raise Unreadable(f"fault {done.stdout.decode('ascii', 'replace')[:100]}")
    if done.returncode:
        raise Unreadable("died")


@contextmanager
def _timed() -> Iterator[None]:
    # Only a main thread may set the alarm; the worker and the terminal read in theirs.
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _too_long)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _too_long(_signal: int, _frame: FrameType | None) -> None:
    raise _Alarm
