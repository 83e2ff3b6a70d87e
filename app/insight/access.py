"""Whose figures somebody may ask for; the only way to obtain a scope."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from app.insight.cards import Scope
from app.insight.periods import Period
from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.errors import NotFound
from app.people import service as people
from app.venue import service as venue


def today() -> date:
    """The day it is in the house."""
    return clock.now().astimezone(venue.house().tz).date()


def scope_for(
    by: Actor, period: Period, *, departments: Iterable[int] | None = None, category: str | None = None
) -> Scope:
    """What somebody may ask figures for; no departments given means all of one's own.

    Raises:
        Forbidden: figures are not for this actor.
        NotFound: a department the actor does not work in.
    """
    by.must(Permission.DASHBOARD_READ)
    mine = {card.id for card in people.departments()} if by.system else set(by.departments)
    wanted = mine if departments is None else set(departments)
    if not wanted <= mine:
        raise NotFound("department")
    return Scope(period, tuple(sorted(wanted)), category or None)
