"""What incidents teach: how the crowd of one that ended thinned out, and which of its words editors should know of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.boxoffice import holdings
from app.incidents import board, report, report_queries
from app.incidents.board import Entry
from app.incidents.models import IncidentCurve
from app.kernel import clock
from app.kernel.access import SYSTEM
from app.kernel.db import session
from app.kernel.transaction import transactional
from app.search import gaps
from app.search.gaps import Word
from app.venue import service as venue

#: Days of a curve; what comes later is like any other request.
LONGEST = 28


@dataclass(frozen=True, slots=True)
class Lasting:
    """An incident that lasts: its cause, the day it began, and how many households it concerns (0 if none can say)."""

    id: int
    cause: str
    began_on: date
    holders: int


@dataclass(frozen=True, slots=True)
class Lasted:
    """The day one that ended began, and people who wrote for the first time on that day and on each after it."""

    began_on: date
    people: tuple[int, ...]


def teach(incident_id: int) -> None:
    """Keep what one that ended teaches; a second time nothing is done.

    Words are looked up before anything is written, so that no other writer waits for a search.
    """
    entry = board.one(incident_id, by=SYSTEM)
    if entry.ended_at is None or entry.told.declared_at is None:
        return
    if report_queries.curve(incident_id) is not None:
        if entry.told.state == "withdrawn":
            _unlearn(incident_id)
        return
    rows = report_queries.members(incident_id)
    _keep(incident_id, _lasted(entry, rows), gaps.examined(report.unanswered(entry, rows)))


@transactional
def _keep(incident_id: int, lasted: Lasted, words: Sequence[Word]) -> None:
    if report_queries.curve(incident_id) is not None:
        return
    told = board.one(incident_id, by=SYSTEM).told
    session.add(IncidentCurve(
        incident_id=incident_id, cause=told.cause, began_on=lasted.began_on, people=list(lasted.people),
        holders=_holders(told.performance_id) if told.state == "over" else 0, words=len(words), at=clock.now(),
    ))  # fmt: skip
    titles, place = (told.title_fr, told.title_en), f"/regie/incidents/{told.id}/bilan"
    gaps.hear(f"incident-{told.id}", titles, place, words)


@transactional
def _unlearn(incident_id: int) -> None:
    """What was over did not happen after all: holders who did not write because of it are counted no more."""
    row = report_queries.curve(incident_id)
    if row is not None:
        row.holders = 0


def _lasted(entry: Entry, rows: Sequence[report_queries.Columns]) -> Lasted:
    told = entry.told
    ended, declared = entry.ended_at or clock.now(), told.declared_at or told.noticed_at
    began = _day(min(told.noticed_at, declared))
    length = min(LONGEST, (_day(ended) - began).days + 1)
    return Lasted(began, _by_day(report.first_times(rows), began, length))


def learnt(since: date) -> Sequence[IncidentCurve]:
    """What incidents taught that began on a day or later."""
    return report_queries.curves(since)


def lasting() -> list[Lasting]:
    """Incidents that are declared and have not ended."""
    return [
        Lasting(row.id, row.cause, _day(min(row.noticed_at, row.declared_at)), _holders(row.performance_id))
        for row in report_queries.declared()
    ]


def _holders(performance_id: int | None) -> int:
    return 0 if performance_id is None else holdings.owner_count([performance_id])


def _by_day(moments: Iterable[datetime], began: date, length: int) -> tuple[int, ...]:
    # Who wrote before anybody noticed wrote because of the cause all the same.
    found = Counter(max(0, (_day(moment) - began).days) for moment in moments)
    return tuple(found[place] for place in range(length))


def _day(moment: datetime) -> date:
    return moment.astimezone(venue.house().tz).date()
