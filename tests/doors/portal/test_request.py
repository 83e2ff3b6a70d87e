"""Making a request, first step: one screen that changes with the reason."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.cast import KARIM, LEA
from tests.doors.portal.scenery import PDF, a_form, text_of

pytestmark = pytest.mark.usefixtures("shelf", "season")

NEW, CHECK = "/en/requests/new", "/en/requests/check"


def test_the_form_begins_with_the_reason(client: FlaskClient):
    page = text_of(client, NEW)
    assert 'name="motif" value="refund"' in page
    assert 'name="motif" value="it"' not in page
    assert 'action="/en/requests/check"' in page


def test_an_address_can_fill_in_the_form(client: FlaskClient):
    page = text_of(client, f"{NEW}?type=lost_property&commande=VAL-7K3QD&q=my+scarf&article=lost-property")
    assert 'name="own-object"' in page
    assert 'value="VAL-7K3QD"' in page
    assert "my scarf</textarea>" in page
    assert 'name="article" value="lost-property"' in page


def test_choosing_a_reason_brings_its_types_as_a_fragment(client: FlaskClient):
    answer = client.get(f"{NEW}?motif=exchange", headers={"HX-Request": "true"})
    page = answer.get_data(as_text=True)
    assert 'value="exchange_date"' in page
    assert "<html" not in page
    assert "HX-Request" in answer.headers["Vary"]


def test_choosing_a_type_brings_its_fields_and_its_delay(client: FlaskClient):
    page = client.get(f"{NEW}?type=exchange_date", headers={"HX-Request": "true"}).get_data(as_text=True)
    assert 'name="own-wished_date"' in page
    assert 'name="type"' not in page
    assert "is answered before" in page


def test_a_reason_with_one_type_asks_nothing_more(client: FlaskClient):
    page = client.get(f"{NEW}?motif=group", headers={"HX-Request": "true"}).get_data(as_text=True)
    assert '<input type="hidden" name="type" value="group_school">' in page
    assert 'name="own-size"' in page


def test_without_a_script_the_form_comes_back_with_everything_typed(client: FlaskClient):
    form = a_form(motif="other", type="exchange_date", body="Mon écharpe rouge")
    page = client.post(NEW, data=form).get_data(as_text=True)
    assert "Mon écharpe rouge</textarea>" in page
    assert 'value="lost_property"' in page
    assert 'name="own-wished_date"' not in page
    assert f'value="{form["form"]}"' in page


def test_types_for_colleagues_cannot_be_asked_here(client: FlaskClient):
    assert 'name="own-device"' not in text_of(client, f"{NEW}?type=staff_it")


def test_everything_wrong_is_said_twice_in_the_same_words(client: FlaskClient):
    form = a_form(motif="", type="", email="", body="")
    answer = client.post(CHECK, data=form)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "<title>Error: " in page
    for words in ("Choose what your request is about.", "Give your e-mail address.", "Tell us what you need."):
        assert page.count(words) == 2
    assert 'href="#f-email"' in page


def test_a_field_of_the_type_that_is_wrong_is_named(client: FlaskClient):
    form = a_form(motif="refund", type="double_charge") | {"own-amount": "beaucoup", "own-charged_on": ""}
    answer = client.post(CHECK, data=form)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Amount of each charge – Write an amount such as 20 or 20.50." in page
    assert "Date of the charge – Fill in this field." in page
    assert 'value="beaucoup"' in page


@pytest.mark.parametrize(
    ("email", "words"), [("lea", "Write the address like this"), ("a@b@c.fr", "Write the address like this")]
)
def test_an_address_that_cannot_be_one_is_refused(client: FlaskClient, email: str, words: str):
    answer = client.post(CHECK, data=a_form(email=email))
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)


def test_a_text_of_a_megabyte_is_refused_and_kept(client: FlaskClient):
    answer = client.post(CHECK, data=a_form(body="mot " * 260_000))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "This text is too long" in page
    assert len(page) > 1_000_000


def test_hostile_text_stays_text(client: FlaskClient):
    page = client.post(CHECK, data=a_form(body="<script>alert(1)</script>\x00 {{ 7*7 }}")).get_data(as_text=True)
    assert "&lt;script&gt;alert(1)" in page
    assert "{{ 7*7 }}" in page


def test_a_mislabelled_file_is_refused_and_the_good_one_kept(client: FlaskClient):
    files = [(BytesIO(PDF), "billet.pdf"), (BytesIO(b"pas une image"), "photo.png")]
    answer = client.post(CHECK, data=a_form(files=files))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "This file is not what its name says" in page
    assert "billet.pdf" in page
    assert 'name="kept"' in page


def test_thirty_megabytes_are_refused_with_every_word_kept(client: FlaskClient):
    files = [FileStorage(BytesIO(b"%PDF-" + bytes(30 * 1024 * 1024)), "grand.pdf")]
    boundary, body = encode_multipart(a_form(body="Mes mots", files=files))
    answer = client.post(CHECK, data=body, content_type=f"multipart/form-data; boundary={boundary}")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "The file must be smaller than 10 MB." in page
    assert "Mes mots</textarea>" in page


def test_a_file_word_of_somebody_elses_making_is_worth_nothing(client: FlaskClient):
    page = client.post(NEW, data=a_form(kept="WyJhIiwiYiIsMSwiYyJd.aaaaaaaaaaaaaaaa")).get_data(as_text=True)
    assert 'name="kept"' not in page


def test_an_order_shows_its_card_to_who_knows_code_and_address(client: FlaskClient):
    page = client.post("/en/requests/order", data={"commande": "val 7k3qd", "email": LEA}).get_data(as_text=True)
    assert "Order found." in page
    assert "The Nutcracker" in page
    assert "€120.00" in page


@pytest.mark.parametrize(
    "typed", [{"commande": "VAL-7K3QD", "email": "autre@exemple.fr"}, {"commande": "VAL-ZZZZZ", "email": LEA}]
)
def test_a_stranger_cannot_tell_a_wrong_code_from_a_wrong_address(client: FlaskClient, typed: dict[str, str]):
    page = client.post("/en/requests/order", data=typed).get_data(as_text=True)
    assert f"Noted: {typed['commande']}." in page
    assert "Nutcracker" not in page


def test_an_address_of_the_form_looks_no_order_up(client: FlaskClient):
    page = text_of(client, f"{NEW}?commande=VAL-7K3QD&email={LEA}")
    assert "Nutcracker" not in page
    assert LEA not in page


def test_guessing_orders_is_slowed_down(client: FlaskClient):
    tries = [client.post("/en/requests/order", data={"commande": f"VAL-{n}", "email": LEA}) for n in range(11)]
    assert [answer.status_code for answer in tries] == [200] * 10 + [429]


def test_articles_are_offered_while_she_writes(client: FlaskClient):
    words = "Mon spectacle est annulé, comment être remboursée ?"
    page = client.post("/demandes/reponses", data=a_form(body=words)).get_data(as_text=True)
    assert "/aide/annulations/" in page
    assert page.count('class="card pad-s sug"') <= 3
    assert "data-announce=" in page


def test_a_few_letters_are_not_enough_to_offer_anything(client: FlaskClient):
    assert "sug" not in client.post("/demandes/reponses", data=a_form(body="Bonjour")).get_data(as_text=True)


def test_a_colleague_signed_in_has_the_proof_the_form_needs(sign_in):
    browser = sign_in(KARIM)
    assert 'name="csrf_token"' in text_of(browser, NEW)
    assert browser.post(CHECK, data=a_form()).status_code == 400
