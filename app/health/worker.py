"""Whether a worker works, by what the database knows of it: the turns of its schedule, and the work that waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.kernel import clock, jobs, runs
from app.kernel.remembered import Remembered

#: The shortest turns come every second; after so long without any, nobody works.
SILENCE = timedelta(minutes=3)


def silent_since() -> datetime | None:
    """Since when no worker works; None while one does, and where none ever did and nothing waits for one."""
    since = jobs.last_turn() or jobs.waits_since()
    return since if since is not None and clock.now() - since > SILENCE else None


@dataclass(frozen=True, slots=True)
class Alarm:
    """Why nothing is sent or sorted: no worker works, or `times` of them ended by themselves, the last with `why`."""

    since: datetime
    times: int = 0
    why: str = ""


def alarm() -> Alarm | None:
    """What is wrong with the workers, one thing at a time; None while one works."""
    found = runs.loop()
    if found is not None:
        return Alarm(found.since, found.times, found.why)
    since = silent_since()
    return Alarm(since) if since else None


#: The same for pages, which may be half a minute late.
seen_alarm = Remembered(alarm, seconds=30.0)
