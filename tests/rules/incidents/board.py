"""A house without a database: arrivals counted as the product counts them, and looked at as it looks."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from app.incidents import detection
from app.incidents.counting import Counted, tally
from app.incidents.detection import ALL, WINDOWS, Alarm, Key, Seen

START = datetime(2026, 9, 7, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Letter:
    """One that came in; `at` in minutes after the start."""

    at: float
    person: int
    type: str = "practical_info"
    causes: tuple[str, ...] = ()
    performance: int | None = None
    production: int | None = None
    domain: str = "gmail.com"


@dataclass
class Board:
    """Counts by thing and minute, and what was noticed. `begins` are beginnings of performances, in minutes."""

    begins: dict[int, float] = field(default_factory=dict)
    counts: dict[Key, dict[int, list[int]]] = field(default_factory=lambda: defaultdict(dict))
    minutes: dict[Key, list[int]] = field(default_factory=lambda: defaultdict(list))
    works: dict[str, str] = field(default_factory=dict)
    last: dict[int, float] = field(default_factory=dict)
    noticed: list[tuple[float, int, Alarm]] = field(default_factory=list)
    letters: int = 0

    def take(self, group: Iterable[Letter]) -> None:
        """Count a group of letters and look."""
        now = 0.0
        counted = []
        for one in group:
            self.letters += 1
            self.works[str(one.performance)] = str(one.production)
            newcomer = self.last.get(one.person, -1e9) < one.at - max(WINDOWS)
            self.last[one.person] = now = one.at
            at = START + timedelta(minutes=one.at)
            counted.append(
                Counted(one.person, at, one.type, one.causes, one.performance, one.production, one.domain, newcomer)
            )
        for key, minute, people, troubled in tally(counted):
            cell = self.counts[key].get(minute)
            if cell is None:
                cell = self.counts[key][minute] = [0, 0]
                insort(self.minutes[key], minute)
            cell[0] += people
            cell[1] += troubled
        self.look(now)

    def look(self, now: float) -> None:
        minute = int((START + timedelta(minutes=now)).timestamp()) // 60
        seen = {key: self._seen(key, minute) for key in self._fresh(minute)}
        if ALL not in seen:
            return
        found = []
        known = {alarm.key for _, _, alarm in self.noticed}
        explained = detection.explained([seen.get(key) for key in known], seen.values())
        known |= {("production", self.works.get(key[1], "")) for key in known}
        for one in detection.candidates(seen.values(), explained):
            if one.key not in known:
                found.append(self._alarm(one, minute, now, seen[ALL], explained))
        for alarm in detection.worth_telling(one for one in found if one is not None):
            self.noticed.append((now, self.letters, alarm))

    def _fresh(self, minute: int) -> list[Key]:
        return [key for key, some in self.minutes.items() if some[-1] > minute - max(WINDOWS)]

    def _seen(self, key: Key, minute: int) -> Seen:
        sums = ([], [])  # type: ignore[var-annotated]
        for span in WINDOWS:
            inside = self.minutes[key][bisect_right(self.minutes[key], minute - span) :]
            for place in (0, 1):
                sums[place].append(sum(self.counts[key][at][place] for at in inside))
        return Seen(key, tuple(sums[0]), tuple(sums[1]))

    def _alarm(self, one: Seen, minute: int, now: float, everybody: Seen, explained: dict) -> Alarm | None:  # type: ignore[type-arg]
        some = self.minutes[one.key]
        first = bisect_left(some, minute - detection.WEEK * detection.WEEKS - detection.AROUND)
        history = [
            (at, self.counts[one.key][at][1])
            for at in some[first : bisect_right(some, minute - detection.WEEK + detection.AROUND)]
        ]
        hourly = detection.curve(history, minute)
        if one.key[0] == "performance":
            hourly += detection.near((self.begins.get(int(one.key[1]), 1e9) - now) / 60)
        return detection.alarm(one, hourly, everybody.people, explained.get(one.key))
