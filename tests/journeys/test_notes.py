"""What the team tells itself stays with the team: not in the spectator's page, not in her letters."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.cast import LEA
from tests.journeys.conftest import OpenPage
from tests.journeys.house import House
from tests.journeys.letters import link_in

pytestmark = pytest.mark.browser

SECRET = "Cliente charmante, geste commercial zibeline possible."


def test_a_note_never_reaches_the_spectator(house: House, signed_in: OpenPage, lea: Page) -> None:
    number = house.ask(subject="Deux places", type="refund_cancelled").number
    karim = signed_in("karim")
    karim.goto(f"/regie/demandes/{number}")
    karim.keyboard.press("n")
    karim.get_by_label("Votre note pour l’équipe").fill(SECRET)
    karim.get_by_role("button", name="Ajouter la note").click()
    expect(karim.get_by_role("article").filter(has_text=SECRET)).to_contain_text("visible par l’équipe seulement")
    karim.get_by_label("Votre réponse à Léa Fontanel").fill("Bonjour, votre remboursement est en route.")
    karim.get_by_role("button", name="Envoyer et rester").click()
    expect(karim.get_by_role("main")).to_contain_text("Votre réponse est envoyée.")
    house.work()
    her_letters_and_her_page_keep_silent(house, lea)


def her_letters_and_her_page_keep_silent(house: House, lea: Page) -> None:
    letters = house.sink.to(LEA)
    assert len(letters) >= 2
    assert not [letter for letter in letters if "zibeline" in letter.as_string()]
    page = lea.goto(link_in(letters[0], "/d/"))
    expect(lea.get_by_role("main")).to_contain_text("votre remboursement est en route")
    assert page is not None
    assert "zibeline" not in page.text()
