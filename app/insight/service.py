"""Follow the journal and keep the figures; what was counted is never counted again, however often a verb runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.insight import ledger_queries
from app.insight.ledger import STEPS, Home, Story, Sums, begun, placed
from app.insight.models import JournalMark
from app.kernel import clock, journal
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.journal import Cursor, JournalEntry
from app.kernel.transaction import transactional
from app.venue import service as venue

#: Entries counted in one transaction, and transactions of one turn.
CHUNK, TURNS = 2_000, 100
MARK = "figures"


def roll_up(*, chunk: int = CHUNK, turns: int = TURNS) -> int:
    """Count what the journal has gained since the last time; each chunk in a transaction of its own.

    Returns how many entries were read.
    """
    total = 0
    for _ in range(turns):
        read = _roll_up_once(chunk)
        total += read
        if read < chunk:
            break
    return total


@transactional
def _roll_up_once(chunk: int) -> int:
    mark = ledger_queries.mark(MARK) or JournalMark(name=MARK, batch=0, entry_id=0)
    entries = journal.since(Cursor(mark.batch, mark.entry_id), chunk)
    if entries:
        _count(entries)
        mark.batch, mark.entry_id = entries[-1].batch, entries[-1].id
    mark.at = clock.now()
    session.add(mark)
    return len(entries)


def _count(entries: Sequence[JournalEntry]) -> None:
    zone = venue.house().tz
    homes = ledger_queries.homes({entry.subject_id for entry in entries if entry.subject_id is not None})
    before = ledger_queries.stories(homes)
    after = {key: _now(before.get(key), home, zone) for key, home in homes.items()}
    for entry in entries:
        step = STEPS.get(entry.name)
        if step is not None and entry.subject_id in after:
            after[entry.subject_id] = step(after[entry.subject_id], _day(entry.at, zone), entry.data)
    sums = Sums()
    for key, story in after.items():
        sums.move(before.get(key), story)
    ledger_queries.write([story for key, story in after.items() if story != before.get(key)], sums)


def _now(story: Story | None, home: Home, zone: ZoneInfo) -> Story:
    return begun(home, zone) if story is None else placed(story, home)


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


@transactional
def start_over(*, by: Actor) -> None:
    """Forget every figure that comes from the journal; the next roll-ups count them anew.

    For a house that changed its time zone, or after a change of what is counted.
    """
    by.must(Permission.SETTINGS_EDIT)
    ledger_queries.forget_all()
