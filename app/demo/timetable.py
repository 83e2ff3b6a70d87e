"""The house's opening hours as sums over one stretch of time, so that thousands of promises are counted quickly; pure.

Says the same as `app.venue.hours`, in whole seconds, between the two ends it was made for.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import UTC, datetime, timedelta

from app.venue.hours import Calendar, spans

_MINUTE = 60


class Timetable:
    """Opening spans between two moments; moments outside are counted as closed."""

    def __init__(self, calendar: Calendar, start: datetime, end: datetime) -> None:
        self._starts: list[int] = []
        self._sums: list[int] = [0]
        for span in spans(calendar, start):
            if span.start >= end:
                break
            self._starts.append(int(span.start.timestamp()))
            self._sums.append(self._sums[-1] + int((span.end - span.start).total_seconds()))

    def add(self, moment: datetime, minutes: int) -> datetime:
        """The earliest moment when `minutes` of opening have passed since `moment`.

        Raises:
            IndexError: the stretch does not hold that many minutes.
        """
        return moment if minutes <= 0 else self._at(self._before(moment) + minutes * _MINUTE)

    def back(self, moment: datetime, minutes: int) -> datetime:
        """A moment of opening from which `minutes` of opening lead to `moment`."""
        return self._at(max(1, self._before(moment) - minutes * _MINUTE))

    def between(self, start: datetime, end: datetime) -> int:
        """Minutes of opening between two moments; 0 when `end` is not after `start`."""
        return max(0, self._before(end) - self._before(start)) // _MINUTE

    def opening(self, moment: datetime) -> datetime:
        """`moment` itself while open, else the next moment of opening."""
        return max(moment, self._at(self._before(moment) + 1) - timedelta(seconds=1))

    def _before(self, moment: datetime) -> int:
        """Seconds of opening before a moment."""
        at = int(moment.timestamp())
        place = bisect_right(self._starts, at) - 1
        if place < 0:
            return 0
        length = self._sums[place + 1] - self._sums[place]
        return self._sums[place] + min(at - self._starts[place], length)

    def _at(self, seconds: int) -> datetime:
        """The earliest moment before which there were so many seconds of opening."""
        place = bisect_left(self._sums, seconds) - 1
        return datetime.fromtimestamp(self._starts[place] + seconds - self._sums[place], UTC)
