"""Which matters a colleague may be told of, how often, and what holds until they choose; pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.kernel.access import MATRIX, Actor, Permission, Role

#: Ways of being told: unless one is at the desk; at once; in one letter a day; not at all.
AWAY, NOW, DAILY, NEVER = "away", "now", "daily", "never"
#: Of what comes by itself: every open day, or once a week.
DAYS, WEEKLY = "days", "weekly"
#: The hour of the house at which the letter of the day leaves.
HOUR = time(8)
#: Under which name a colleague's preferences hold these choices.
PREFERENCE = "notices"


@dataclass(frozen=True, slots=True)
class Matter:
    """Something a colleague may be told of: who may be, in which ways, and for which roles it is told unasked."""

    name: str
    needs: tuple[Permission, ...]
    ways: tuple[str, ...] = (AWAY, NOW, DAILY, NEVER)
    usual: str = AWAY
    #: Only these roles are told unless they chose; empty for everybody it may be told to.
    unasked: tuple[Role, ...] = ()


#: What those who look after the requests of a department may; others who read figures are told of no request.
_WATCH = (Permission.DASHBOARD_READ, Permission.TICKET_READ)

MATTERS: Mapping[str, Matter] = {
    matter.name: matter
    for matter in (
        Matter("assigned", (Permission.TICKET_ANSWER,)),
        Matter("mentioned", (Permission.TICKET_NOTE,)),
        Matter("replied", (Permission.TICKET_ANSWER,)),
        Matter("due", (Permission.TICKET_ANSWER,)),
        Matter("team_due", _WATCH, unasked=(Role.MANAGER,)),
        Matter("held", (Permission.CROWD_ANSWER,), (NOW, DAILY, NEVER), NOW),
        Matter("disputed", (Permission.MONEY_APPROVE,), (NOW, DAILY, NEVER), NOW, unasked=(Role.FINANCE,)),
        Matter("reading", (Permission.ARTICLE_EDIT,), unasked=(Role.EDITOR,)),
        Matter("articles", (Permission.ARTICLE_EDIT,), (NOW, DAILY, NEVER), DAILY, unasked=(Role.EDITOR,)),
        Matter("point", _WATCH, (DAYS, WEEKLY, NEVER), DAYS, unasked=(Role.MANAGER,)),
    )
}


def matters_of(roles: Collection[Role]) -> list[Matter]:
    """What somebody of these roles may be told of, in the order in which it is asked."""
    allowed = frozenset[Permission]().union(*(MATRIX[role] for role in roles))
    return [matter for matter in MATTERS.values() if allowed.issuperset(matter.needs)]


def is_for(matter: Matter, by: Actor) -> bool:
    """Whether somebody may be told of a matter."""
    return all(by.may(permission) for permission in matter.needs)


def way_of(matter: Matter, preferences: Mapping[str, object], roles: Collection[Role]) -> str:
    """How somebody is told of a matter: as they chose, or as it is usual for their roles."""
    chosen = preferences.get(PREFERENCE)
    way = chosen.get(matter.name) if isinstance(chosen, Mapping) else None
    if way in matter.ways:
        return str(way)
    return matter.usual if not matter.unasked or set(matter.unasked) & set(roles) else NEVER


def next_letter_of_the_day(now: datetime, zone: ZoneInfo) -> datetime:
    """When the next letter of the day leaves."""
    local = now.astimezone(zone)
    day = local.date() if local.timetz().replace(tzinfo=None) < HOUR else local.date() + timedelta(days=1)
    return datetime.combine(day, HOUR, tzinfo=zone).astimezone(now.tzinfo)
