"""How somebody of a declared incident waits: what they are told, how many wrote before, when they hear from us."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.incidents import estimates, queries, surfaces, waiting_queries
from app.incidents.models import IncidentTicket
from app.incidents.surfaces import Told
from app.kernel import clock
from app.kernel.remembered import Remembered
from app.venue import service as venue
from app.venue.hours import minutes_between
from app.venue.moments import promise

#: An incident has a pace of its own once so many were answered within so long.
ENOUGH, LATELY = 5, timedelta(hours=1)
#: The pace of the house is that of its last days.
DAYS = timedelta(days=7)
#: How a member stands whose writer waits for us.
_WAITS = ("crowd", "exception", "folded")


@dataclass(frozen=True, slots=True)
class Waiting:
    """How one request waits; `ahead` is None where a person answers it by itself.

    `expected_at` comes from real pace; where there is none, `due_at` is what was promised.
    """

    told: Told
    stands: str
    ahead: int | None
    expected_at: datetime | None
    due_at: datetime | None

    def place(self, language: str) -> str:
        """How many wrote before, as a band; empty where that says nothing."""
        return "" if self.ahead is None else estimates.place_words(self.ahead, language)

    def estimate(self, language: str) -> str:
        """About when they hear from us: `vers 18 h`, `avant demain 13 h`; empty when nobody can tell."""
        now, zone = clock.now(), venue.house().tz
        if self.expected_at is not None:
            return estimates.about(self.expected_at, now, language, zone)
        return promise(self.due_at, now, language, zone) if self.due_at and self.due_at > now else ""


def waiting_of(ticket_ids: Iterable[int]) -> dict[int, Waiting]:
    """How each of some requests waits with its declared incident; those of no incident are left out."""
    live = {one.id: one for one in surfaces.declared()}
    if not live:
        return {}
    known = (row for row in queries.memberships(ticket_ids) if row.incident_id in live and row.stands in _WAITS)
    members = {row.ticket_id: row for row in known}
    due = waiting_queries.promised(members)
    found: dict[int, Waiting] = {}
    for incident_id in {row.incident_id for row in members.values()}:
        rows = sorted((row for row in members.values() if row.incident_id == incident_id), key=lambda row: row.id)
        found |= _of_one(live[incident_id], rows, due)
    return found


def _of_one(told: Told, rows: list[IncidentTicket], due: dict[int, datetime]) -> dict[int, Waiting]:
    crowd = [row for row in rows if row.stands == "crowd"]
    # Counted once for all of them: those between the first and the others stand one behind another.
    before = _before(told.id, crowd[0].id) if crowd else 0
    ahead = {row.id: before + place for place, row in enumerate(crowd)}
    own = _own_pace(told.id) if crowd else None
    return {row.ticket_id: _waiting(told, row, ahead.get(row.id), due.get(row.ticket_id), own) for row in rows}


def _before(incident_id: int, member_id: int) -> int:
    # A crowd of thousands is counted now and then, and those who joined it since are added.
    start, waiting = _crowds().get(incident_id, (0, 0))
    if member_id < start:
        return waiting_queries.waiting_before(incident_id, member_id)
    return waiting + waiting_queries.waiting_before(incident_id, member_id, start=start)


def _counted() -> dict[int, tuple[int, int]]:
    newest = waiting_queries.newest_members(one.id for one in surfaces.declared())
    return {one: (member, waiting_queries.waiting_before(one, member)) for one, member in newest.items()}


#: Of each declared incident its newest member, and how many waited before them.
_crowds = Remembered(_counted, seconds=20.0)


def _waiting(told: Told, row: IncidentTicket, ahead: int | None, due: datetime | None, own: float | None) -> Waiting:
    return Waiting(told, row.stands, ahead, None if ahead is None else _expected(ahead, due, own), due)


def _expected(ahead: int, due: datetime | None, own: float | None) -> datetime | None:
    # The incident's own pace is what happens now; that of the house counts only where our promise is no sooner.
    now = clock.now()
    if own is not None:
        return estimates.expected(now, ahead, own, None)
    found = estimates.expected(now, ahead, _house_pace(), venue.calendar())
    return found if found is not None and (due is None or found < due) else None


def _own_pace(incident_id: int) -> float | None:
    now = clock.now()
    count, first = waiting_queries.answered_since(incident_id, now - LATELY)
    if count < ENOUGH or first is None:
        return None
    return count / max((now - first) / timedelta(minutes=1), 1.0)


def _paced() -> float:
    start = clock.now() - DAYS
    return waiting_queries.first_answers_since(start) / max(minutes_between(venue.calendar(), start, clock.now()), 1)


#: First answers of the whole house in a minute of opening.
_house_pace = Remembered(_paced, seconds=60.0)
