"""F16, F17: a worker that cannot start, and several workers on one queue whose clocks differ."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

import pytest

from app.kernel import clock, jobs
from app.kernel.db import session
from app.kernel.jobs import Job, Slot
from app.kernel.transaction import begun
from app.mail import intake
from app.mail.intake import Envelope
from tests.doors.cli.conftest import ROOT
from tests.faults.house import LONGEST, House, answers, letter, markers, once, until
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
    with house.worker(), house.web() as (_process, url):
        until(lambda: markers() == once([0]))
        assert healthy(url) == {"database": True, "mail": True, "worker": True}
    house.well()


def healthy(url: str) -> dict[str, bool]:
    """What `/health` says of each thing."""
    with urllib.request.urlopen(f"{url}/health", timeout=10) as answer:
        checks: dict[str, bool] = json.load(answer)["checks"]
    return checks
