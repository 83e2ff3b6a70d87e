"""How long a promise is and when it is due, on the opening hours of the house."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.catalogue import service as catalogue
from app.kernel.errors import Unavailable
from app.kernel.remembered import Remembered
from app.sla import queries
from app.sla.models import Promise
from app.sla.targets import Target, target_for
from app.venue import service as venue
from app.venue.hours import NeverOpen, add_minutes, minutes_between


def _read_classes() -> dict[str, Target]:
    return {
        row.code: Target(row.code, row.first_minutes, row.solution_minutes, row.opening_hours)
        for row in queries.classes()
    }


#: Targets by class, remembered.
classes = Remembered(_read_classes)


def due_moment(target: Target, kind: str, start: datetime, *, minutes: int | None = None) -> datetime:
    """When a promise made at `start` is due; a calendar that never opens counts round the clock."""
    length = target.minutes(kind) if minutes is None else minutes
    if target.opening_hours:
        try:
            return add_minutes(venue.calendar(), start, length)
        except NeverOpen:
            pass
    return start + timedelta(minutes=length)


def taken(target: Target, start: datetime, end: datetime) -> int:
    """The minutes that passed between two moments, as the class counts them."""
    if target.opening_hours:
        return minutes_between(venue.calendar(), start, end)
    return max(0, int((end - start).total_seconds() // 60))


def target_of(kind_code: str | None, priority: str) -> Target:
    """What a request of a type and a priority is promised.

    Raises:
        Unavailable: the house was made, and nobody has set it up yet.
    """
    known = classes()
    if not known:
        classes.forget()
        raise Unavailable("house_not_set_up")
    card = catalogue.request_type(kind_code)
    return target_for(known, card.sla_class if card else None, priority)


def own_target(row: Promise) -> Target:
    """What a promise already made was made for."""
    known = classes().get(row.sla_class)
    hours = known.opening_hours if known else True
    return Target(row.sla_class, row.minutes, row.minutes, hours)
