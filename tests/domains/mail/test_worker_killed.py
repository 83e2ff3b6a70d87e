"""A worker killed while it files letters: what it had begun is filed by the next one, once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from flask import Flask

from app.health import service as health
from app.kernel import clock, jobs, work
from app.kernel.db import session
from app.mail import intake
from app.mail.intake import Envelope
from app.tickets.models import Message, Ticket
from config import Settings
from tests.makers import a_letter

ROOT = Path(__file__).resolve().parents[3]
COUNT = 300


def a_worker(app: Flask) -> subprocess.Popen[bytes]:
    """A worker process of its own on the house of this test."""
    settings: Settings = app.config["SETTINGS"]
    given = {
        **os.environ, "DATA_DIR": str(settings.data_dir), "DATABASE_URL": settings.database_url, "MEANING_MODEL": "off",
        "LOG_LEVEL": "ERROR", "PUBLIC_URL": settings.public_url,
    }  # fmt: skip
    return subprocess.Popen([sys.executable, "-m", "flask", "--app", "wsgi", "work"], cwd=ROOT, env=given)


def filed() -> int:
    session.rollback()
    return session.query(Message).count()


def test_a_killed_worker_loses_and_doubles_nothing(app: Flask) -> None:
    raws = [
        a_letter(sender=f"p{place}@ex.fr", mid=f"<{place}@ex.fr>", body=f"MARK-{place:04} demande.")
        for place in range(COUNT)
    ]
    intake.store_letters([(raw, Envelope()) for raw in raws])
    worker = a_worker(app)
    try:
        until = time.monotonic() + 60
        while not filed():
            assert time.monotonic() < until, "the worker files nothing"
            assert worker.poll() is None, "the worker ended"
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait(30)
    with clock.frozen_at(clock.now() + jobs.LEASE * 2):
        work.run_due()
        clock.advance(jobs.LEASE * 2)
        work.run_due()
    session.rollback()
    marks = [body[:9] for (body,) in session.query(Message.body)]
    assert sorted(marks) == [f"MARK-{place:04}" for place in range(COUNT)]
    assert session.query(Ticket).count() == COUNT
    assert [check.id for check in health.examine() if not check.ok and check.id != "index"] == []
