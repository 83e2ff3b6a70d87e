"""Waiting work: whose it is, for how long, and what becomes of work that fails."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError

from app.kernel import clock, jobs, work
from app.kernel.db import session
from app.kernel.jobs import GROUP, LEASE, TRIES, Claim, Job, LeaseLost
from app.kernel.transaction import begun
from tests.domains.kernel.conftest import CAKE, TEA, House, Rang, rows

MINUTE = timedelta(minutes=1)


def leave(*numbers: int, name: str = TEA, run_at: datetime | None = None) -> None:
    with begun():
        jobs.enqueue(name, [("_Rang", {"ticket_id": number}) for number in numbers], run_at=run_at)


def claimed(limit: int = GROUP) -> Claim | None:
    with begun():
        return jobs.claim(limit=limit)


def numbers(claim: Claim | None) -> list[int]:
    return [data["ticket_id"] for _, _, data in claim.jobs] if claim else []


def test_a_claim_takes_a_group_of_one_name_oldest_first(house: House, noon: datetime) -> None:
    leave(1, 2, run_at=noon - MINUTE)
    leave(3, name=CAKE, run_at=noon - 3 * MINUTE)
    leave(*range(4, 4 + GROUP), run_at=noon - 2 * MINUTE)
    assert numbers(claimed()) == [3]
    assert numbers(claimed()) == list(range(4, 4 + GROUP))
    assert numbers(claimed()) == [1, 2]
    assert claimed() is None


def test_work_for_later_waits_for_its_moment(house: House, noon: datetime) -> None:
    leave(1, run_at=noon + MINUTE)
    assert (jobs.any_due(), claimed()) == (False, None)
    clock.advance(MINUTE)
    assert jobs.any_due()
    assert numbers(claimed()) == [1]


def test_claimed_work_is_nobody_elses_until_the_lease_ends(house: House, noon: datetime) -> None:
    leave(1)
    first = claimed()
    assert claimed() is None
    clock.advance(LEASE)
    second = claimed()
    assert (numbers(first), numbers(second)) == ([1], [1])
    assert first is not None
    assert second is not None
    with pytest.raises(LeaseLost), begun():
        jobs.finish(first)
    with begun():
        jobs.put_back(first, "too late to complain")
    assert [row.tries for row in rows()] == [1]  # the worker that was taken for dead, not its complaint
    assert claimed() is None
    with begun():
        jobs.finish(second)
    assert rows() == []


def test_a_lease_that_ended_without_an_outcome_is_seen(house: House, noon: datetime) -> None:
    leave(1)
    claimed()
    assert jobs.overdue_claims() == 0
    clock.advance(2 * LEASE)
    assert jobs.overdue_claims() == 1


def test_work_that_ends_its_workers_is_taken_alone_and_given_up(house: House, noon: datetime) -> None:
    leave(1, 2)
    assert numbers(claimed()) == [1, 2]
    clock.advance(LEASE)
    leave(3)
    alone, other = claimed(), claimed()
    assert (numbers(alone), numbers(other)) == ([1], [2])
    assert other is not None
    with begun():
        jobs.finish(other)
    assert numbers(claimed()) == [3]
    with begun():
        session.execute(delete(Job).where(Job.tries == 0))
    for _ in range(TRIES - 2):
        clock.advance(LEASE)
        assert numbers(claimed()) == [1]
    clock.advance(LEASE)
    assert claimed() is None
    assert [(row.data["ticket_id"], row.tries, row.failed) for row in jobs.failed()] == [(1, TRIES, jobs.DIED)]


def test_failed_work_is_tried_again_after_2_4_8_16_minutes_then_waits_for_a_person(
    house: House, noon: datetime
) -> None:
    def fail(_some: object) -> None:
        raise ValueError("no water")

    house.also = fail
    leave(1)
    waits = []
    for _ in range(TRIES):
        assert work.run_due() == 1
        (row,) = rows()
        waits.append(row.run_at and (row.run_at - clock.now()) // MINUTE)
        assert work.run_due() == 0
        clock.advance(MINUTE * (waits[-1] or 0))
    assert waits == [2, 4, 8, 16, None]
    clock.advance(timedelta(days=365))
    assert work.run_due() == 0
    (seen,) = jobs.failed()
    assert (seen.tries, seen.failed, jobs.waiting()) == (TRIES, "ValueError: no water", 0)


def test_a_person_can_have_failed_work_done_again(house: House, noon: datetime) -> None:
    leave(1)
    with begun():
        session.query(Job).update({"run_at": None, "tries": TRIES, "failed": "no water"})
    job_id = jobs.failed()[0].id
    with begun():
        assert jobs.take_up(job_id)
        assert not jobs.take_up(job_id)
    assert (jobs.failed(), jobs.waiting()) == ([], 1)
    assert work.run_due() == 1
    assert house.later == [[Rang(ticket_id=1)]]


def test_work_with_a_key_is_left_once(house: House) -> None:
    values = {"name": TEA, "kind": "_Rang", "data": {}, "run_at": clock.now(), "tries": 0, "fence": 0}
    with begun():
        session.execute(
            insert(Job), [{**values, "key": "a"}, {**values, "key": "b"}, {**values, "name": CAKE, "key": "a"}]
        )
    with pytest.raises(IntegrityError), begun():
        session.execute(insert(Job), [{**values, "key": "a"}])
    leave(1, 2)
    assert len(rows()) == 5


def together(app: Flask, count: int, act: object) -> list[object]:
    """The same thing done by several workers at the same moment, each with a connection of its own."""
    results: list[object] = []
    start = threading.Barrier(count)

    def worker() -> None:
        with app.app_context():
            start.wait(timeout=10)
            results.append(act())  # type: ignore[operator]
            session.remove()

    threads = [threading.Thread(target=worker) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(results) == count, "a worker died"
    return results


def test_workers_side_by_side_never_take_the_same_job(house: House, app: Flask) -> None:
    leave(*range(120))

    def take_all() -> list[int]:
        mine: list[int] = []
        while jobs.any_due():
            session.rollback()
            mine += numbers(claimed(limit=7))
        return mine

    taken = together(app, 3, take_all)
    counts = Counter(number for mine in taken for number in mine)  # type: ignore[attr-defined]
    assert counts == Counter(range(120))


@pytest.mark.postgresql  # on SQLite a second writer waits for the first
def test_a_claim_under_way_hides_its_jobs_from_another_connection(house: House, app: Flask) -> None:
    leave(1, 2, 3)
    with begun():
        first = jobs.claim(limit=2)
        (second,) = together(app, 1, claimed)
    assert (numbers(first), numbers(second)) == ([1, 2], [3])  # type: ignore[arg-type]


def test_workers_side_by_side_do_each_job_once(house: House, app: Flask) -> None:
    leave(*range(50))
    leave(*range(50, 100), name=CAKE)
    together(app, 2, work.run_due)
    work.run_due()
    done = Counter(event.ticket_id for some in house.later for event in some)
    assert done == Counter(range(100))


@pytest.mark.parametrize("name", ["first turn", "second turn", "third turn"])
def test_a_turn_is_taken_by_one_worker_the_very_first_one_too(house: House, app: Flask, name: str) -> None:
    assert sorted(together(app, 4, lambda: work.take_turn(name, MINUTE))) == [False, False, False, True]  # type: ignore[type-var]
    assert not work.take_turn(name, MINUTE)


def test_a_turn_comes_again_after_its_time(house: House, noon: datetime) -> None:
    assert work.take_turn("sweep", MINUTE)
    assert not work.take_turn("sweep", MINUTE)
    assert work.take_turn("another", MINUTE)
    clock.advance(MINUTE)
    assert work.take_turn("sweep", MINUTE)
