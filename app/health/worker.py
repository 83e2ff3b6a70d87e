"""Whether a worker works, by what the database knows of it: the turns of its schedule, and the work that waits."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.kernel import clock, jobs
from app.kernel.remembered import Remembered

#: The shortest turns come every second; after so long without any, nobody works.
SILENCE = timedelta(minutes=3)


def silent_since() -> datetime | None:
    """Since when no worker works; None while one does, and where none ever did and nothing waits for one."""
    since = jobs.last_turn() or jobs.waits_since()
    return since if since is not None and clock.now() - since > SILENCE else None


#: The same for pages, which may be half a minute late.
seen_silent = Remembered(silent_since, seconds=30.0)
