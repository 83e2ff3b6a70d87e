"""What becomes of the two promises of a request as its story is told: the rules of `sla`, replayed; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.demo.timetable import Timetable
from app.sla.targets import FIRST, NEAR_MINUTES, SOLUTION, Target

#: The sweep that notices broken promises comes this long after the moment, at most.
SWEEP = timedelta(seconds=30)
_OWED = ("running", "paused", "broken")
_CLOSED = ("kept", "late", "void")


@dataclass(slots=True)
class Pledge:
    """One promise and the lines of its explanation. Shape of a step: (at, what, class, minutes, due)."""

    kind: str
    target: Target
    started_at: datetime
    due_at: datetime
    state: str = "running"
    paused_at: datetime | None = None
    broken_at: datetime | None = None
    settled_at: datetime | None = None
    taken: int | None = None
    steps: list[tuple[datetime, str, str, int, datetime]] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        """What was promised."""
        return self.target.minutes(self.kind)

    @property
    def owed(self) -> bool:
        """Whether it is still to be kept."""
        return self.state in _OWED

    def note(self, what: str, at: datetime) -> None:
        """Add a line to the explanation."""
        self.steps.append((at, what, self.target.sla_class, self.minutes, self.due_at))

    def near_at(self, now: datetime) -> bool:
        """Whether the sweep announced, or would have, that it ends soon."""
        return (self.settled_at or now) >= self.due_at - timedelta(minutes=NEAR_MINUTES)


class Clocks:
    """The two promises of one request; every method says what happened at a moment, in the order of time."""

    def __init__(self, timetable: Timetable, target: Target, at: datetime) -> None:
        self._timetable = timetable
        self.pledges = [Pledge(kind, target, at, self._due(target, kind, at)) for kind in (FIRST, SOLUTION)]
        for pledge in self.pledges:
            pledge.note("started", at)

    @property
    def next_due(self) -> datetime | None:
        """The nearest moment still owed, paused ones left out."""
        return min((p.due_at for p in self.pledges if p.state in {"running", "broken"}), default=None)

    def tighten(self, target: Target, at: datetime) -> None:
        """Type or priority is known better; a promise already told never moves later."""
        for pledge in self._running(at):
            due = self._due(target, pledge.kind, pledge.started_at)
            same = (target.sla_class, target.minutes(pledge.kind)) == (pledge.target.sla_class, pledge.minutes)
            if not same and due < pledge.due_at:
                pledge.target, pledge.due_at = target, due
                pledge.note("tightened", at)

    def answered(self, at: datetime) -> list[Pledge]:
        """Somebody answered: the first promise is settled. Returns what was settled."""
        return self._settle(at, {FIRST})

    def solved(self, at: datetime) -> list[Pledge]:
        """It ended: everything owed is settled. Returns what was settled."""
        return self._settle(at, {FIRST, SOLUTION})

    def paused(self, at: datetime) -> None:
        """We wait for the spectator."""
        self.passed(at)
        for pledge in self.pledges:
            if pledge.state in {"running", "broken"}:
                pledge.state, pledge.paused_at = "paused", at
                pledge.note("paused", at)

    def resumed(self, at: datetime) -> None:
        """The spectator wrote: what is due moves by the opening time that passed."""
        for pledge in self.pledges:
            if pledge.state != "paused" or pledge.paused_at is None:
                continue
            if pledge.broken_at is None:
                left = self._taken(pledge.target, pledge.paused_at, pledge.due_at)
                pledge.due_at = self._moved(pledge.target, at, left)
            pledge.state, pledge.paused_at = ("broken" if pledge.broken_at else "running"), None
            pledge.note("resumed", at)

    def reopened(self, at: datetime) -> None:
        """It lives again: a solution is promised anew."""
        for pledge in self.pledges:
            if pledge.kind == SOLUTION and pledge.state in _CLOSED:
                pledge.state, pledge.started_at, pledge.settled_at, pledge.taken = "running", at, None, None
                pledge.broken_at = pledge.paused_at = None
                pledge.due_at = self._due(pledge.target, pledge.kind, at)
                pledge.note("reopened", at)

    def voided(self, at: datetime) -> None:
        """Nothing is owed any more."""
        self.passed(at)
        for pledge in self.pledges:
            if pledge.owed:
                pledge.state = "void"
                pledge.note("void", at)

    def passed(self, at: datetime) -> list[Pledge]:
        """Time went by: running promises whose moment is over break. Returns those that did."""
        late = [p for p in self.pledges if p.state == "running" and p.due_at < at]
        for pledge in late:
            pledge.state, pledge.broken_at = "broken", pledge.due_at
            pledge.note("broken", min(pledge.due_at + SWEEP, at))
        return late

    def _running(self, at: datetime) -> Iterator[Pledge]:
        self.passed(at)
        return (p for p in self.pledges if p.state == "running")

    def _settle(self, at: datetime, kinds: set[str]) -> list[Pledge]:
        self.passed(at)
        settled = [p for p in self.pledges if p.owed and p.kind in kinds]
        for pledge in settled:
            pledge.taken = self._taken(pledge.target, pledge.started_at, pledge.paused_at or at)
            pledge.state = "late" if pledge.broken_at else "kept"
            pledge.settled_at, pledge.paused_at = at, None
            pledge.note(pledge.state, at)
        return settled

    def _due(self, target: Target, kind: str, start: datetime) -> datetime:
        return self._moved(target, start, target.minutes(kind))

    def _moved(self, target: Target, start: datetime, minutes: int) -> datetime:
        return self._timetable.add(start, minutes) if target.opening_hours else start + timedelta(minutes=minutes)

    def _taken(self, target: Target, start: datetime, end: datetime) -> int:
        if target.opening_hours:
            return self._timetable.between(start, end)
        return max(0, int((end - start).total_seconds() // 60))
