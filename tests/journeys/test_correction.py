"""Léa corrects an article without JavaScript, Paul takes it up beside his text, and Léa is thanked by letter."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.cast import LEA
from tests.journeys.conftest import PHONE, OpenPage
from tests.journeys.house import House
from tests.journeys.pages import ARTICLE

pytestmark = pytest.mark.browser

WORDS = "Le virement arrive sous trente jours, et non sous dix."


def test_a_reader_s_correction_is_read_taken_up_and_thanked(
    house: House, screen: OpenPage, signed_in: OpenPage
) -> None:
    lea = screen(**PHONE, java_script_enabled=False)
    lea.goto(ARTICLE)
    lea.get_by_text("Proposer une correction").click()
    lea.get_by_label("Ce qui est faux ou manque").fill(WORDS)
    lea.get_by_label("Votre adresse électronique, pour vous remercier").fill("lea.fontanel")
    lea.get_by_role("button", name="Envoyer la correction").click()
    expect(lea.get_by_role("main")).to_contain_text("Écrivez l’adresse")
    expect(lea.get_by_label("Ce qui est faux ou manque")).to_have_value(WORDS)
    lea.get_by_label("Votre adresse électronique, pour vous remercier").fill(LEA)
    lea.get_by_role("button", name="Envoyer la correction").click()
    expect(lea.get_by_role("main")).to_contain_text("un rédacteur la lira")
    house.work()
    assert house.sink.to(LEA) == []
    paul = signed_in("paul")
    paul.goto("/regie/base")
    paul.get_by_role("link", name="Corrections (1)").click()
    paul.get_by_role("button", name="La retenir").click()
    expect(paul.locator("#corrections")).to_contain_text(WORDS)
    expect(paul.locator("[name=body]")).to_be_editable()
    house.work()
    (letter,) = house.sink.to(LEA)
    assert letter["Subject"].startswith("Merci")
    body = letter.get_body(("plain",))
    assert body is not None
    assert ARTICLE in body.get_content()
