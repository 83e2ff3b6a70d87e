"""The figures of sorting for those who lead, of the departments they work in; counting them is not done here."""

from __future__ import annotations

from datetime import datetime, time

from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.triage import queries, scoring
from app.triage.scoring import Judged, Scoreboard
from app.venue import service as venue


def scoreboard(*, by: Actor) -> Scoreboard:
    """How right sorting was in the last weeks, and how often a person was asked."""
    by.must(Permission.TRIAGE_MANAGE)
    zone = venue.house().tz
    today = clock.now().astimezone(zone).date()
    since = datetime.combine(scoring.weeks_of(today)[0], time(), zone)
    rows = [
        Judged(
            row.settled_at.astimezone(zone).date(), row.category, row.right_category, row.confidence, not row.abstains,
            row.language, row.number,
        )
        for row in queries.judged(since, by.departments)
    ]  # fmt: skip
    every, asked = queries.sorted_since(since, by.departments)
    return scoring.scoreboard(rows, today, every=every, asked=asked)
