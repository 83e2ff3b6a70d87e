"""The journal: every fact in order, never changed, never stepped over."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError

from app.kernel import clock, journal
from app.kernel.access import Actor, Role
from app.kernel.db import db, session
from app.kernel.journal import Cursor, JournalEntry
from app.kernel.transaction import begun, publish
from tests.domains.kernel.conftest import House, Opened, Rang

INES = Actor(roles=frozenset({Role.STAFF, Role.MANAGER}), person_id=3, door="desk")
#: Tables whose rows are only ever added.
APPEND_ONLY = ("journal", "setting_change")


def ring(*numbers: int) -> None:
    with begun():
        for number in numbers:
            publish(Rang(ticket_id=number), by=INES)


def test_a_fact_is_kept_with_who_caused_it_and_through_which_door(house: House, noon: datetime) -> None:
    ring(41)
    (entry,) = journal.since(Cursor())
    assert (entry.name, entry.subject_id, entry.at, entry.data) == ("_Rang", 41, noon, {"ticket_id": 41, "loud": False})
    assert (entry.actor_role, entry.actor_id, entry.door) == ("manager", 3, "desk")


def test_what_happened_to_one_subject_is_told_oldest_first(house: House) -> None:
    ring(1, 2, 1)
    with begun():
        publish(Opened(ticket_id=1))
    assert [entry.name for entry in journal.about(1)] == ["_Rang", "_Rang", "_Opened"]
    assert [entry.name for entry in journal.about(1, limit=1)] == ["_Opened"]
    assert list(journal.about(99)) == []


def test_a_reader_follows_by_cursor_and_meets_each_fact_once(house: House) -> None:
    ring(1, 2, 3)
    ring(4)
    cursor, met = Cursor(), []
    while some := journal.since(cursor, limit=2):
        met += [entry.subject_id for entry in some]
        cursor = Cursor(some[-1].batch, some[-1].id)
    assert met == [1, 2, 3, 4]


@pytest.mark.postgresql  # SQLite has one writer at a time
def test_a_transaction_that_commits_late_is_not_stepped_over(house: House) -> None:
    values = {"at": clock.now(), "name": "_Rang", "actor_role": "system", "door": "house", "data": {}}
    with db.engine.connect() as slow:
        slow.execute(insert(JournalEntry).values(subject_id=1, **values))
        ring(2)
        assert journal.since(Cursor()) == []
        session.rollback()
        slow.commit()
    assert [entry.subject_id for entry in journal.since(Cursor())] == [1, 2]


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_what_is_written_is_never_changed(house: House, table: str, statement: str) -> None:
    _refused(statement.format(table), table)


@pytest.mark.postgresql  # SQLite has no such statement
@pytest.mark.parametrize("table", APPEND_ONLY)
def test_what_is_written_is_not_emptied_at_once_either(house: House, table: str) -> None:
    _refused(f"TRUNCATE {table}", table)


def _refused(statement: str, table: str) -> None:
    ring(1)
    count = session.scalar(text(f"SELECT count(*) FROM {table}"))
    assert count
    with pytest.raises(DBAPIError, match="only ever added"):
        session.execute(text(statement))
    session.rollback()
    assert session.scalar(text(f"SELECT count(*) FROM {table}")) == count
