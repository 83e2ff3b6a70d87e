"""What was promised on a request and how it stands, and what would be promised now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from app.kernel import clock
from app.sla import queries
from app.sla.counting import due_moment, target_of
from app.sla.targets import FIRST


@dataclass(frozen=True, slots=True)
class PromiseCard:
    """A promise as people see it, with its explanation."""

    kind: str
    state: str
    sla_class: str
    minutes: int
    started_at: datetime
    due_at: datetime
    settled_at: datetime | None
    taken_minutes: int | None
    steps: tuple[tuple[datetime, str, str, int, datetime], ...]

    @property
    def owed(self) -> bool:
        """Whether it is still to be kept."""
        return self.state in queries.OWED


def preview(kind_code: str | None, *, at: datetime | None = None) -> datetime:
    """When a request of this type, made now, would first be answered."""
    return due_moment(target_of(kind_code, "normal"), FIRST, at or clock.now())


def promises(ticket_id: int) -> list[PromiseCard]:
    """What was promised on a ticket, first answer first, each explained line by line."""
    rows = queries.promises_of([ticket_id])[ticket_id]
    steps = queries.steps_of([row.id for row in rows])
    return [
        PromiseCard(
            row.kind,
            row.state,
            row.sla_class,
            row.minutes,
            row.started_at,
            row.due_at,
            row.settled_at,
            row.taken_minutes,
            tuple((s.at, s.what, s.sla_class, s.minutes, s.due_at) for s in steps[row.id]),
        )
        for row in rows
    ]


def usual_first_minutes(days: int = 7) -> int | None:
    """The median first answer of the last days, in opening minutes; None when there are fewer than five."""
    taken = queries.recent_first_minutes(clock.now() - timedelta(days=days))
    return int(median(taken)) if len(taken) >= 5 else None
