"""A manager's way from a cancelled evening to its answers, with two people, by keyboard; an agent answers on a phone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app.kernel import clock
from tests.journeys.conftest import PHONE, OpenPage
from tests.journeys.house import PASSWORD, House
from tests.journeys.test_every_page import campaigns

pytestmark = pytest.mark.browser


def written(ines: Page) -> None:
    """A campaign about the cancelled Traviata, written down and saved with the keyboard."""
    ines.get_by_role("link", name="Annulations").click()
    ines.get_by_role("link", name="Nouvelle campagne").first.click()
    ines.get_by_label("Titre en français").fill("La Traviata annulée")
    ines.keyboard.press("Tab")
    ines.keyboard.type("La Traviata is cancelled")
    ines.get_by_label("Chercher à l’affiche").press_sequentially("traviata")
    expect(ines.get_by_text("1 représentation à choisir")).to_be_visible()
    ines.get_by_role("checkbox", name=re.compile("La Traviata")).focus()
    ines.keyboard.press("Space")
    day = clock.now().date()
    ines.get_by_label("Répondre avant la fin du").fill((day + timedelta(days=30)).isoformat())
    ines.get_by_label("Peut être réclamé jusqu’au").fill((day + timedelta(days=900)).isoformat())
    ines.get_by_role("button", name="Enregistrer").focus()
    ines.keyboard.press("Enter")
    expect(ines.get_by_role("main")).to_contain_text("Personne n’a été prévenu")


def test_two_people_open_a_campaign_and_its_page_follows(house: House, signed_in: OpenPage) -> None:
    ines, adele = signed_in("ines"), signed_in("adele")
    written(ines)
    ines.get_by_role("button", name="Simuler").click()
    expect(ines.get_by_role("heading", name="Qui pourrait choisir quoi")).to_be_visible()
    expect(ines.get_by_role("main")).to_contain_text("Adèle Roux")
    amount = ines.locator(".kpi .val").first.inner_text()
    adele.goto(ines.url)
    field = adele.get_by_label("Saisissez le montant de la simulation")
    field.fill("12,00")
    adele.get_by_label("Votre mot de passe").fill(PASSWORD)
    field.press("Enter")
    expect(adele.get_by_role("main")).to_contain_text("Ce n’est pas le montant de la simulation.")
    assert field.input_value() == "12,00"
    field.fill(amount)
    adele.get_by_label("Votre mot de passe").fill(PASSWORD)
    field.press("Enter")
    expect(adele.get_by_role("main")).to_contain_text("Vous avez approuvé cette campagne.")
    ines.reload()
    ines.get_by_role("button", name="Ouvrir la campagne").click()
    expect(ines.get_by_role("heading", name="Les avoirs sont en cours de création")).to_be_visible()
    house.work()
    expect(ines.get_by_role("heading", name="Les avoirs sont en cours de création")).to_be_hidden()
    expect(ines.locator("#etat")).to_contain_text(re.compile(r"\d+ foyers invités par courriel"))
    ines.reload()
    expect(ines.get_by_role("main")).to_contain_text(re.compile(r"0\sfoyer\ssur\s\d+"))


@pytest.mark.parametrize("options", [PHONE, {"java_script_enabled": False}], ids=["on a phone", "without scripts"])
def test_an_agent_answers_for_somebody_on_the_telephone(
    house: House, signed_in: OpenPage, options: dict[str, object]
) -> None:
    words = campaigns(house)
    karim = signed_in("karim", **options)
    karim.goto(f"/regie/avoirs/{words['credit']}")
    karim.get_by_role("radio", name="au téléphone").check()
    karim.get_by_label("Don à la maison", exact=True).fill("10,00")
    karim.get_by_role("button", name="Le reste : Remboursement sur la carte").click()
    assert karim.get_by_label("Don à la maison", exact=True).input_value() == "10,00"
    karim.get_by_role("button", name="Enregistrer ce choix").last.click()
    expect(karim.get_by_role("main")).to_contain_text("Lisez le texte à voix haute et cochez l’accord.")
    karim.get_by_role("checkbox", name="Je l’ai lu, et la personne est d’accord").check()
    karim.get_by_role("button", name="Enregistrer ce choix").last.click()
    expect(karim.get_by_role("main")).to_contain_text("Son récapitulatif part par courriel.")
    expect(karim.get_by_role("main")).to_contain_text("par un collègue, par téléphone")
