"""Serving one mailbox in a thread of its own: begun, ended, tried again ever later; what is done there is not here."""

from __future__ import annotations

import logging
import threading

from flask import Flask

from app.kernel.errors import Unavailable
from app.mail import fetching
from app.mail.calling import Cord, Trouble
from app.mail.fetching import Vanished
from app.mail.mailboxes import Duty

log = logging.getLogger(__name__)

#: Minutes to wait after a failure, the first and the following; later ones stay at the last.
WAITS = (1, 2, 4, 8, 15)


class Serving:
    """Serves one mailbox in a thread of its own until it is ended."""

    def __init__(self, app: Flask, duty: Duty, *, every: float, patience: float, minute: float) -> None:
        self.duty = duty
        self._app, self._every, self._patience, self._minute = app, every, patience, minute
        self._stop = threading.Event()
        self._cord = Cord()
        self._thread = threading.Thread(target=self._serve, name=f"mailbox-{duty.id}", daemon=True)

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def ask_to_end(self) -> None:
        """Let it end: it takes nothing more, and wakes up if it waits for its server."""
        self._stop.set()
        self._cord.pull()

    def join(self, seconds: float) -> None:
        """Wait until it has ended, for so long."""
        self._thread.join(seconds)

    @property
    def alive(self) -> bool:
        """Whether it still serves."""
        return self._thread.is_alive()

    def _serve(self) -> None:
        while not self._stop.is_set():
            failures: int | None
            try:
                failures = self._visit()
            except Vanished:
                return
            except Unavailable:
                failures = 1
                log.warning("the database does not answer; mailbox %s waits", self.duty.id)
            except Exception:
                failures = 1
                log.exception("mailbox %s could not be served", self.duty.id)
            if failures is None:
                return
            self._stop.wait(WAITS[min(failures, len(WAITS)) - 1] * self._minute)

    def _visit(self) -> int | None:
        """Serve for as long as nothing is in the way; returns how often that failed in a row; None once stopped."""
        raise NotImplementedError

    def _complain(self, trouble: Trouble) -> int | None:
        log.warning("mailbox %s: %s", self.duty.id, trouble.code)
        with self._app.app_context():
            return fetching.failed(self.duty.id, trouble.code, trouble.words)
