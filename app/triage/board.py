"""The figures of sorting for those who lead, of the departments they work in; counting them is not done here."""

from __future__ import annotations

from datetime import datetime, time

from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.triage import queries, scoring
from app.triage.scoring import NO_DRIFT, Drift, Judged, Scoreboard
from app.venue import service as venue


def scoreboard(*, by: Actor) -> Scoreboard:
    """How right sorting was in the last weeks, and how often a person was asked."""
    by.must(Permission.TRIAGE_MANAGE)
    zone = venue.house().tz
    today = clock.now().astimezone(zone).date()
    weeks = [datetime.combine(monday, time(), zone) for monday in scoring.weeks_of(today)]
    rows = [
        Judged(
            row.settled_at.astimezone(zone).date(), row.category, row.right_category, row.confidence, not row.abstains,
            row.language, row.number,
        )
        for row in queries.judged(weeks[0], by.departments)
    ]  # fmt: skip
    sorted_ = {
        row.week: Drift(int(row.many), float(row.sure), int(row.asked), int(row.strange))
        for row in queries.sorted_by_week(weeks, by.departments)
    }
    return scoring.scoreboard(rows, today, drift=[sorted_.get(at, NO_DRIFT) for at in range(len(weeks))])
