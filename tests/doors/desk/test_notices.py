"""What a colleague is told by e-mail is theirs to choose."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask.testing import FlaskClient

from tests.cast import ODILE, PAUL, Character
from tests.doors.desk.steps import page, press, told

SignIn = Callable[[Character], FlaskClient]
CHOICES = "/regie/moi/avis"


def chosen(html: str) -> list[str]:
    return re.findall(r'<option value="(\w+)" selected', html)


def test_each_matter_has_its_way_and_is_kept(karim: FlaskClient) -> None:
    assert set(chosen(page(karim, CHOICES))[:3]) == {"away"}
    form = karim.get(CHOICES).get_data(as_text=True)
    fields = dict.fromkeys(re.findall(r'<select class="in" id="f-\w+" name="(\w+)"', form), "daily")
    html = told(karim, press(karim, CHOICES, at=CHOICES, **(fields | {"assigned": "never"})))
    assert chosen(html)[:3] == ["never", "daily", "daily"]
    assert f'href="{CHOICES}"' in page(karim, "/regie/moi")


def test_other_settings_of_ones_own_stay(karim: FlaskClient) -> None:
    press(karim, "/regie/moi", language="fr", signature="K. Oulmane")
    form = karim.get(CHOICES).get_data(as_text=True)
    fields = dict.fromkeys(re.findall(r'<select class="in" id="f-\w+" name="(\w+)"', form), "daily")
    told(karim, press(karim, CHOICES, at=CHOICES, **fields))
    assert 'value="K. Oulmane"' in page(karim, "/regie/moi")


def test_a_way_nobody_offers_is_answered_beside_its_field(karim: FlaskClient) -> None:
    answer = press(karim, CHOICES, at=CHOICES, assigned="hourly", mentioned="now", replied="now")
    assert answer.status_code == 422
    html = answer.get_data(as_text=True)
    assert 'id="f-assigned-e"' in html
    assert "now" in chosen(html)


def test_who_answers_no_request_is_asked_of_none(sign_in: SignIn) -> None:
    assert 'name="assigned"' not in page(sign_in(PAUL), CHOICES)


def test_who_answers_for_money_is_asked_of_money_alone(sign_in: SignIn) -> None:
    html = page(sign_in(ODILE), CHOICES)
    assert re.findall(r'<select class="in" id="f-\w+" name="(\w+)"', html) == ["disputed"]
    assert chosen(html) == ["now"]


def test_a_stranger_chooses_nothing(client: FlaskClient) -> None:
    assert client.get(CHOICES).status_code == 303


def test_a_note_lists_whom_it_names(karim: FlaskClient, address: str) -> None:
    html = told(karim, press(karim, f"{address}/note", at=address, note="@nadia, tu regardes ?"))
    assert "Prévenus\u00a0: Nadia Belkacem" in html
