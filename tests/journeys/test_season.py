"""A cancelled evening at the desk, from the bill to the counter: two languages, a telephone, keys only, axe on the way."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from app.cancellations import inviting
from tests.domains.cancellations.world import a_household, bought, cancelled
from tests.journeys.conftest import PHONE, OpenPage
from tests.journeys.house import PASSWORD, House
from tests.journeys.keys import enter, reach
from tests.journeys.letters import text_of
from tests.journeys.looks import faults

pytestmark = pytest.mark.browser


def an_evening(house: House) -> None:
    """An evening that plays, held by a household with e-mail and one without."""
    with house.app.app_context():
        show = cancelled("Fidelio", status="scheduled", days=9)
        bought(a_household("Fontaine", email="fontaine@exemple.fr", language="en"), show)
        bought(a_household("Sandoz", email="sandoz@exemple.fr", preferred_channel="post"), show)


def in_english(page: Page) -> None:
    page.goto("/regie/moi")
    page.get_by_label("Langue de la régie").select_option("en")
    page.get_by_role("button", name="Enregistrer").first.click()
    page.wait_for_load_state()


def test_from_the_bill_to_the_counter(house: House, signed_in: OpenPage) -> None:
    an_evening(house)
    ines = signed_in("ines", reduced_motion="reduce", **PHONE)
    in_english(ines)
    rail = ines.get_by_role("navigation", name="Spaces")
    assert rail.evaluate("one => one.scrollWidth - one.clientWidth") <= 0
    ines.goto("/regie/annonces/nouvelle")
    reach(ines, ines.get_by_label("Look for a performance"))
    ines.keyboard.type("fidelio")
    ines.keyboard.press("Enter")
    expect(ines.get_by_label("Performance", exact=True).locator("option")).to_have_count(2)
    reach(ines, ines.get_by_label("Performance", exact=True))
    ines.keyboard.press("ArrowDown")
    reach(ines, ines.get_by_role("radio", name="It is cancelled"))
    enter(ines, ines.get_by_role("button", name="Say it"))
    expect(ines.get_by_role("main")).to_contain_text("By post, from a list: 1")
    assert faults(ines) == []
    ines.set_viewport_size(PHONE["viewport"])  # type: ignore[arg-type]
    enter(ines, ines.get_by_role("button", name="Tell everybody"))
    expect(ines.get_by_role("main")).to_contain_text("Everybody is told from now on.")
    house.work()
    expect(ines.locator("#etat")).to_contain_text("2 households hold tickets.")
    (letter,) = house.sink.to("fontaine@exemple.fr")
    assert "Your tickets: Fidelio" in text_of(letter)
    ines.reload()
    enter(ines, ines.get_by_role("link", name="See the campaign about it"))
    ines.wait_for_url("**/regie/annulations/*")
    campaign = ines.url
    enter(ines, ines.get_by_role("button", name="Simulate"))
    expect(ines.get_by_role("heading", name="Who could choose what")).to_be_visible()
    amount = ines.locator(".kpi .val").first.inner_text()
    odile = signed_in("odile")
    odile.goto(campaign)
    reach(odile, odile.get_by_label("Saisissez le montant de la simulation"))
    odile.keyboard.type(amount)
    reach(odile, odile.get_by_label("Votre mot de passe"))
    odile.keyboard.type(PASSWORD)
    odile.keyboard.press("Enter")
    expect(odile.get_by_role("main")).to_contain_text("Vous avez approuvé cette campagne.")
    ines.goto(campaign)
    enter(ines, ines.get_by_role("button", name="Open the campaign"))
    expect(ines.get_by_role("heading", name="Credits are being made")).to_be_visible()
    house.work()
    expect(ines.locator("#etat")).to_contain_text("1 household is still to be invited by e-mail.")
    house.wait(hours=25)  # whoever was told of the change today chooses from tomorrow on
    with house.app.app_context():
        inviting.remind_due()
    house.work()
    ines = signed_in("ines", reduced_motion="reduce", **PHONE)
    ines.goto(campaign)
    expect(ines.locator("#etat")).to_contain_text("1 household invited by e-mail")
    credit = answered_at_the_counter(house, signed_in("karim", reduced_motion="reduce"), campaign)
    ines.goto(campaign)
    expect(ines.get_by_role("main")).to_contain_text("1 household of 2")
    assert faults(ines) == []
    ines.goto(credit)
    expect(ines.get_by_role("main")).to_contain_text("by a colleague, at the counter")


def answered_at_the_counter(house: House, karim: Page, campaign: str) -> str:
    """Somebody without e-mail stands before an agent, who works with keys only. Returns the address of the credit."""
    karim.goto(f"{campaign}/avoirs?liste=autrement")
    enter(karim, karim.get_by_role("link", name=re.compile("^AV-")))
    karim.wait_for_url("**/regie/avoirs/*")
    credit = karim.url
    reach(karim, karim.get_by_role("radio", name="au guichet"))
    karim.keyboard.press("Space")
    reach(karim, karim.get_by_label("Don à la maison", exact=True))
    karim.keyboard.type("20")
    enter(karim, karim.get_by_role("button", name="Le reste : Remboursement sur la carte"))
    expect(karim.get_by_label("Remboursement sur la carte", exact=True)).to_have_value("100,00")
    assert faults(karim) == []
    reach(karim, karim.get_by_role("checkbox", name="Je l’ai lu, et la personne est d’accord"))
    karim.keyboard.press("Space")
    enter(karim, karim.get_by_role("button", name="Enregistrer ce choix").last)
    expect(karim.get_by_role("main")).to_contain_text("Imprimez son récapitulatif")
    enter(karim, karim.get_by_role("link", name="Sandoz"))
    enter(karim, karim.get_by_text("Écrire une note ou un appel"))
    reach(karim, karim.get_by_label("Ce qu’il faut retenir"))
    karim.keyboard.type("Rappelle en janvier.")
    enter(karim, karim.get_by_role("button", name="Garder", exact=True))
    expect(karim.get_by_role("main")).to_contain_text("Rappelle en janvier.")
    expect(karim.get_by_role("main")).to_contain_text("Donne à la maison")
    assert faults(karim) == []
    return credit
