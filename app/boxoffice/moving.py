"""Notices in an import that a date moved: all its seats are sold for another moment now. The date keeps its row.

What campaigns, requests and announcements know of it stays true of it; the file's name for the new moment leads to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.exc import IntegrityError

from app.boxoffice import moving_queries as queries
from app.boxoffice.events import PerformanceChanged, PerformanceLeft
from app.boxoffice.mirroring import Mirrored
from app.boxoffice.models import Performance
from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.errors import NotFound
from app.kernel.transaction import publish, transactional
from app.venue import service as venue

#: Fewer seats than this that all changed their day may be chance: somebody exchanged tickets.
ENOUGH: Final = 10
#: What a file may say of the new moment that is no move.
_ENDS: Final = frozenset({"cancelled", "interrupted", "done"})


@dataclass(frozen=True, slots=True)
class Way:
    """Seats that went from one date to another; `left` stayed, `same_day` where only the hour is another."""

    seats: int
    left: int
    to_come: bool
    one_work: bool
    same_day: bool


def is_move(way: Way) -> bool:
    """Whether the date itself moved, rather than that some people took other tickets; pure."""
    return way.one_work and way.to_come and not way.left and (way.same_day or way.seats >= ENOUGH)


def noted(before: Mapping[str, Any], found: Mirrored) -> dict[str, Any]:
    """What an import knows of dates and moves after one batch more. Shape: that of `ImportRun.moves`."""
    seats = Counter(before.get("seats", {})) + Counter({f"{one}>{other}": n for (one, other), n in found.moves.items()})
    return {"fresh": sorted({*before.get("fresh", ()), *found.bill.fresh}), "seats": dict(seats)}


def settle(run_id: int, *, by: Actor) -> Counter[str]:
    """Give dates that moved their new moment; run again, it finds nothing left to do."""
    moves = queries.moves(run_id)
    ways = {tuple(map(int, key.split(">"))): seats for key, seats in moves.get("seats", {}).items()}
    taken_by = Counter(to_id for _, to_id in ways)
    done: Counter[str] = Counter()
    for (from_id, to_id), seats in sorted(ways.items()):
        # Into a date that was on the bill before, or that others went to too, people may only have exchanged their
        # tickets: a person is asked.
        if to_id in moves.get("fresh", ()) and taken_by[to_id] == 1:
            done["performances_moved"] += _moved(from_id, to_id, seats, by)
        else:
            done["performances_left"] += _ask(from_id, to_id, seats, by=by)
    return done


@transactional
def _ask(from_id: int, to_id: int, seats: int, *, by: Actor) -> bool:
    """Whether a date was left by all its seats for another one, which somebody is asked about then."""
    here, there = queries.date_to_change(from_id), queries.date_to_change(to_id)
    if here is None or there is None or here.joins_id or not is_move(_way(here, there, seats)):
        return False
    publish(PerformanceLeft(performance_id=here.id, to_id=there.id, seats=seats), by=by)
    return True


@transactional
def join(from_id: int, to_id: int, *, by: Actor) -> int:
    """A date did move into another one on the bill: what went there is its own again, to take place then and there.

    Returns how many seats; what was sold for the other date by itself stays as it is.
    """
    by.must(Permission.INCIDENT_DECLARE)
    here, there = queries.date_to_change(from_id), queries.date_to_change(to_id)
    if here is None or there is None:
        raise NotFound("performance")
    here.joins_id = there.id
    return queries.bring_back(here.id, there.id)


def _moved(from_id: int, to_id: int, seats: int, by: Actor) -> bool:
    try:
        return _move(from_id, to_id, seats, by=by)
    except IntegrityError:
        return False  # somebody has begun to speak of the new date as one of its own


@transactional
def _move(from_id: int, to_id: int, seats: int, *, by: Actor) -> bool:
    here, there = queries.date_to_change(from_id), queries.date_to_change(to_id)
    if here is None or there is None or not is_move(_way(here, there, seats)):
        return False
    code, at, hall, status = there.code, there.starts_at, there.hall, there.status
    queries.take_over(there, here.id)
    here.code, here.hall, here.doors_at = code, hall, None
    before = (here.status, here.new_starts_at)
    here.status, here.new_starts_at = _standing(here.starts_at, at, status)
    if (here.status, here.new_starts_at) != before:
        publish(PerformanceChanged(performance_id=here.id, status=here.status), by=by)
    return True


def _way(here: Performance, there: Performance, seats: int) -> Way:
    now, zone = clock.now(), venue.house().tz
    days = {(one.new_starts_at or one.starts_at).astimezone(zone).date() for one in (here, there)}
    return Way(
        seats=seats, left=queries.sold(here.id), one_work=here.production_id == there.production_id,
        to_come=(here.new_starts_at or here.starts_at) > now and here.status not in _ENDS, same_day=len(days) == 1,
    )  # fmt: skip


def _standing(at_first: datetime, at: datetime, said: str) -> tuple[str, datetime | None]:
    """What a date is once it moved; back at its first moment it is as it was planned."""
    if said in _ENDS:
        return said, None
    return ("scheduled", None) if at == at_first else ("postponed", at)
