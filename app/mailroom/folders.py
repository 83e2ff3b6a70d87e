"""Watching folders in which other programs leave letters: a thread for each; a round itself is not here."""

from __future__ import annotations

from app.kernel import clock
from app.mail import dropping, fetching
from app.mail.calling import Trouble
from app.mail.drops import Drop
from app.mailroom.serving import Serving

#: Seconds between two looks into a folder.
LOOK = 1.0


class Watcher(Serving):
    """Serves one folder in a thread of its own until it is ended."""

    def _visit(self) -> int | None:
        drop, told = Drop(self.duty.folder), 0.0
        try:
            while not self._stop.is_set():
                with self._app.app_context():
                    letters, refused = dropping.collect(self.duty, drop, stop=self._stop)
                    if letters or refused or not told or clock.monotonic() - told > self._every:
                        fetching.went_well(self.duty.id)
                        told = clock.monotonic()
                self._stop.wait(min(LOOK, self._every))
        except Trouble as trouble:
            return self._complain(trouble)
        return 1
