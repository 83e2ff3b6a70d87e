"""The performances of one day as those at the doors see them; nothing is changed here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.boxoffice import evening_queries as queries
from app.boxoffice.curtain import Standing, standing
from app.boxoffice.service import PerformanceCard, performance_of
from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.venue import service as venue

#: A late performance belongs to the evening before: the day turns at this hour.
TURN = time(4)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class House:
    """One performance of the day: seats sold and entered, and how it stands at this moment."""

    performance: PerformanceCard
    doors_at: datetime | None
    begins_at: datetime
    capacity: int
    sold: int
    entered: int
    standing: Standing


def today(*, by: Actor) -> list[House]:
    """The performances of the day, in the order in which they were to begin.

    Raises:
        Forbidden: the actor may not read what was sold.
    """
    by.must(Permission.ORDER_READ)
    start, end = _bounds()
    return [_house(row, end) for row in queries.counted(start, end)]


def held_by(emails: Iterable[str], performance_ids: Iterable[int]) -> dict[str, set[int]]:
    """Which of some performances each of some normalised addresses has seats of."""
    found: dict[str, set[int]] = {}
    for email, performance_id in queries.held_by(emails, performance_ids):
        found.setdefault(email, set()).add(performance_id)
    return found


def day() -> date:
    """The day the house is playing: until four in the morning still the day before."""
    here = clock.now().astimezone(venue.house().tz)
    return here.date() - _DAY if here.time() < TURN else here.date()


def _bounds() -> tuple[datetime, datetime]:
    first, zone = day(), venue.house().tz
    return datetime.combine(first, TURN, tzinfo=zone), datetime.combine(first + _DAY, TURN, tzinfo=zone)


def _house(row: queries.Columns, end: datetime) -> House:
    # Moved to another day, it does not take place today; moved within it or to it, it is as good as any.
    moved = row.status in {"delayed", "postponed"} and row.new_starts_at and end - _DAY <= row.new_starts_at < end
    begins_at = row.new_starts_at if moved else row.starts_at
    found = standing(
        status="delayed" if moved else row.status, sold=row.sold, entered=row.entered, doors_at=row.doors_at,
        starts_at=begins_at, now=clock.now(),
    )  # fmt: skip
    return House(performance_of(row), row.doors_at, begins_at, row.capacity, row.sold, row.entered, found)
