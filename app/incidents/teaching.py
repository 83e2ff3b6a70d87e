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


@transactional
def teach(incident_id: int) -> None:
    """Keep what one that ended teaches; a second time nothing is done."""
    entry = board.one(incident_id, by=SYSTEM)
    told = entry.told
    if entry.ended_at is None or told.declared_at is None or report_queries.curve(incident_id) is not None:
        return
    rows = report_queries.members(incident_id)
    began = _day(min(told.noticed_at, told.declared_at))
    length = min(LONGEST, (_day(entry.ended_at) - began).days + 1)
    happened = told.state == "over"
    session.add(IncidentCurve(
        incident_id=incident_id, cause=told.cause, began_on=began, at=clock.now(),
        people=_by_day(report.first_times(rows), began, length),
        holders=_holders(told.performance_id) if happened else 0, words=_heard(entry, rows),
    ))  # fmt: skip


def learnt(since: date) -> Sequence[IncidentCurve]:
    """What incidents taught that began on a day or later."""
    return report_queries.curves(since)


def lasting() -> list[Lasting]:
    """Incidents that are declared and have not ended."""
    return [
        Lasting(row.id, row.cause, _day(min(row.noticed_at, row.declared_at)), _holders(row.performance_id))
        for row in report_queries.declared()
    ]


def _heard(entry: Entry, rows: Sequence[report_queries.Columns]) -> int:
    told = entry.told
    titles = (told.title_fr, told.title_en)
    return gaps.hear(
        f"incident-{told.id}", titles, f"/regie/incidents/{told.id}/bilan", report.unanswered(entry, rows)
    )  # fmt: skip


def _holders(performance_id: int | None) -> int:
    return 0 if performance_id is None else holdings.owner_count([performance_id])


def _by_day(moments: Iterable[datetime], began: date, length: int) -> list[int]:
    # Who wrote before anybody noticed wrote because of the cause all the same.
    found = Counter(max(0, (_day(moment) - began).days) for moment in moments)
    return [found[place] for place in range(length)]


def _day(moment: datetime) -> date:
    return moment.astimezone(venue.house().tz).date()
