"""Facts added up from the journal, a row for each ticket and sums by day; derived, so they may be counted anew.

In every table of sums the empty word stands for all categories, or all channels, together: a page reads one row a day
where it would else add up twenty. No table here holds personal data, and none refers to tickets by foreign key, so that
figures outlive what is erased.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Code, Ref

#: Small rows found by their whole key: on SQLite they live in the key's own tree.
_BY_KEY = {"sqlite_with_rowid": False}


def _sparse(name: str, column: str) -> Index:
    there = text(f"{column} IS NOT NULL")
    return Index(name, "department_id", column, "ticket_id", sqlite_where=there, postgresql_where=there)


class JournalMark(Base):
    """How far in the journal the figures have come, and when that was last looked at."""

    __tablename__ = "journal_mark"

    name: Mapped[Code] = mapped_column(primary_key=True)
    batch: Mapped[Ref] = mapped_column(default=0)
    entry_id: Mapped[Ref] = mapped_column(default=0)
    at: Mapped[datetime]


class TicketFact(Base):
    """What the journal says of one ticket, each thing on one day at most; the sums below follow from these rows alone.

    Days are days of the house. A promise counts on the day it was kept, or on the day its moment passed; what a
    reopened request was solved by is forgotten until it is solved again.
    """

    __tablename__ = "ticket_fact"
    __table_args__ = (
        Index("ix_ticket_fact_received", "department_id", "received_on", "ticket_id"),
        Index("ix_ticket_fact_first", "department_id", "first_on", "ticket_id"),
        Index("ix_ticket_fact_solved", "department_id", "solved_on", "ticket_id"),
        _sparse("ix_ticket_fact_reopened", "reopened_on"),
        _sparse("ix_ticket_fact_marked", "marked_on"),
    )

    ticket_id: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
    department_id: Mapped[Ref]
    category: Mapped[Code]
    channel: Mapped[Code]
    #: free (ours and nobody's), ours, theirs, later, done or away.
    turn: Mapped[Code]
    received_on: Mapped[date]
    #: The two hours of the week in which it came, Monday midnight first: 0 to 83.
    slot: Mapped[int]
    #: Public answers written by people.
    answers: Mapped[int]
    answered_on: Mapped[date | None]
    first_on: Mapped[date | None]
    first_late: Mapped[bool]
    first_minutes: Mapped[int | None]
    solved_on: Mapped[date | None]
    solution_on: Mapped[date | None]
    solution_late: Mapped[bool]
    solution_minutes: Mapped[int | None]
    reopened_on: Mapped[date | None]
    asked_on: Mapped[date | None]
    mark: Mapped[int | None]
    marked_on: Mapped[date | None]


class DayFact(Base):
    """What happened on one day of the house, in numbers."""

    __tablename__ = "day_fact"
    __table_args__ = (_BY_KEY,)

    department_id: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
    channel: Mapped[Code] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    category: Mapped[Code] = mapped_column(primary_key=True)
    received: Mapped[int]
    answered: Mapped[int]
    first_kept: Mapped[int]
    first_late: Mapped[int]
    solved: Mapped[int]
    one_answer: Mapped[int]
    solution_kept: Mapped[int]
    solution_late: Mapped[int]
    reopened: Mapped[int]
    asked: Mapped[int]
    opinions: Mapped[int]
    marks_sum: Mapped[int]
    low_marks: Mapped[int]


class DayMinutes(Base):
    """How long what ended on one day had taken, in opening minutes: a histogram from which percentiles come.

    `spread` holds pairs one after the other, the lower bound of a class of minutes and its count; the whole day is one
    row because a page reads dozens of days.
    """

    __tablename__ = "day_minutes"
    __table_args__ = (_BY_KEY,)

    kind: Mapped[Code] = mapped_column(primary_key=True)
    department_id: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
    category: Mapped[Code] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    spread: Mapped[list[int]]


class HourFact(Base):
    """How many requests came in two hours of one day."""

    __tablename__ = "hour_fact"
    __table_args__ = (_BY_KEY,)

    department_id: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
    category: Mapped[Code] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int]


class BacklogFact(Base):
    """How many requests are open now, by the day they came and whose turn it is; rows that reach zero are removed."""

    __tablename__ = "backlog_fact"
    __table_args__ = (_BY_KEY,)

    department_id: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
    category: Mapped[Code] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    turn: Mapped[Code] = mapped_column(primary_key=True)
    count: Mapped[int]


class Visit(Base):
    """What one visitor of the help pages did on one day; `visitor` is a hash that means nothing the day after."""

    __tablename__ = "visit"
    __table_args__ = (_BY_KEY,)

    day: Mapped[date] = mapped_column(primary_key=True)
    visitor: Mapped[str] = mapped_column(String(32), primary_key=True)
    searched: Mapped[bool]
    read: Mapped[bool]
    asked: Mapped[bool]
    satisfied: Mapped[bool]


class VisitDay(Base):
    """The visits of one day in numbers; all that remains of them."""

    __tablename__ = "visit_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    #: Visitors who searched or read.
    visitors: Mapped[int]
    #: Those of them who sent no request that day.
    alone: Mapped[int]
    searched: Mapped[int]
    read: Mapped[int]
    satisfied: Mapped[int]


class Forecast(Base):
    """What one day foretold of itself and the seven days after; a row for each list, because a page reads it whole.

    What an incident adds is kept apart, so that it may be counted again when one is declared or ends.
    """

    __tablename__ = "forecast"
    __table_args__ = (_BY_KEY,)

    made_on: Mapped[date] = mapped_column(primary_key=True)
    department_id: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
    #: weekdays or learnt, of `trying`.
    method: Mapped[Code]
    #: Requests of each day without incidents, and between which numbers they fall eight times in ten.
    counts: Mapped[list[float]]
    lows: Mapped[list[float]]
    highs: Mapped[list[float]]
    #: What incidents add.
    crowds: Mapped[list[float]]
    #: How it did on days that were past when it was made.
    tried_days: Mapped[int]
    tried_mape: Mapped[float]
    tried_inside: Mapped[float]
    #: How the forecasts of the weeks before did, once their days had come.
    kept_days: Mapped[int]
    kept_mape: Mapped[float]
    kept_inside: Mapped[float]
