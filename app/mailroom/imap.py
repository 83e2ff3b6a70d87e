"""Mailboxes: each served in a thread, so that a slow server holds up no other; a round itself is not here."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable

from flask import Flask

from app.kernel.transaction import lacks_tables, unreachable
from app.mail import collecting, mailboxes
from app.mail.calling import Cord, Trouble
from app.mail.imap import PATIENCE
from app.mail.mailbox_draft import FOLDER
from app.mail.mailboxes import Duty
from app.mailroom.folders import Watcher
from app.mailroom.serving import Serving

log = logging.getLogger(__name__)

#: Seconds between two looks at which mailboxes there are.
LOOK = 3.0
#: Seconds that a fetcher has to end; one that waits for a name or a first word of a server is left behind.
GRACE = 5.0


class Fetcher(Serving):
    """Serves a mailbox on another server, over one line for as long as it holds."""

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
            return self._complain(trouble)
        return 1


class Fetchers:
    """All fetchers: one for each mailbox that is switched on, begun anew when somebody changed it."""

    def __init__(
        self, app: Flask, *, every: float, patience: float = PATIENCE, look: float = LOOK, minute: float = 60.0
    ) -> None:
        self._app, self._every, self._patience, self._look, self._minute = app, every, patience, look, minute
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="mailboxes", daemon=True)
        self._fetchers: dict[int, Serving] = {}

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
                kind = Watcher if duty.kind == FOLDER else Fetcher
                fetcher = kind(self._app, duty, every=self._every, patience=self._patience, minute=self._minute)
                self._fetchers[mailbox_id] = fetcher
                fetcher.start()

    def _dismiss(self, fetchers: Iterable[Serving]) -> None:
        some = list(fetchers)
        for fetcher in some:
            fetcher.ask_to_end()
        for fetcher in some:
            fetcher.join(GRACE / max(1, len(some)))
            self._fetchers.pop(fetcher.duty.id, None)
