"""Colleagues who are told things, and the letters that tell them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.kernel import clock
from app.kernel.access import Actor
from app.mail import queries as letters
from app.mail.models import LetterOut
from app.notices import service as notices
from app.people import service as people
from app.tickets.opening import Opened
from tests.cast import INES, KARIM, NADIA, Character
from tests.makers import a_ticket

Act = Callable[[Character], Actor]


@pytest.fixture
def opened(app: Flask, noon: datetime, run_jobs: Callable[[], int]) -> Opened:
    made = a_ticket(subject="Deux places à rembourser")
    run_jobs()
    return made


@pytest.fixture
def karim(opened: Opened, actor: Act) -> Actor:
    """Karim, who has left the desk for ten minutes."""
    return _gone(actor(KARIM))


@pytest.fixture
def ines(opened: Opened, actor: Act) -> Actor:
    return _gone(actor(INES))


@pytest.fixture
def nadia(opened: Opened, actor: Act) -> Actor:
    return _gone(actor(NADIA))


def _gone(by: Actor) -> Actor:
    clock.advance(timedelta(minutes=10))
    return by


def choose(by: Actor, **ways: str) -> None:
    people.set_preferences({"notices": ways}, by=by)


def told_to(email: str) -> list[LetterOut]:
    """The letters that tell a colleague something, oldest first, once everything due is told."""
    notices.tell()
    return [row for row in reversed(letters.last_out(200)) if row.to_email == email and row.kind != "sign_in"]
