"""The opinion asked for after a request ended."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from app.mail import queries as letters
from app.satisfaction import service as satisfaction
from app.tickets import handling
from app.tickets.opening import Opened
from tests.cast import KARIM
from tests.doors.portal.scenery import text_of


@pytest.fixture
def asked(ticket: Opened, actor) -> str:
    """The address of the question in the letter."""
    handling.solve(ticket.ticket_id, by=actor(KARIM))
    satisfaction.ask([ticket.ticket_id])
    found = re.search(r"/avis/\w+", letters.last_out(1, None)[0].text)
    assert found
    return found.group()


def test_the_link_chooses_a_mark_and_gives_nothing(client: FlaskClient, asked: str, ticket: Opened):
    assert 'name="mark" value="4" checked' in text_of(client, f"{asked}?note=4")
    assert satisfaction.opinion_on(ticket.ticket_id) is None


def test_one_button_gives_it_and_it_may_be_changed(client: FlaskClient, asked: str, ticket: Opened):
    given = client.post(f"{asked}?lang=en", data={"mark": "5", "words": "Parfait"})
    assert given.status_code == 303
    assert "your opinion is noted" in text_of(client, given.headers["Location"])
    client.post(asked, data={"mark": "2", "words": ""})
    assert satisfaction.opinion_on(ticket.ticket_id) == (2, "")


@pytest.mark.parametrize("mark", ["", "9", "5.0", "five"])
def test_no_mark_or_another_one_is_refused_in_place(client: FlaskClient, asked: str, mark: str):
    answer = client.post(f"{asked}?lang=en", data={"mark": mark, "words": "Mes mots"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert page.count("Choose one answer.") == 2
    assert "Mes mots</textarea>" in page


@pytest.mark.parametrize("note", ["0", "6", "-1", "abc"])
def test_an_odd_mark_in_the_address_chooses_nothing(client: FlaskClient, asked: str, note: str):
    assert "checked" not in text_of(client, f"{asked}?note={note}")


def test_a_question_nobody_asked_is_nowhere(client: FlaskClient, asked: str):
    assert client.get("/avis/abcdef").status_code == 404
    assert client.post("/avis/abcdef", data={"mark": "5"}).status_code == 404
