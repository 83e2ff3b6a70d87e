"""Workers killed outright in every phase of an answer to a crowd, and two at once: everybody is told once."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.factory import create_app
from app.health import queries as checks
from app.incidents import answering
from app.incidents.models import CrowdAnswer, CrowdRecipient
from app.kernel import clock, work
from app.kernel.access import Actor
from app.kernel.db import db, session
from app.kernel.jobs import Job
from app.mail.models import LetterOut
from app.people import entry
from app.people.entry import signed_in
from app.tickets.models import Message
from tests.cast import INES, PASSWORD
from tests.conftest import settings_for
from tests.crowds import a_crowd, a_written_answer, an_incident
from tests.doors.cli.conftest import ROOT, environment

PEOPLE = 240
#: What a worker does when it is killed: the beginning of a statement, or the end of a transaction that held one.
PHASES = (
    "INSERT INTO crowd_recipient", "UPDATE crowd_recipient SET wave", "DELETE FROM job", "INSERT INTO job",
    "INSERT INTO message", "UPDATE crowd_recipient SET ticket_id", "UPDATE ticket SET", "INSERT INTO journal",
    "COMMIT INSERT INTO message", "INSERT INTO letter_out", "COMMIT UPDATE crowd_recipient SET ticket_id",
    "INSERT INTO incident_step",
)  # fmt: skip
#: A worker that kills itself, as the kernel would, at a certain statement.
DYING = """
import os, signal, sys
from sqlalchemy import event
from app.factory import create_app
from app.kernel import work
from app.kernel.db import db
phase, at_commit = sys.argv[1].removeprefix("COMMIT "), sys.argv[1].startswith("COMMIT ")
seen = []
def die():
    os.kill(os.getpid(), signal.SIGKILL)
def before(_conn, _cursor, statement, *_rest):
    if " ".join(statement.split()).startswith(phase):
        seen.append(statement)
        if not at_commit:
            die()
def commit(_conn):
    if at_commit and seen:
        die()
with create_app().app_context():
    event.listen(db.engine, "before_cursor_execute", before)
    event.listen(db.engine, "commit", commit)
    work.run_due()
"""


@pytest.fixture
def house(sqlite_template: Path, tmp_path: Path) -> Iterator[Flask]:
    shutil.copytree(sqlite_template, tmp_path / "data")
    made = create_app(settings_for(tmp_path / "data"))
    with made.app_context():
        yield made
        session.remove()
        db.engine.dispose()


def ines() -> Actor:
    found = signed_in(entry.sign_in(INES.email, PASSWORD))
    assert found is not None
    return found.actor


def begun(by: Actor) -> int:
    incident = an_incident(by)
    a_crowd(incident, PEOPLE)
    answer = a_written_answer(incident, by)
    answering.start(answer, seen_version=1, by=by)
    return answer


def row_of(answer: int) -> CrowdAnswer:
    session.rollback()
    return session.get_one(CrowdAnswer, answer, populate_existing=True)


def five_minutes_pass() -> None:
    """The leases of whoever died end."""
    session.rollback()
    session.query(Job).filter(Job.fence != 0).update({"run_at": clock.now(), "tries": 0})
    session.commit()


def told_once(answer: int) -> None:
    """Everybody has one message and one letter of it, and no row says otherwise."""
    session.rollback()
    assert checks.recipients_wrong() == 0
    rows = session.query(CrowdRecipient).filter_by(answer_id=answer).all()
    assert Counter(row.state for row in rows) == {"said": PEOPLE}
    keys = [key for (key,) in session.query(Message.submission).filter(Message.submission.like("crowd-%"))]
    assert sorted(keys) == sorted(f"crowd-{answer}-{row.person_id}" for row in rows)
    letters = session.query(LetterOut.message_id).filter(LetterOut.kind == "answer")
    assert sorted(key for (key,) in letters) == sorted(row.message_id for row in rows if row.message_id)


def killed_at(house: Flask, phase: str) -> bool:
    """Let a worker do all there is to do; whether it died of it at a phase."""
    session.remove()
    db.engine.dispose()
    settings = environment(Path(house.instance_path), LOG_LEVEL="ERROR")
    done = subprocess.run([sys.executable, "-c", DYING, phase], cwd=ROOT, env=settings, timeout=60, check=False)
    assert done.returncode in {0, -signal.SIGKILL}
    return done.returncode == -signal.SIGKILL


def look_and_go_on(answer: int, by: Actor) -> bool:
    row = row_of(answer)
    if row.state == "held":
        answering.go_on(answer, seen_version=row.version, by=by)
    return row.state != "done"


def test_killed_in_every_phase_everybody_is_told_once(house: Flask) -> None:
    by = ines()
    answer = begun(by)
    for phase in PHASES:
        while not killed_at(house, phase):
            assert look_and_go_on(answer, by), f"never came to {phase}"
        five_minutes_pass()
        assert checks.recipients_wrong() == 0
        look_and_go_on(answer, by)
    while look_and_go_on(answer, by):
        work.run_due()
    told_once(answer)


def test_two_workers_killed_at_random_moments_tell_everybody_once(house: Flask) -> None:
    by = ines()
    answer, chance, tick = begun(by), random.Random(20261110), threading.Event()
    settings = environment(Path(house.instance_path), LOG_LEVEL="ERROR", MAIL_PACE="")
    for _ in range(60):
        session.remove()
        db.engine.dispose()
        workers = [
            subprocess.Popen([sys.executable, "-m", "flask", "--app", "wsgi", "work"], cwd=ROOT, env=settings,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for _ in range(2)
        ]  # fmt: skip
        before = progressed(answer)
        for _ in range(300):
            if progressed(answer) != before:
                break
            tick.wait(0.1)
        tick.wait(chance.random() * 0.4)
        for worker in workers:
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait(10)
        five_minutes_pass()
        assert checks.recipients_wrong() == 0
        if not look_and_go_on(answer, by):
            break
    work.run_due()
    told_once(answer)


def progressed(answer: int) -> tuple[object, ...]:
    session.rollback()
    rows = session.query(CrowdRecipient).filter_by(answer_id=answer)
    row = session.get_one(CrowdAnswer, answer, populate_existing=True)
    return row.state, row.wave, row.fixed_up_to, rows.filter_by(state="said").count(), rows.count()
