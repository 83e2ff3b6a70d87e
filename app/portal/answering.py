"""When the box office answers, told from its opening hours and from what it did in the last days; no page itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from app.kernel import clock
from app.kernel.remembered import Remembered
from app.sla import promised
from app.venue import service as venue
from app.venue.hours import Span, spans

#: A usual answer that takes longer than this, in opening minutes, is called long.
LONG_MINUTES = 480

_usual = Remembered(promised.usual_first_minutes, seconds=60.0)


@dataclass(frozen=True, slots=True)
class Opening:
    """The doors of the box office now: open until when, then again when; both None when it never opens.

    `later` is the rest of an open day after a break; `next_day` is when what comes after closing is dealt with.
    """

    open_until: datetime | None
    later: Span | None
    next_day: datetime | None

    @property
    def closes_at(self) -> datetime | None:
        """The end of the day, while it lasts."""
        return self.later.end if self.later else self.open_until


@dataclass(frozen=True, slots=True)
class Usual:
    """How long a first answer has usually taken of late, rounded up; None before there is enough to tell."""

    minutes: int | None

    @property
    def long(self) -> bool:
        """Whether it takes longer than people would expect."""
        return self.minutes is not None and self.minutes > LONG_MINUTES


def opening() -> Opening:
    """The state of the doors at this moment."""
    calendar, now = venue.calendar(), clock.now()
    zone = venue.house().tz
    ahead = list(islice(spans(calendar, now), 6))
    today = [span for span in ahead if span.start.astimezone(zone).date() == now.astimezone(zone).date()]
    other = next((span.start for span in ahead if span not in today), None)
    if today and today[0].start <= now:
        return Opening(today[0].end, today[1] if len(today) > 1 else None, other)
    return Opening(None, None, today[0].start if today else other)


def usual() -> Usual:
    """The usual first answer of the last days."""
    minutes = _usual()
    return Usual(None if minutes is None else _rounded(minutes))


def _rounded(minutes: int) -> int:
    step = 10 if minutes < 60 else 30 if minutes < 240 else 60
    return max(step, -(-minutes // step) * step)
