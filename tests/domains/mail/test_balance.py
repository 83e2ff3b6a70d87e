"""The daily balance of letters: right when all is well, and an alarm when one is missing or waits too long."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import delete

from app.health import service as health
from app.kernel import clock
from app.kernel.access import SYSTEM
from app.kernel.db import session
from app.kernel.journal import JournalEntry
from app.mail import balance, intake
from app.mail.intake import Envelope
from app.mail.models import LetterDay, LetterIn
from app.tickets.models import Message
from tests.conftest import counted
from tests.makers import a_letter

Jobs = Callable[[], int]


def store(*raws: bytes) -> None:
    intake.store_letters([(raw, Envelope()) for raw in raws])


def letters_of_every_kind(run_jobs: Jobs) -> None:
    store(
        a_letter(), a_letter(), b"\x00 no letter", a_letter(mid="<2@ex.fr>", body="Deux."),
        a_letter(mid="<3@ex.fr>", headers={"Auto-Submitted": "auto-replied"}),
    )  # fmt: skip
    run_jobs()


def test_every_letter_of_a_day_is_accounted_for(app: Flask, noon: datetime, run_jobs: Jobs) -> None:
    letters_of_every_kind(run_jobs)
    clock.advance(timedelta(days=1))
    store(a_letter(mid="<4@ex.fr>", body="Demain."))
    with counted() as seen:
        today, yesterday, *before = balance.last_days(by=SYSTEM)
    assert len(seen) == 2
    assert (today.fetched, today.waiting, today.ok) == (1, 1, True)
    assert (yesterday.fetched, yesterday.filed, yesterday.duplicate, yesterday.automatic) == (5, 2, 1, 1)
    assert (yesterday.unparsed, yesterday.ok) == (1, True)
    assert [day.fetched for day in before] == [0] * 12


def test_a_message_that_is_gone_raises_one_alarm_until_it_is_back(app: Flask, noon: datetime, run_jobs: Jobs) -> None:
    letters_of_every_kind(run_jobs)
    key = session.query(Message.letter_id).filter_by(body="Deux.").scalar()
    session.query(Message).filter_by(letter_id=key).update({"letter_id": None})
    session.commit()
    assert balance.check() == 0  # the day is not over
    clock.advance(timedelta(days=1))
    assert balance.check() == 1
    assert balance.broken(by=SYSTEM) == 1
    told = session.query(JournalEntry).filter_by(name="LettersMissing").one()
    assert (told.data["fetched"], told.data["accounted"]) == (5, 4)
    assert not next(check for check in health.examine() if check.id == "letters").ok
    session.query(Message).filter_by(body="Deux.").update({"letter_id": key})
    session.commit()
    assert (balance.check(), balance.broken(by=SYSTEM)) == (0, 0)


def test_a_letter_that_was_taken_in_and_is_gone_raises_an_alarm(app: Flask, noon: datetime, run_jobs: Jobs) -> None:
    letters_of_every_kind(run_jobs)
    intake.store_refused([(b"Subject: trop\r\n\r\n", Envelope())], size=99_000_000, reason="too_large")
    run_jobs()
    clock.advance(timedelta(days=1))
    assert balance.check() == 0
    session.execute(delete(LetterDay))
    session.execute(delete(LetterIn).where(LetterIn.fate.in_(("automatic", "unparsed"))))
    session.commit()
    _today, yesterday, *before = balance.last_days(by=SYSTEM)
    assert (yesterday.fetched, yesterday.accounted, yesterday.ok) == (6, 3, False)
    assert all(day.ok for day in before)
    assert (balance.check(), balance.broken(by=SYSTEM)) == (1, 1)
    told = next(check for check in health.examine() if check.id == "letters")
    assert (told.ok, told.found, told.expected) == (False, 3, 6)


def test_a_letter_that_waits_after_its_day_raises_an_alarm(app: Flask, noon: datetime, run_jobs: Jobs) -> None:
    store(a_letter())
    clock.advance(timedelta(days=1))
    assert balance.check() == 1
    run_jobs()
    assert (balance.check(), balance.broken(by=SYSTEM)) == (0, 0)


def test_a_letter_filed_twice_is_found(app: Flask, noon: datetime, run_jobs: Jobs) -> None:
    store(a_letter(), a_letter(mid="<2@ex.fr>", body="Deux."))
    run_jobs()
    session.query(LetterIn).update({"sha256": "0" * 64})
    session.commit()
    assert not next(check for check in health.examine() if check.id == "letters-once").ok
