"""Letters that come thick wait some seconds for each other; on a quiet day nothing waits, and nothing is left behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask

from app.kernel import clock, company
from app.kernel.db import session
from app.kernel.jobs import Job
from app.mail import intake
from app.mail.intake import Envelope
from app.mail.models import LetterIn
from tests.makers import a_letter

Jobs = Callable[[], int]


def come(first: int, count: int) -> None:
    for number in range(first, first + count):
        raw = a_letter(sender=f"s{number}@exemple.fr", mid=f"<{number}@exemple.fr>", body=f"Demande {number}")
        intake.store_letters([(raw, Envelope())])


def filed() -> int:
    return session.query(LetterIn).filter_by(fate="ticket").count()


def test_a_letter_of_a_quiet_day_waits_for_nobody(app: Flask, run_jobs: Jobs, noon: datetime) -> None:
    come(0, company.BUSY)
    run_jobs()
    assert filed() == company.BUSY


def test_letters_of_a_storm_are_filed_together_within_seconds(app: Flask, run_jobs: Jobs, noon: datetime) -> None:
    come(0, company.BUSY)
    run_jobs()
    clock.advance(timedelta(seconds=3))
    come(100, 4)
    clock.advance(timedelta(seconds=2))
    come(200, 3)
    run_jobs()
    assert filed() == company.BUSY
    assert len({row.run_at for row in session.query(Job)}) == 1
    clock.advance(timedelta(seconds=company.APART))
    run_jobs()
    assert filed() == company.BUSY + 7


def test_when_the_storm_is_over_nothing_waits_again(app: Flask, run_jobs: Jobs, noon: datetime) -> None:
    come(0, company.BUSY + 1)
    clock.advance(timedelta(minutes=2))
    come(100, 1)
    run_jobs()
    assert filed() == company.BUSY + 2


def test_letters_handed_over_as_a_pile_are_company_enough(app: Flask, run_jobs: Jobs, noon: datetime) -> None:
    raws = [a_letter(sender=f"s{n}@exemple.fr", mid=f"<{n}@exemple.fr>", body=f"Demande {n}") for n in range(200)]
    intake.store_letters([(raw, Envelope(door="folder")) for raw in raws])
    run_jobs()
    assert filed() == 200
