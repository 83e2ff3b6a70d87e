"""Canned answers: their library, writing one in both languages, taking one out of use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from app.catalogue import library
from app.catalogue import service as catalogue
from app.kernel.access import SYSTEM
from app.kernel.db import session
from tests.cast import INES, KARIM, PAUL, SAMI, Character
from tests.conftest import counted
from tests.doors.desk.steps import page, press, told

SignIn = Callable[[Character], FlaskClient]
ANSWERS = "/regie/reglages/reponses"
FIELDS = {
    "title_fr": "Merci", "title_en": "Thank you", "body_fr": "Bonjour {{name}},", "body_en": "Hello {{name}},",
    "then_state": "solved", "categories": "seating",
}  # fmt: skip


@pytest.fixture
def paul(noon: datetime, sign_in: SignIn) -> FlaskClient:
    """The editor, who writes canned answers too."""
    return sign_in(PAUL)


def one() -> library.Entry:
    session.rollback()
    return library.entries(by=SYSTEM)[0]


def in_use() -> set[int]:
    session.rollback()
    catalogue.canned.forget()
    return {card.id for card in catalogue.canned()}


def test_every_answer_is_listed(paul: FlaskClient) -> None:
    html = page(paul, ANSWERS)
    assert all(f'href="{ANSWERS}/{entry.id}"' in html for entry in library.entries(by=SYSTEM))


@pytest.mark.parametrize("who", [KARIM, SAMI])
def test_who_writes_no_answers_may_not_enter(sign_in: SignIn, who: Character) -> None:
    browser, key = sign_in(who), one().id
    for address in (ANSWERS, f"{ANSWERS}/nouvelle", f"{ANSWERS}/{key}"):
        page(browser, address, 403)
    for address in (f"{ANSWERS}/nouvelle", f"{ANSWERS}/{key}", f"{ANSWERS}/{key}/usage", f"{ANSWERS}/apercu"):
        assert press(browser, address).status_code == 403


def test_a_manager_writes_answers_too(sign_in: SignIn) -> None:
    page(sign_in(INES), f"{ANSWERS}/{one().id}")


def test_a_stranger_is_asked_to_sign_in(client: FlaskClient) -> None:
    assert client.get(ANSWERS).headers["Location"].startswith("/regie/connexion")


def test_a_new_answer_is_offered_from_now_on(paul: FlaskClient) -> None:
    told(paul, press(paul, f"{ANSWERS}/nouvelle", at=f"{ANSWERS}/nouvelle", **FIELDS))
    session.rollback()
    catalogue.canned.forget()
    (card,) = [card for card in catalogue.canned() if card.title_en == "Thank you"]
    assert (card.categories, card.then) == (("seating",), "solved")


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"title_en": ""}, "title_en"),
        ({"body_fr": " "}, "body_fr"),
        ({"title_fr": "x" * 201}, "title_fr"),
        ({"then_state": "burnt"}, "then_state"),
    ],
)
def test_an_answer_that_cannot_be_says_why_and_keeps_the_text(
    paul: FlaskClient, change: dict[str, str], wrong: str
) -> None:
    answer = press(paul, f"{ANSWERS}/nouvelle", at=f"{ANSWERS}/nouvelle", **{**FIELDS, **change})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="f-{wrong}-e"' in html
    assert "Hello {{name}}," in html


def test_who_saves_over_a_colleagues_change_is_told_first(paul: FlaskClient) -> None:
    entry = one()
    here = f"{ANSWERS}/{entry.id}"
    told(paul, press(paul, here, at=here, **FIELDS, revision=str(entry.revision)))
    answer = press(paul, here, at=here, **{**FIELDS, "title_fr": "Le mien"}, revision=str(entry.revision))
    assert answer.status_code == 409
    assert 'value="Le mien"' in answer.get_data(as_text=True)
    told(paul, press(paul, here, at=here, **{**FIELDS, "title_fr": "Le mien"}, revision=str(entry.revision + 1)))
    assert one().title_fr == "Le mien"


def test_the_preview_fills_variables_and_names_those_nobody_can(paul: FlaskClient) -> None:
    fields = {**FIELDS, "body_fr": "Bonjour {{name}}, {{nothing}} <b>"}
    html = press(paul, f"{ANSWERS}/apercu", at=f"{ANSWERS}/nouvelle", **fields).get_data(as_text=True)
    assert "Bonjour Camille Vauthier, {{nothing}} &lt;b&gt;" in html
    assert "<code>{{nothing}}</code>" in html
    assert "<html" not in html


def test_an_answer_leaves_use_and_returns(paul: FlaskClient) -> None:
    key = one().id
    html = told(paul, press(paul, f"{ANSWERS}/{key}/usage", at=f"{ANSWERS}/{key}"))
    assert key not in in_use()
    assert 'name="active" value="1"' in html
    told(paul, press(paul, f"{ANSWERS}/{key}/usage", at=f"{ANSWERS}/{key}", active="1"))
    assert key in in_use()


def test_an_answer_nobody_wrote_does_not_exist(paul: FlaskClient) -> None:
    page(paul, f"{ANSWERS}/9999", 404)
    page(paul, f"{ANSWERS}/99999999999999999999", 404)


def test_more_answers_cost_no_more_statements(paul: FlaskClient) -> None:
    page(paul, ANSWERS)
    with counted() as few:
        page(paul, ANSWERS)
    draft = catalogue.CannedDraft(title_fr="Un", title_en="One", body_fr="Un.", body_en="One.")
    for _ in range(20):
        catalogue.save_canned(draft, by=SYSTEM)
    with counted() as many:
        page(paul, ANSWERS)
    assert len(many) == len(few)
