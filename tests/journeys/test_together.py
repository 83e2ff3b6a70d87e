"""Two colleagues at one request: they see each other, nothing crosses, and nothing typed is lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import OpenPage
from tests.journeys.house import House

pytestmark = pytest.mark.browser

TYPED = "Bonjour Léa, je regarde votre commande et je reviens vers vous."


@pytest.fixture
def address(house: House) -> str:
    """The page of a request of Léa's."""
    return f"/regie/demandes/{house.ask(subject='Deux places', type='refund_cancelled').number}"


def test_a_colleague_who_opens_the_request_sees_who_is_there(signed_in: OpenPage, address: str) -> None:
    karim, nadia = signed_in("karim"), signed_in("nadia")
    with karim.expect_response(lambda answer: answer.url.split("?")[0].endswith("/presence")):
        karim.goto(address)
    nadia.goto(address)
    expect(nadia.get_by_role("status").filter(has_text="Karim Oulmane consulte cette demande")).to_be_visible()


def test_an_answer_is_stopped_when_the_request_changed_meanwhile(
    house: House, signed_in: OpenPage, address: str
) -> None:
    karim, nadia = signed_in("karim"), signed_in("nadia")
    karim.goto(address)
    karim.get_by_label("Votre réponse à Léa Fontanel").fill(TYPED)
    nadia.goto(address)
    nadia.get_by_label("Votre réponse à Léa Fontanel").fill("Bonjour, c’est réglé : vous êtes remboursée.")
    nadia.get_by_role("button", name="Envoyer et rester").click()
    expect(nadia.get_by_role("main")).to_contain_text("Votre réponse est envoyée.")
    karim.get_by_role("button", name="Envoyer, suivante").click()
    expect(karim.get_by_role("main")).to_contain_text(
        "Rien n’est parti : la demande a changé pendant que vous écriviez"
    )
    expect(karim.get_by_role("article").filter(has_text="vous êtes remboursée")).to_contain_text(
        re.compile("Nouve(au|lle)")
    )
    expect(karim.get_by_label("Votre réponse à Léa Fontanel")).to_have_value(TYPED)
    house.work()
    assert not [letter for letter in house.sink.taken if "je regarde votre commande" in letter.as_string()]


def test_what_was_typed_is_still_there_after_a_reload(signed_in: OpenPage, address: str) -> None:
    karim = signed_in("karim")
    karim.goto(address)
    karim.get_by_label("Votre réponse à Léa Fontanel").press_sequentially(TYPED)
    expect(karim.get_by_text("Brouillon enregistré")).to_be_visible()
    karim.get_by_role("tab", name="Note interne").click()
    with karim.expect_response(lambda answer: answer.url.endswith("/brouillon/note")):
        karim.get_by_label("Votre note pour l’équipe").press_sequentially("Vérifier la caisse.")
    karim.reload()
    expect(karim.get_by_label("Votre réponse à Léa Fontanel")).to_have_value(TYPED)
    karim.get_by_role("tab", name="Note interne").click()
    expect(karim.get_by_label("Votre note pour l’équipe")).to_have_value("Vérifier la caisse.")
