"""What the roll-up reads and writes: the mark, the rows of tickets, stories and sums, always many at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from app.insight.histogram import counted, flat
from app.insight.ledger import MEASURES, Home, Story, Sums
from app.insight.models import BacklogFact, DayFact, DayMinutes, HourFact, JournalMark, TicketFact, Visit
from app.kernel.db import Base, session
from app.tickets.models import Ticket

_FIELDS = tuple(item.name for item in fields(Story))
_COLUMNS = tuple(getattr(TicketFact, name) for name in _FIELDS)
#: Kind, department, category and day of a histogram.
_Day = tuple[str, int, str, date]
_SUMS = (TicketFact, DayFact, DayMinutes, HourFact, BacklogFact)


def mark(name: str) -> JournalMark | None:
    """How far a reader has come; held until the transaction ends, so that two cannot count the same entries."""
    return session.scalar(select(JournalMark).where(JournalMark.name == name).with_for_update())


def homes(ticket_ids: Iterable[int]) -> dict[int, Home]:
    """Where tickets stand now; those that were erased are missing."""
    wanted = list(ticket_ids)
    if not wanted:
        return {}
    rows = session.execute(
        select(
            Ticket.id, Ticket.department_id, Ticket.category, Ticket.channel, Ticket.turn, Ticket.assignee_id,
            Ticket.merged_into_id, Ticket.opened_at,
        ).where(Ticket.id.in_(wanted))
    )  # fmt: skip
    return {row.id: Home(*row) for row in rows}


def stories(ticket_ids: Iterable[int]) -> dict[int, Story]:
    """What was counted so far of some tickets."""
    wanted = list(ticket_ids)
    if not wanted:
        return {}
    rows = session.execute(select(*_COLUMNS).where(TicketFact.ticket_id.in_(wanted)))
    return {row.ticket_id: Story(*row) for row in rows}


def write(told: Sequence[Story], sums: Sums) -> None:
    """Keep stories as they are now and move the sums."""
    put(TicketFact, [{name: getattr(story, name) for name in _FIELDS} for story in told])
    add(DayFact, _day_rows(sums))
    _write_minutes(sums)
    add(HourFact, _rows(("department_id", "category", "day", "slot"), sums.hours))
    add(BacklogFact, _rows(("department_id", "category", "day", "turn"), sums.backlog))
    session.execute(delete(BacklogFact).where(BacklogFact.count == 0))


def _rows(names: Sequence[str], counted: Mapping[Any, int]) -> list[dict[str, Any]]:
    return [{**dict(zip(names, key, strict=True)), "count": amount} for key, amount in counted.items() if amount]


def _day_rows(sums: Sums) -> list[dict[str, Any]]:
    rows: dict[tuple[int, str, date, str], dict[str, Any]] = {}
    for (department, channel, day, category, measure), amount in sums.days.items():
        key = (department, channel, day, category)
        if key not in rows:
            rows[key] = {"department_id": department, "channel": channel, "day": day, "category": category,
                         **dict.fromkeys(MEASURES, 0)}  # fmt: skip
        rows[key][measure] = amount
    return [row for row in rows.values() if any(row[name] for name in MEASURES)]


def _write_minutes(sums: Sums) -> None:
    moved: dict[_Day, Counter[int]] = {}
    for (kind, department, category, day, bucket), amount in sums.minutes.items():
        if amount:
            moved.setdefault((kind, department, category, day), Counter())[bucket] = amount
    if not moved:
        return
    for key, spread in _spreads(moved).items():
        moved[key].update(spread)
    names = ("kind", "department_id", "category", "day")
    put(DayMinutes, [{**dict(zip(names, key, strict=True)), "spread": flat(counts)} for key, counts in moved.items()])


def _spreads(keys: Collection[_Day]) -> dict[_Day, Counter[int]]:
    kinds, departments, categories, days = (sorted(set(part)) for part in zip(*keys, strict=True))
    query = select(DayMinutes.kind, DayMinutes.department_id, DayMinutes.category, DayMinutes.day, DayMinutes.spread)
    rows = session.execute(query.where(
        DayMinutes.kind.in_(kinds), DayMinutes.department_id.in_(departments), DayMinutes.category.in_(categories),
        DayMinutes.day.in_(days),
    ))  # fmt: skip
    found = {(row.kind, row.department_id, row.category, row.day): counted(row.spread) for row in rows}
    return {key: spread for key, spread in found.items() if key in keys}


def put(table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Write rows, new or instead of those with the same key."""
    _upsert(table, rows, adding=False)


def add(table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Add amounts to rows, or begin them."""
    _upsert(table, rows, adding=True)


def _upsert(table: type[Base], rows: Sequence[dict[str, Any]], *, adding: bool) -> None:
    if not rows:
        return
    # The two databases agree on the sentence, SQLAlchemy has a class for each.
    target = cast(Table, table.__table__)
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    statement = (postgresql.insert if on_postgresql else sqlite.insert)(target)
    keys = [column.name for column in target.primary_key]
    rest = [column for column in target.columns if not column.primary_key]
    given = statement.excluded
    new = {column.name: column + given[column.name] if adding else given[column.name] for column in rest}
    session.connection().execute(statement.on_conflict_do_update(index_elements=keys, set_=new), rows)


def forget_all() -> None:
    """Empty the tables that the journal fills, and begin at its beginning."""
    for table in (*_SUMS, JournalMark):
        session.execute(delete(table))


def visits(day: date, visitors: Iterable[str]) -> dict[str, Visit]:
    """What visitors have done so far on one day."""
    query = select(Visit).where(Visit.day == day, Visit.visitor.in_(list(visitors)))
    return {row.visitor: row for row in session.scalars(query)}


def forget_visits(before: date) -> None:
    """Remove what visitors did before a day; the counts stay."""
    session.execute(delete(Visit).where(Visit.day < before))
