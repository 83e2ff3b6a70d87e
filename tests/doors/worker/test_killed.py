"""Workers that are killed while letters leave: every letter arrives, and only one window can double it."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.factory import create_app
from app.kernel import clock
from app.kernel.db import db, session
from app.kernel.transaction import begun
from app.mail import outgoing
from app.mail.models import LetterOut
from app.mail.outgoing import Letter
from app.people import service as people
from app.people.service import Writer
from tests.conftest import settings_for
from tests.doors.cli.conftest import ROOT, environment
from tests.sink import Sink, sinking


@pytest.fixture
def sink() -> Iterator[Sink]:
    with sinking() as one:
        yield one


@pytest.fixture
def house(sqlite_template: Path, tmp_path: Path) -> Iterator[Flask]:
    shutil.copytree(sqlite_template, tmp_path / "data")
    made = create_app(settings_for(tmp_path / "data"))
    with made.app_context():
        yield made
        session.remove()
        db.engine.dispose()


def written(count: int) -> list[str]:
    """Letters in the outbox; each address is its letter's marker."""
    emails = [f"marque{n}@d{n % 7}.example" for n in range(count)]
    persons = people.recognise([Writer(email, "") for email in emails])
    made = [
        Letter(
            kind="sign_in", to_person=persons[email], language="fr", values={"sign_in": f"http://localhost/{email}/"}
        )
        for email in emails
    ]
    outgoing.write(made)
    session.remove()
    return emails


@contextmanager
def worker(house: Flask, sink: Sink) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "work"], cwd=ROOT,
        env=environment(Path(house.instance_path), SMTP_URL=sink.url, MAIL_PACE=""), stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


def killed(process: subprocess.Popen[bytes]) -> Callable[[], None]:
    def kill() -> None:
        os.kill(process.pid, signal.SIGKILL)
        process.wait(10)

    return kill


def states() -> Counter[str]:
    session.rollback()
    return Counter(row.state for row in session.query(LetterOut))


def five_minutes_pass() -> None:
    """The leases of whoever died end."""
    with begun():
        for row in session.query(LetterOut).where(LetterOut.state != "sent"):
            row.next_at = clock.now() - timedelta(seconds=1)


def finished(house: Flask, sink: Sink, count: int) -> None:
    """Another worker does what is left."""
    five_minutes_pass()
    with worker(house, sink):
        tick = threading.Event()
        for _ in range(600):
            if states() == {"sent": count}:
                return
            tick.wait(0.1)
    raise AssertionError(states())


def arrivals(sink: Sink) -> Counter[str]:
    return Counter(str(letter["To"]).partition("<")[2].strip(">") for letter in sink.taken)


def struck(house: Flask, sink: Sink, word: str) -> None:
    """A worker is killed at a word of its conversation."""
    done = threading.Event()
    with worker(house, sink) as process:
        kill = killed(process)

        def strike() -> None:
            if not done.is_set():
                kill()
                done.set()

        sink.at[word] = strike
        assert done.wait(60)
    sink.at.clear()
    assert states()["sent"] == 0


@pytest.mark.parametrize("word", ["CONNECT", "RCPT", "DATA", "END"])
def test_killed_before_the_server_answered_for_it_a_letter_arrives_once(house: Flask, sink: Sink, word: str) -> None:
    (email,) = written(1)
    sink.forgets = True
    sink.drops.add(word)
    struck(house, sink, word)
    sink.drops.clear()
    assert not sink.raw
    finished(house, sink, 1)
    assert arrivals(sink) == {email: 1}


def test_killed_between_the_servers_word_and_ours_a_letter_arrives_twice_under_one_name(
    house: Flask, sink: Sink
) -> None:
    (email,) = written(1)
    lock = sqlite3.connect(Path(house.instance_path) / "guichet.sqlite3", check_same_thread=False, isolation_level=None)
    sink.at["END"] = lambda: lock.execute("BEGIN IMMEDIATE") and None
    done = threading.Event()
    with worker(house, sink) as process:
        kill = killed(process)

        def strike() -> None:
            kill()
            done.set()

        sink.at["after END"] = strike
        assert done.wait(60)
    sink.at.clear()
    lock.execute("ROLLBACK")
    lock.close()
    assert states() == {"sending": 1}
    finished(house, sink, 1)
    assert arrivals(sink) == {email: 2}
    assert len({letter["Message-ID"] for letter in sink.taken}) == 1


def test_killed_at_random_moments_no_letter_is_lost_and_doubles_bear_one_name(house: Flask, sink: Sink) -> None:
    emails, kills, chance = written(60), 3, random.Random(418_207)
    for _ in range(kills):
        struck_after, done = chance.randrange(5, 90), threading.Event()
        with worker(house, sink) as process:
            kill, seen = killed(process), iter(range(struck_after))
            words = threading.Lock()

            def strike(
                seen: Iterator[int] = seen,
                kill: Callable[[], None] = kill,
                done: threading.Event = done,
                words: threading.Lock = words,
            ) -> None:
                with words:
                    if next(seen, None) is None and not done.is_set():
                        kill()
                        done.set()

            sink.at |= dict.fromkeys(("MAIL", "RCPT", "DATA", "END", "RSET"), strike)
            assert done.wait(60)
        sink.at.clear()
        five_minutes_pass()
    finished(house, sink, len(emails))
    got = arrivals(sink)
    assert set(got) == set(emails)
    names = {(str(letter["To"]), letter["Message-ID"]) for letter in sink.taken}
    assert len(names) == len(emails)
    assert sum(got.values()) - len(emails) <= kills * 2  # two threads may each hold one


def test_a_worker_told_to_end_finishes_the_letter_it_holds(house: Flask, sink: Sink) -> None:
    (email,) = written(1)
    with worker(house, sink) as process:
        sink.at["DATA"] = process.terminate
        assert process.wait(60) == 0
    assert states() == {"sent": 1}
    assert arrivals(sink) == {email: 1}
