"""Colleagues are told of what concerns the safety of their account: always, once each, with what to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.errors import Forbidden
from app.mail.outgoing import Shown
from app.notices import safety
from app.people import entry
from app.people import service as people
from tests.cast import INES, KARIM, PASSWORD, Character
from tests.domains.notices.conftest import told_to

FIREFOX, NEWER, SAFARI = "Mozilla/5.0 Firefox/140.0", "Mozilla/5.0 Firefox/141.0.2", "Mozilla/5.0 Safari/605.1"
Jobs = Callable[[], int]


@pytest.fixture
def enter(app: Flask, noon: datetime, run_jobs: Jobs) -> Callable[..., list[str]]:
    """Sign in from a place; the headlines that Karim has been told."""

    def entered(browser: str = FIREFOX, network: str = "home") -> list[str]:
        entry.sign_in(KARIM.email, PASSWORD, browser=browser, network=network)
        clock.advance(timedelta(minutes=1))
        run_jobs()
        return [letter.subject for letter in told()]

    return entered


def told(email: str = KARIM.email) -> list[Shown]:
    return [letter for letter in told_to(email) if letter.kind == "security"]


@pytest.mark.parametrize("place", [(SAFARI, "home"), (FIREFOX, "café"), (SAFARI, "café")])
def test_a_new_browser_or_network_is_told_once(enter: Callable[..., list[str]], place: tuple[str, str]) -> None:
    assert enter() == []
    assert enter(*place) == ["Connexion depuis un nouvel endroit"]
    assert enter(*place) == ["Connexion depuis un nouvel endroit"]
    (letter,) = told()
    assert place[0] in letter.text
    assert "changez votre mot de passe" in letter.text
    assert "Ouvrir mes réglages\nhttp://localhost/regie/moi" in letter.text


def test_the_same_browser_renewed_is_no_new_place(enter: Callable[..., list[str]]) -> None:
    enter()
    assert enter(NEWER) == []


def test_a_place_of_which_nothing_is_known_is_not_told(enter: Callable[..., list[str]]) -> None:
    enter()
    assert enter("", "") == []


def test_another_password_is_told_though_every_matter_was_refused(
    app: Flask, noon: datetime, actor: Callable[[Character], Actor], run_jobs: Jobs
) -> None:
    karim = actor(KARIM)
    people.set_preferences({"notices": {"assigned": "never"}}, by=karim)
    entry.change_password(PASSWORD, "une-autre-phrase-7", by=karim)
    run_jobs()
    assert [letter.subject for letter in told()] == ["Votre mot de passe a changé"]
    safety.password_changed([(karim.person_id or 0, 2)])
    assert len(told()) == 1


def test_an_export_is_told_each_time(
    app: Flask, noon: datetime, actor: Callable[[Character], Actor], run_jobs: Jobs
) -> None:
    ines = actor(INES)
    for _ in range(2):
        people.note_export("demandes", by=ines)
    run_jobs()
    assert [letter.subject for letter in told(INES.email)] == ["Un export a été fait avec votre compte"] * 2
    assert "demandes.csv" in told(INES.email)[0].text
    with pytest.raises(Forbidden):
        people.note_export("demandes", by=actor(KARIM))
