"""Colleagues who are told things, and the letters that tell them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.kernel import clock
from app.kernel.access import SYSTEM, Actor
from app.mail import outgoing
from app.mail.outgoing import Shown
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


def told_to(email: str) -> list[Shown]:
    """The letters that tell a colleague something, oldest first, once everything due is told."""
    notices.tell()
    return [one for one in reversed(outgoing.latest(by=SYSTEM, limit=200)) if one.to == email and one.kind != "sign_in"]
