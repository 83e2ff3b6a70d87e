"""Fetching from mailboxes: a thread for each, so that a slow server holds up no other; a round itself is not here."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable

from flask import Flask

from app.kernel.errors import Unavailable
from app.kernel.transaction import lacks_tables, unreachable
from app.mail import collecting, fetching, mailboxes
from app.mail.calling import Cord, Trouble
from app.mail.fetching import Vanished
from app.mail.imap import PATIENCE
from app.mail.mailboxes import Duty

log = logging.getLogger(__name__)

#: Minutes to wait after a failure, the first and the following; later ones stay at the last.
WAITS = (1, 2, 4, 8, 15)
#: Seconds between two looks at which mailboxes there are.
LOOK = 3.0
#: Seconds that a fetcher has to end; one that waits for a name or a first word of a server is left behind.
GRACE = 5.0


class Fetcher:
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
        """Serve over one line for as long as it holds; returns how often that failed in a row; None once stopped."""
        self._cord = Cord()
        if self._stop.is_set():
            return 1
        try:
            with self._app.app_context():
                line = collecting.line_to(self.duty, timeout=self._patience, cord=self._cord)
            try:
                while not self._stop.is_set():
                    with self._app.app_context():
                        collecting.collect(self.duty, line, stop=self._stop)
                    line.wait(self._every, self._stop)
            finally:
                line.close()
        except Trouble as trouble:
            if self._stop.is_set():
                return 1  # it was us who cut the line
            log.warning("mailbox %s: %s", self.duty.id, trouble.code)
            with self._app.app_context():
                return fetching.failed(self.duty.id, trouble.code, trouble.words)
        return 1


class Fetchers:
    """All fetchers: one for each mailbox that is switched on, begun anew when somebody changed it."""

    def __init__(
        self, app: Flask, *, every: float, patience: float = PATIENCE, look: float = LOOK, minute: float = 60.0
    ) -> None:
        self._app, self._every, self._patience, self._look, self._minute = app, every, patience, look, minute
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="mailboxes", daemon=True)
        self._fetchers: dict[int, Fetcher] = {}

    def start(self) -> None:
        """Begin to watch which mailboxes there are."""
        self._thread.start()

    def end(self) -> None:
        """End every fetcher; what one was storing is stored or not, never half."""
        self._stop.set()
        self._thread.join(GRACE)
        self._dismiss(list(self._fetchers.values()))

    def _watch(self) -> None:
        silent = False
        while not self._stop.is_set():
            try:
                # Before the list: one that ends while it is read may be the reason why the list is old.
                ended = {mailbox_id for mailbox_id, one in self._fetchers.items() if not one.alive}
                with self._app.app_context():
                    wanted = {duty.id: duty for duty in mailboxes.duties()}
                self._arrange(wanted, ended)
                silent = False
            except Exception as problem:
                self._say(problem, again=silent)
                silent = True
            self._stop.wait(self._look)

    def _say(self, problem: Exception, *, again: bool) -> None:
        if not (unreachable(problem) or lacks_tables(problem)):
            log.exception("mailboxes cannot be listed")
        elif not again:
            log.warning("mailboxes cannot be listed: the database does not answer")

    def _arrange(self, wanted: dict[int, Duty], ended: set[int]) -> None:
        changed = [
            one
            for one in self._fetchers.values()
            if one.duty.id in ended
            or one.duty.id not in wanted
            or wanted[one.duty.id].generation != one.duty.generation
        ]
        self._dismiss(changed)
        for mailbox_id, duty in wanted.items():
            if mailbox_id not in self._fetchers:
                fetcher = Fetcher(self._app, duty, every=self._every, patience=self._patience, minute=self._minute)
                self._fetchers[mailbox_id] = fetcher
                fetcher.start()

    def _dismiss(self, fetchers: Iterable[Fetcher]) -> None:
        some = list(fetchers)
        for fetcher in some:
            fetcher.ask_to_end()
        for fetcher in some:
            fetcher.join(GRACE / max(1, len(some)))
            self._fetchers.pop(fetcher.duty.id, None)
