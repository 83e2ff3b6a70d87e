"""How long we wait for spectators is set for each department."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.assistant import waiting
from app.assistant.patience import Rule
from tests.cast import INES, KARIM, Character
from tests.doors.desk.steps import page, press, told

SignIn = Callable[[Character], FlaskClient]
DAYS = "/regie/reglages/attente"


@pytest.fixture
def ines(noon: object, sign_in: SignIn) -> FlaskClient:
    return sign_in(INES)


def test_days_are_kept_and_an_empty_field_is_never(ines: FlaskClient) -> None:
    assert 'id="f-1-remind" name="1-remind" type="text" value="3"' in page(ines, DAYS)
    fields = {"1-remind": "2", "1-warn": "6", "1-end": ""}
    told(ines, press(ines, DAYS, at=DAYS, **fields))
    assert waiting.rules()[1] == Rule(2, 6, None)
    assert "Attente des spectateurs, Billetterie" in page(ines, "/regie/reglages/journal")


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"1-remind": "bientôt"}, "1-remind"), ({"1-warn": ""}, "1-warn"), ({"1-end": "5"}, "1-end"),
        ({"1-remind": "²"}, "1-remind"), ({"1-end": "99999"}, "1-end"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_answered_beside_its_field(ines: FlaskClient, fields: dict[str, str], wrong: str) -> None:
    answer = press(ines, DAYS, at=DAYS, **fields)
    assert answer.status_code == 422
    assert f'id="f-{wrong}-e"' in answer.get_data(as_text=True)
    assert waiting.rules()[1] == Rule()


def test_agents_do_not_set_the_days(noon: object, sign_in: SignIn) -> None:
    page(sign_in(KARIM), DAYS, 403)
