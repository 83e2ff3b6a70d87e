"""F16, F17: a worker that cannot start, and several workers on one queue whose clocks differ."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app.kernel import clock, jobs, runs
from app.kernel.db import session
from app.kernel.jobs import Job, Slot
from app.kernel.runs import Run
from app.kernel.transaction import begun
from app.mail import intake
from app.mail.intake import Envelope
from tests.cast import ADELE, KARIM, Character
from tests.doors.cli.conftest import ROOT
from tests.doors.desk.steps import page
from tests.faults.house import LONGEST, House, answers, delivered, letter, markers, once, until
from tests.faults.scale import JOBS, SOAK

#: A worker whose clock is so many seconds wrong.
SKEWED = """
import sys
from datetime import timedelta
from app.kernel import clock
right, wrong = clock.now, timedelta(seconds=float(sys.argv[1]))
clock.now = lambda: right() + wrong
from wsgi import application
from app.worker import loop
loop.run(application)
"""


@contextmanager
def skewed_worker(house: House, seconds: int) -> Iterator[None]:
    """A worker whose clock is wrong."""
    process = subprocess.Popen(
        [sys.executable, "-c", SKEWED, str(seconds)], cwd=ROOT, env=house.environment(), stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.kill()
        process.wait(10)


@pytest.mark.parametrize("count", [2, 8] if SOAK else [3])
def test_workers_side_by_side_do_each_job_once_though_their_clocks_differ(house: House, count: int) -> None:
    """F17: what ends its lease during the work is refused at the commit: tests/domains/kernel/test_jobs.py."""
    raws = [(letter(number), Envelope()) for number in range(JOBS)]
    for start in range(0, JOBS, 200):
        intake.store_letters(raws[start : start + 200])
    session.remove()
    with ExitStack() as workers:
        for place in range(count):
            workers.enter_context(skewed_worker(house, 300 * (place % 3 - 1)))
        until(lambda: sum(markers().values()) >= JOBS and jobs.waiting() == 0, LONGEST * 2)
    assert markers() == once(range(JOBS))
    assert jobs.failed() == []
    house.well()


def test_a_worker_that_cannot_start_harms_nothing_and_the_queue_is_kept(house: House) -> None:
    """F16: an unknown job stops every start with one sentence; pages are served, letters taken, nothing is tried."""
    intake.store_letters([(letter(0), Envelope())])
    with begun():
        jobs.enqueue("mail.of_another_release", [("LetterStored", {"letter_id": 1})])
    session.remove()
    for _ in range(3):
        told = house.flask("work")
        assert told.returncode == 1
        assert told.stderr.strip().splitlines()[-1].endswith("mail.of_another_release")
    with begun():
        session.query(Slot).delete()
        session.add(Slot(name="sweep promises", taken_at=clock.now() - timedelta(minutes=4)))
    with house.web() as (_process, url), house.mail_room() as (_room, port):
        assert healthy(url) == {"database": True, "mail": True, "worker": False}
        assert [check["id"] for check in house.doctor()] == ["worker"]
        assert answers(port)
    session.rollback()
    assert [(row.tries, row.fence) for row in session.query(Job)] == [(0, 0), (0, 0)]
    with begun():
        session.query(Job).filter_by(name="mail.of_another_release").delete()
    long_ago()
    with house.worker(), house.web() as (_process, url):
        until(lambda: markers() == once([0]))
        assert healthy(url) == {"database": True, "mail": True, "worker": True}
    house.well()


def long_ago() -> None:
    """The time passes in which somebody mends what was wrong."""
    with begun():
        for run in session.query(Run):
            run.began_at -= runs.LATELY


def healthy(url: str) -> dict[str, bool]:
    """What `/health` says of each thing."""
    with urllib.request.urlopen(f"{url}/health", timeout=10) as answer:
        checks: dict[str, bool] = json.load(answer)["checks"]
    return checks


#: A worker whose schedule breaks it, as a bad release does, or that is killed at once, as by a system without memory.
BROKEN = """
import os, sys
from wsgi import application
from app.kernel import runs, work
from app.worker import loop
def broken():
    if sys.argv[1] == "raises":
        raise ZeroDivisionError("a bad release")
    os._exit(9)
work.take_turns = broken
loop.run(application)
"""


def broken_worker(house: House, way: str) -> tuple[float, float]:
    """Let a broken worker run to its end. Shape: (seconds it should wait first, seconds after which it began)."""
    asked, began = runs.brake(), clock.now()
    done = subprocess.run(
        [sys.executable, "-c", BROKEN, way], cwd=ROOT, env=house.environment(), stderr=subprocess.DEVNULL
    )
    assert done.returncode != 0
    session.rollback()
    run = session.query(Run).order_by(Run.id.desc()).first()
    assert run is not None
    return asked, (run.began_at - began).total_seconds()


def test_a_worker_that_ends_again_and_again_waits_ever_longer_with_one_alarm(
    house: House, sign_in: Callable[[Character], FlaskClient]
) -> None:
    """F16: a bad release. Pages are served, letters taken, the queue is kept; one alarm says why; a good one ends it."""
    intake.store_letters([(letter(0), Envelope())])
    session.remove()
    waits = [broken_worker(house, "raises") for _ in range(4)]
    assert [asked for asked, _ in waits] == [0.0, 2.0, 4.0, 8.0]
    assert all(waited >= asked for asked, waited in waits)
    found = runs.loop()
    assert found is not None
    assert (found.times, found.why) == (4, "ZeroDivisionError: a bad release")
    assert runs.brake() == 16.0
    with house.web() as (_process, url), house.mail_room() as (_room, port):
        assert healthy(url)["worker"] is False
        delivered(port, [1])
        (said,) = house.doctor()
        assert said["id"] == "worker"
        assert "a bad release" in said["detail"]
    html = page(sign_in(ADELE), "/regie/moi")
    assert html.count("s’est arrêté de lui-même 4 fois") == 1
    assert "a bad release" in html
    assert "s’est arrêté" not in page(sign_in(KARIM), "/regie/moi")
    session.rollback()
    assert {row.tries for row in session.query(Job)} == {0}
    long_ago()
    with house.worker():
        until(lambda: markers() == once([0, 1]))
    house.well()


def test_a_worker_that_is_killed_at_once_each_time_is_told_of_too(house: House) -> None:
    """F16: nothing is left that could say why."""
    for _ in range(3):
        broken_worker(house, "dies")
    assert runs.loop() is None  # so many at once may be so many workers that live
    with begun():
        for run in session.query(Run):
            run.began_at, run.seen_at = (moment - runs.SILENCE for moment in (run.began_at, run.seen_at))
    found = runs.loop()
    assert found is not None
    assert (found.times, found.why) == (3, "")
    assert runs.brake() == 8.0


def test_one_that_holds_ends_the_alarm_and_a_good_end_leaves_nothing(house: House) -> None:
    for _ in range(3):
        runs.failed(runs.begin(), "it fell")
    assert runs.loop() is not None
    with begun():
        moment = clock.now()
        for run in session.query(Run):
            run.began_at, run.seen_at, run.ended_at = (moment - 2 * runs.STEADY,) * 3
    holds = runs.begin()
    assert runs.loop() is not None
    with begun():
        session.query(Run).filter_by(id=holds).update({"began_at": moment - runs.STEADY - timedelta(seconds=1)})
    assert runs.loop() is None
    runs.ended(holds)
    assert session.query(Run).count() == 3
    with house.worker() as process:
        until(lambda: session.rollback() or session.query(Run).count() == 4)  # type: ignore[func-returns-value]
        process.terminate()
        assert process.wait(60) == 0
    session.rollback()
    assert session.query(Run).count() == 3
