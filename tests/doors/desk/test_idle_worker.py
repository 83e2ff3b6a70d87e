"""That no worker works is told to whoever runs the house, on every page, and costs the others nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient

from app.kernel.db import session
from app.kernel.jobs import Slot
from tests.cast import ADELE, INES, KARIM, PAUL, Character
from tests.conftest import counted
from tests.doors.desk.steps import page, press, told

SignIn = Callable[[Character], FlaskClient]
SAID = "Rien n’est envoyé ni trié depuis"


@pytest.fixture
def idle(noon: datetime) -> None:
    session.add(Slot(name="sweep promises", taken_at=noon - timedelta(minutes=50)))
    session.commit()


@pytest.mark.parametrize("address", ["/regie/moi", "/regie/file/todo", "/regie/incidents", "/regie/pilotage"])
def test_managers_and_administrators_read_it_on_every_page(sign_in: SignIn, idle: None, address: str) -> None:
    for who in (INES, ADELE):
        html = unescape(page(sign_in(who), address)).replace("\N{NO-BREAK SPACE}", " ")
        assert f"{SAID} 13 h 40." in html
        assert "Aucun processus de fond ne tourne" in html


def test_they_read_it_in_english_too(sign_in: SignIn, idle: None) -> None:
    browser = sign_in(INES)
    told(browser, press(browser, "/regie/moi", language="en", theme="", signature=""))
    html = page(browser, "/regie/moi")
    assert "Nothing is sent or sorted since" in html
    assert "No worker runs" in html


@pytest.mark.parametrize("who", [KARIM, PAUL])
def test_others_do_not_and_their_pages_ask_nothing_for_it(sign_in: SignIn, idle: None, who: Character) -> None:
    browser = sign_in(who)
    with counted() as statements:
        html = unescape(page(browser, "/regie/moi"))
    assert SAID not in html
    assert [one for one in statements if "FROM slot" in str(one)] == []


def test_it_is_not_said_while_a_worker_works(sign_in: SignIn, noon: datetime) -> None:
    session.add(Slot(name="sweep promises", taken_at=noon - timedelta(minutes=2)))
    session.commit()
    assert SAID not in unescape(page(sign_in(INES), "/regie/moi"))


def test_a_managers_pages_ask_once_in_half_a_minute(sign_in: SignIn, idle: None) -> None:
    browser = sign_in(INES)
    with counted() as statements:
        for _ in range(3):
            page(browser, "/regie/moi")
    assert sum("FROM slot" in str(one) for one in statements) == 1
