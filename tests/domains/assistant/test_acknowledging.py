"""The first answer: one a ticket, few a person, none to robots and colleagues."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask

from app.kernel import clock
from app.kernel.access import Actor
from app.mail import queries as letters
from app.people import service as people
from app.tickets.opening import open_ticket
from app.tickets.states import Channel
from tests.cast import LEA, SAMI, Character
from tests.makers import a_draft, a_ticket

Jobs = Callable[[], int]


def received() -> list[str]:
    return [row.to_email for row in letters.last_out() if row.kind == "received"]


def test_a_request_is_acknowledged_with_number_promise_and_link(app: Flask, noon: datetime, run_jobs: Jobs) -> None:
    opened = a_ticket(type="eticket_missing")
    run_jobs()
    row = letters.last_out(1)[0]
    assert row.subject.endswith(f"[#{opened.number}]")
    assert "aujourd’hui" in row.subject or "16" in row.subject
    assert "/d/" in row.text
    assert "deux places" not in row.text


def test_an_unknown_reader_hears_once_a_day(app: Flask, noon: datetime, run_jobs: Jobs) -> None:
    for n in range(4):
        a_ticket(body=f"Message {n}")
    run_jobs()
    assert received() == [LEA]
    with clock.frozen_at(noon + timedelta(days=1, minutes=1)):
        a_ticket(body="Le lendemain")
        run_jobs()
    assert received() == [LEA, LEA]


def test_a_confirmed_reader_hears_once_an_hour_and_five_times_a_day(app: Flask, noon: datetime, run_jobs: Jobs) -> None:
    a_ticket()
    people.confirm_address(LEA)
    for hour in range(9):
        with clock.frozen_at(noon + timedelta(hours=hour, minutes=1)):
            a_ticket(body=f"À l’heure {hour}")
            run_jobs()
    assert len(received()) == 5


def test_an_internal_request_writes_no_letter(
    app: Flask, noon: datetime, run_jobs: Jobs, actor: Callable[[Character], Actor]
) -> None:
    open_ticket(a_draft(email=SAMI.email, type="staff_it", channel=Channel.DESK), by=actor(SAMI))
    run_jobs()
    assert received() == []


def test_running_the_jobs_again_writes_nothing_more(app: Flask, noon: datetime, run_jobs: Jobs) -> None:
    a_ticket()
    run_jobs()
    run_jobs()
    assert received() == [LEA]


def test_an_english_letter_is_acknowledged_in_english(app: Flask, noon: datetime, run_jobs: Jobs) -> None:
    a_ticket(body="Hello, where are my tickets please? I paid last week.", language="en")
    run_jobs()
    assert letters.last_out(1)[0].text.startswith("Hello,")
