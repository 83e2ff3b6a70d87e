"""Questions about announcements, and about whom each was told to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Row, func, select, update

from app.announcements.models import Announcement, AnnouncementTold
from app.kernel.db import session
from app.kernel.queries import read, write

#: A row of columns, by the names given to them.
Columns: TypeAlias = Row[*tuple[Any, ...]]


def announcement(announcement_id: int) -> Announcement | None:
    """One announcement, to look at."""
    return session.get(Announcement, announcement_id)


def to_change(announcement_id: int) -> Announcement | None:
    """One announcement, held until the verb ends."""
    query = select(Announcement).where(Announcement.id == announcement_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def of_change(performance_id: int, mark: str) -> Announcement | None:
    """The announcement of one change, held until the verb ends."""
    query = select(Announcement).where(Announcement.performance_id == performance_id, Announcement.mark == mark)
    return session.scalar(query.with_for_update())


def proposed_of(performance_id: int, cause: str) -> Announcement | None:
    """The announcement of a change of this kind that waits still, held until the verb ends."""
    query = select(Announcement).where(
        Announcement.performance_id == performance_id, Announcement.cause == cause, Announcement.state == "proposed"
    )
    return session.scalar(query.order_by(Announcement.id.desc()).limit(1).with_for_update())


def proposed_about(performance_id: int) -> Sequence[Announcement]:
    """Announcements about a performance that wait still, held until the verb ends."""
    query = select(Announcement).where(Announcement.performance_id == performance_id, Announcement.state == "proposed")
    return session.scalars(query.with_for_update()).all()


def of_incident(incident_id: int, states: Collection[str]) -> Sequence[Announcement]:
    """Announcements in some states that one incident led to, held until the verb ends."""
    query = select(Announcement).where(Announcement.incident_id == incident_id, Announcement.state.in_(list(states)))
    return session.scalars(query.with_for_update()).all()


def listed(states: Collection[str], limit: int) -> Sequence[Announcement]:
    """Announcements in some states, the newest first."""
    query = select(Announcement).where(Announcement.state.in_(list(states)))
    return session.scalars(query.order_by(Announcement.id.desc()).limit(limit)).all()


def about(performance_ids: Iterable[int]) -> dict[int, int]:
    """The newest announcement about each of some performances that was not dismissed."""
    query = select(Announcement.performance_id, Announcement.id).where(
        Announcement.performance_id.in_(list(performance_ids)), Announcement.state != "dismissed"
    )
    return {row[0]: row[1] for row in read(query.order_by(Announcement.id))}


def count_proposed() -> int:
    """How many wait for somebody to decide."""
    return session.scalar(select(func.count()).where(Announcement.state == "proposed")) or 0


def there(announcement_id: int, household_ids: Iterable[int]) -> set[int]:
    """Which of some households were looked at already."""
    one = AnnouncementTold
    query = select(one.household_id).where(
        one.announcement_id == announcement_id, one.household_id.in_(list(household_ids))
    )
    return {row[0] for row in read(query)}


def note(rows: Sequence[Mapping[str, Any]]) -> None:
    """Note how households are told."""
    write(AnnouncementTold, rows)


def by_way(announcement_id: int) -> dict[str, int]:
    """How many households by which way."""
    one = AnnouncementTold
    query = select(one.way, func.count()).where(one.announcement_id == announcement_id).group_by(one.way)
    return {row[0]: row[1] for row in read(query)}


def told(announcement_id: int, ways: Collection[str], *, after: int, limit: int) -> Sequence[Columns]:
    """Households told by some ways, by number. Shape: rows (household_id, way)."""
    one = AnnouncementTold
    query = select(one.household_id, one.way).where(
        one.announcement_id == announcement_id, one.way.in_(list(ways)), one.household_id > after
    )
    return read(query.order_by(one.household_id).limit(limit)).all()


def bounce(letter_ids: Iterable[int]) -> None:
    """Households whose letter came back are to be told otherwise."""
    statement = update(AnnouncementTold).where(AnnouncementTold.letter_id.in_(list(letter_ids))).values(way="bounced")
    session.execute(statement.execution_options(synchronize_session=False))
