"""Behind the private link of whoever paid: a companion is named, a code comes back, and seats are taken back."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.cancellations import choosing
from app.cancellations.choosing import Wish
from app.cancellations.models import Credit, CreditItem
from app.kernel.db import session
from app.mail.models import LetterOut
from tests.doors.portal.choice_forms import link_of, owed, told, value_of


@pytest.fixture(autouse=True)
def _house(app: Flask, noon: datetime) -> None:
    """Every story begins at noon in a house of its own."""


@pytest.fixture
def credit() -> int:
    """120 euros for two seats."""
    return owed()


def amounts() -> list[tuple[str, int]]:
    session.rollback()
    return [tuple(row) for row in session.query(Credit.state, Credit.amount_cents).order_by(Credit.id)]


def fields(credit_id: int, *, seats: int = 1, **values: str) -> dict[str, object]:
    query = session.query(CreditItem.admission_id).filter_by(credit_id=credit_id, live=True).order_by(CreditItem.id)
    given = {"name": "Ada Roux", "email": "ada@exemple.fr", "form": "a"} | values
    return {"seats": [row[0] for row in query][:seats], **given}


def code() -> str:
    session.rollback()
    text = session.query(LetterOut.text).filter_by(kind="companion_code").order_by(LetterOut.id.desc()).first()[0]
    return re.findall(r"^(\d{6})$", text, re.MULTILINE)[0]


def test_a_companion_is_named_proven_and_taken_back(client: FlaskClient, credit: int) -> None:
    link = link_of(credit)
    assert "let them choose for themselves" in told(client.get(f"{link}?lang=en").get_data(as_text=True))
    assert client.get(f"{link}/accompagnant?lang=en").status_code == 200
    asked = client.post(f"{link}/accompagnant?lang=en", data=fields(credit))
    assert (asked.status_code, amounts()) == (200, [("opened", 12_000)])
    page = asked.get_data(as_text=True)
    assert "ada@exemple.fr" in told(page)
    number = re.findall(r'name="number" value="(\d+)"', page)[0]
    wrong = client.post(f"{link}/accompagnant/code?lang=en", data={"number": number, "code": "abc", "name": "Ada Roux"})
    assert (wrong.status_code, "Ada Roux" in told(wrong.get_data(as_text=True))) == (422, True)
    for _twice in range(2):
        done = client.post(f"{link}/accompagnant/code?lang=en", data={"number": number, "code": code()})
        assert (done.status_code, done.location) == (303, f"{link}?lang=en&fait=confie")
        assert amounts() == [("opened", 6_000), ("invited", 6_000)]
    assert client.post(f"{link}/accompagnant?lang=en", data=fields(credit, seats=0)).status_code == 422
    page = told(client.get(done.location).get_data(as_text=True))
    assert "Success: the seats are handed over" in page
    assert "Ada Roux , €60.00" in page
    for _twice in range(2):
        back = client.post(f"{link}/accompagnant/reprise?lang=en", data={"number": number})
        assert (back.status_code, back.location) == (303, f"{link}?lang=en&fait=repris")
    assert amounts() == [("opened", 12_000), ("void", 6_000)]
    assert "yours again" in told(client.get(back.location).get_data(as_text=True))


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept(client: FlaskClient, credit: int) -> None:
    link = link_of(credit)
    for given, sentence in (
        (fields(credit, email="lea@exemple.fr"), "an address of your own household"),
        (fields(credit, name=""), "Error:"),
        (fields(credit, seats=2), "Keep one seat at least"),
        (fields(credit, seats=0), "Tick the seats"),
        (fields(credit) | {"seats": ["9" * 40, "x", "-1", "٣"]}, "Tick the seats"),
        (fields(credit) | {"seats": ["99999999999999"]}, "tick them again"),
    ):
        answer = client.post(f"{link}/accompagnant?lang=en", data=given)
        page = answer.get_data(as_text=True)
        assert (answer.status_code, sentence in told(page)) == (422, True), sentence
        assert value_of(page, "email") == given["email"]
    assert amounts() == [("issued", 12_000)]


def test_after_an_answer_it_is_refused_in_a_sentence(client: FlaskClient, credit: int) -> None:
    link = link_of(credit)
    choosing.choose(link.removeprefix("/c/"), Wish(lines={"donation": 12_000}, form="x"))
    answer = client.post(f"{link}/accompagnant?lang=en", data=fields(credit))
    page = told(answer.get_data(as_text=True))
    assert (answer.status_code, "A choice was made for this credit already" in page) == (409, True)
    seen = client.get(f"{link}/accompagnant")
    assert (seen.status_code, "Un choix a déjà été fait" in told(seen.get_data(as_text=True))) == (200, True)
    assert amounts() == [("answered", 12_000)]


def test_strangers_and_later_steps_lead_nowhere(client: FlaskClient, credit: int) -> None:
    link = link_of(credit)
    assert client.get(f"{link}X/accompagnant").status_code == 404
    assert client.post(f"{link}X/accompagnant", data=fields(credit)).status_code == 404
    for step in ("code", "reprise"):
        assert client.get(f"{link}/accompagnant/{step}").status_code == 303
    assert client.post(f"{link}/accompagnant/reprise", data={"number": "1"}).status_code == 404
    assert client.post(f"{link}/accompagnant/code", data={"number": "x", "code": "1"}).status_code == 422
