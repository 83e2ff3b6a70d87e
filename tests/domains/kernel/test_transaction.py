"""A verb is one transaction: all of it with its consequences, or nothing."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import IntegrityError

from app.kernel import journal
from app.kernel.access import SYSTEM, Actor, Role
from app.kernel.db import db, session
from app.kernel.errors import Problem, Unavailable
from app.kernel.events import STORM
from app.kernel.transaction import StormError, begun, publish, transactional
from tests.domains.kernel.conftest import TEA, House, Opened, Rang, mark, marks, rows

KARIM = Actor(roles=frozenset({Role.AGENT}), person_id=7, door="desk")


@pytest.fixture
def commits(app: Flask) -> list[str]:
    """Every commit of the database, once more."""
    seen: list[str] = []

    def note(_connection: Connection) -> None:
        seen.append("commit")

    event.listen(db.engine, "commit", note)
    return seen


@transactional
def write(name: str, *then: str) -> None:
    mark(name)
    for other in then:
        write(other)
    publish(Rang(ticket_id=len(name)), by=KARIM)


@transactional
def write_and_fail(name: str) -> None:
    write(name)
    raise Problem("no")


def test_a_verb_commits_once_with_the_verbs_it_calls(house: House, commits: list[str]) -> None:
    write("one", "two", "three")
    assert commits == ["commit"]
    assert marks() == {"one", "two", "three"}


def test_a_verb_that_refuses_leaves_nothing_and_tells_nobody(house: House, commits: list[str]) -> None:
    with pytest.raises(Problem):
        write_and_fail("one")
    assert (marks(), rows(), journal.since(journal.Cursor()), commits) == (set(), [], [], [])
    assert house.at_once == []
    write("two")
    assert [len(some) for some in house.at_once] == [1]


def test_an_inner_refusal_that_is_caught_does_not_undo_the_outer(house: House) -> None:
    @transactional
    def outer() -> None:
        mark("outer")
        try:
            raise Problem("inner")
        except Problem:
            mark("caught")

    outer()
    assert marks() == {"outer", "caught"}


def test_facts_of_one_kind_arrive_together_once_the_verb_is_over(house: House) -> None:
    @transactional
    def ring_twice() -> None:
        publish(Rang(ticket_id=1))
        publish(Rang(ticket_id=2, loud=True))
        assert house.at_once == []

    ring_twice()
    assert house.at_once == [[Rang(ticket_id=1), Rang(ticket_id=2, loud=True)]]
    assert [(row.name, row.kind, row.data) for row in rows()] == [
        (TEA, "_Rang", {"ticket_id": 1, "loud": False}),
        (TEA, "_Rang", {"ticket_id": 2, "loud": True}),
    ]


def test_what_reactions_publish_is_delivered_and_written_down_too(house: House) -> None:
    house.also = lambda some: [publish(Opened(ticket_id=one.ticket_id)) for one in some] and None
    write("one")
    assert [entry.name for entry in journal.since(journal.Cursor())] == ["_Rang", "_Opened"]


def test_a_reaction_at_once_that_fails_undoes_the_verb(house: House) -> None:
    def fail(_some: object) -> None:
        raise ValueError("broken")

    house.also = fail
    with pytest.raises(ValueError, match="broken"):
        write("one")
    assert (marks(), rows()) == (set(), [])


def test_nobody_publishes_outside_a_verb(house: House) -> None:
    with pytest.raises(RuntimeError, match="outside a verb"):
        publish(Rang(ticket_id=1))


def test_a_storm_of_facts_is_refused(house: House) -> None:
    @transactional
    def rage() -> None:
        for number in range(STORM + 1):
            publish(Rang(ticket_id=number))

    with pytest.raises(StormError):
        rage()
    assert rows() == []


def test_a_storm_between_reactions_ends(house: House) -> None:
    house.also = lambda some: publish(Rang(ticket_id=1))
    with pytest.raises(StormError):
        write("one")
    assert marks() == set()


def test_who_wrote_the_same_thing_meanwhile_is_found_on_a_second_look(house: House) -> None:
    looked: list[set[str]] = []

    @transactional
    def write_unless_there() -> None:
        looked.append(marks())
        if len(looked) == 1:
            raise IntegrityError("INSERT", {}, Exception("somebody else was first"))
        mark("mine")

    write_unless_there()
    assert (len(looked), marks()) == (2, {"mine"})


def test_a_second_clash_is_a_fault(house: House) -> None:
    tries: list[int] = []

    @transactional
    def always_twice() -> None:
        tries.append(1)
        mark("same")
        session.execute(text("INSERT INTO slot (name, taken_at) VALUES ('same', '2026-01-01 00:00:00')"))

    with pytest.raises(IntegrityError):
        always_twice()
    assert (len(tries), marks()) == (2, set())


def test_what_was_read_before_is_not_trusted_inside(house: House) -> None:
    mark("half done")
    write("one")
    assert marks() == {"one"}


def test_a_database_that_breaks_off_is_unavailable_and_works_again_afterwards(house: House) -> None:
    @transactional
    def broken_off() -> None:
        mark("one")
        if db.engine.dialect.name == "postgresql":
            own = session.scalar(text("SELECT pg_backend_pid()"))
            with db.engine.connect() as other:
                other.execute(text(f"SELECT pg_terminate_backend({own})"))
        else:
            session.execute(text("PRAGMA query_only=ON"))
        mark("two")

    with pytest.raises(Unavailable):
        broken_off()
    if db.engine.dialect.name == "sqlite":
        session.execute(text("PRAGMA query_only=OFF"))
    write("three")
    assert marks() == {"three"}


def test_a_lock_that_stays_is_unavailable(house: House) -> None:
    with db.engine.connect() as other:
        if db.engine.dialect.name == "postgresql":
            other.execute(text("LOCK TABLE slot"))
            patience = "SET LOCAL lock_timeout = '50ms'"
        else:
            other.execution_options(guichet_writing=True).exec_driver_sql("SELECT 1")
            patience = ""

        @transactional
        def wait() -> None:
            if patience:
                session.execute(text(patience))
            mark("one")

        if not patience:
            event.listen(db.engine, "checkout", _impatient)
        with pytest.raises(Unavailable):
            wait()
        if not patience:
            event.remove(db.engine, "checkout", _impatient)
    assert marks() == set()


def _impatient(connection: object, *_rest: object) -> None:
    connection.execute("PRAGMA busy_timeout=50")  # type: ignore[attr-defined]


def test_the_system_acts_unless_somebody_is_named(house: House) -> None:
    with begun():
        publish(Rang(ticket_id=1))
        publish(Rang(ticket_id=2), by=KARIM)
    told = [(entry.actor_role, entry.actor_id, entry.door) for entry in journal.since(journal.Cursor())]
    assert told == [("system", None, "house"), ("agent", 7, "desk")]
    assert SYSTEM.role == "system"
