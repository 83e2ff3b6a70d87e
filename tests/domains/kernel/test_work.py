"""Running waiting jobs: in groups, poison alone, effects outside any transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.kernel import clock, jobs, work
from app.kernel.db import session
from app.kernel.transaction import begun, transactional
from tests.domains.kernel.conftest import CAKE, TEA, House, Rang, mark, marks, rows
from tests.domains.kernel.test_jobs import leave


def test_a_group_is_one_transaction_with_the_end_of_its_jobs(house: House) -> None:
    house.also = lambda some: mark(f"{len(some)} together")
    leave(*range(30))
    assert work.run_due() == 30
    assert (marks(), rows()) == ({"30 together"}, [])


def test_poison_stays_alone(house: House, noon: datetime) -> None:
    def choke(some: Sequence[Any]) -> None:
        for one in some:
            mark(f"did {one.ticket_id}")
            if one.ticket_id == 3:
                raise ValueError("poison")

    house.also = choke
    leave(1, 2, 3, 4)
    assert work.run_due() == 4
    assert marks() == {"did 1", "did 2", "did 4"}
    (left,) = rows()
    assert (left.data["ticket_id"], left.tries, left.failed) == (3, 1, "ValueError: poison")


def test_effects_run_outside_any_transaction_and_verbs_inside_them_commit(house: House) -> None:
    @transactional
    def record() -> None:
        mark("the cake came")

    def fetch(_some: object) -> None:
        assert not session().in_transaction()
        record()
        assert marks() == {"the cake came"}

    house.also = fetch
    leave(1, name=CAKE)
    assert work.run_due() == 1
    assert (len(house.later), rows()) == (1, [])


def test_an_effect_that_fails_is_put_back(house: House, noon: datetime) -> None:
    def fail(_some: object) -> None:
        raise OSError("no shop open")

    house.also = fail
    leave(1, name=CAKE)
    work.run_due()
    (left,) = rows()
    assert (left.tries, left.failed) == (1, "OSError: no shop open")


def test_a_job_taken_over_meanwhile_leaves_no_trace(house: House, noon: datetime) -> None:
    def too_slow(_some: object) -> None:
        mark("too late")

    house.also = too_slow
    leave(1)
    with begun():
        claim = jobs.claim()
    with begun():
        session.query(jobs.Job).update({"fence": 99})
    assert claim is not None
    work._run(claim)
    assert (marks(), [row.tries for row in rows()]) == (set(), [0])


def test_yesterdays_shape_of_a_fact_is_understood(house: House) -> None:
    with begun():
        jobs.enqueue(TEA, [("_Rang", {"ticket_id": 1, "colour": "red"})])
    work.run_due()
    assert house.later == [[Rang(ticket_id=1, loud=False)]]


def test_a_fact_nobody_knows_any_more_waits_in_sight(house: House, noon: datetime) -> None:
    with begun():
        jobs.enqueue(TEA, [("_Forgotten", {"ticket_id": 1})])
    work.run_due()
    (left,) = rows()
    assert (left.tries, left.failed) == (1, "KeyError: '_Forgotten'")


def test_a_worker_refuses_names_nobody_answers_to(house: House) -> None:
    work.refuse_unknown_names()
    leave(1)
    work.refuse_unknown_names()
    leave(2, name="kernel.gone")
    with pytest.raises(RuntimeError, match=r"kernel\.gone"):
        work.refuse_unknown_names()


def test_the_number_of_jobs_can_be_limited(house: House) -> None:
    leave(1)
    leave(2, name=CAKE)
    assert work.run_due(most=1) == 1
    assert len(rows()) == 1


def test_a_question_that_failed_before_does_not_stop_the_next_turn(house: House) -> None:
    with pytest.raises(DBAPIError):
        session.execute(text("SELECT nonsense FROM nowhere"))
    assert work.take_turn("sweep", timedelta(minutes=1))


def test_nothing_due_writes_nothing(house: House) -> None:
    assert work.run_next() == 0
    assert not session().in_transaction()


def test_work_that_lasts_longer_than_its_lease_is_kept_from_others_as_long_as_it_goes_on(
    house: House, noon: datetime
) -> None:
    meanwhile: list[int] = []

    def long(_some: object) -> None:
        for _ in range(4):
            clock.advance(jobs.LEASE / 2)
            work.go_on()
            with begun():
                meanwhile.append(0 if jobs.claim() is None else 1)

    house.also = long
    leave(1, name=CAKE)
    assert work.run_due() == 1
    assert (meanwhile, len(house.later), rows()) == ([0] * 4, 1, [])


def test_work_that_was_taken_over_does_nothing_more(house: House, noon: datetime) -> None:
    def slow(_some: object) -> None:
        clock.advance(jobs.LEASE)
        with begun():
            assert jobs.claim() is not None  # another worker takes it for dead
        work.go_on()
        mark("went on all the same")

    house.also = slow
    leave(1, name=CAKE)
    assert work.run_next() == 1
    (left,) = rows()
    assert (marks(), left.tries, left.failed) == (set(), 1, None)


def test_whatever_is_no_job_goes_on_freely(house: House, noon: datetime) -> None:
    clock.advance(jobs.LEASE * 2)
    work.go_on()
