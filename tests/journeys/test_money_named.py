"""Odile names a counter, says a figure of a law anew and asks for a locked line to change, at her desk and on a telephone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.settlements import locking
from tests.domains.settlements.world import IBANS, banked
from tests.journeys import settlements
from tests.journeys.conftest import PHONE, OpenPage
from tests.journeys.house import PASSWORD, House
from tests.journeys.looks import faults

pytestmark = pytest.mark.browser


def shot(page: Page, name: str) -> None:
    """Keep a picture where somebody asked for some, and see that nothing is wrong with the page."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    assert faults(page) == []


@pytest.mark.parametrize("look", ["desk", "phone"])
def test_what_the_accountant_and_the_counters_need_is_said_at_the_desk(
    house: House, signed_in: OpenPage, look: str
) -> None:
    made = settlements.of_two_campaigns(house)
    more = PHONE if look == "phone" else {"viewport": {"width": 1440, "height": 900}}
    odile = signed_in("odile", color_scheme="dark" if look == "phone" else "light", reduced_motion="reduce", **more)
    odile.goto("/regie/annulations/comptes/guichets")
    odile.get_by_role("button", name="Enregistrer").click()
    expect(odile.locator("#f-name-e")).to_be_visible()
    odile.get_by_label("Nom", exact=True).fill("Grand hall")
    odile.get_by_role("button", name="Enregistrer").click()
    expect(odile.get_by_role("heading", name="Grand hall")).to_be_visible()
    shot(odile, f"counters-{look}")
    odile.goto("/regie/annulations/comptes/lois")
    shot(odile, f"laws-{look}")
    odile.get_by_role("link", name="Modifier : Une demande").click()
    odile.get_by_label("Chiffre").fill("beaucoup")
    odile.get_by_role("button", name="Enregistrer").click()
    expect(odile.locator("#f-value-e")).to_be_visible()
    expect(odile.get_by_label("Chiffre")).to_have_value("beaucoup")
    odile.get_by_label("Chiffre").fill("6")
    odile.get_by_label("Vérifié le").fill("2026-11-01")
    odile.get_by_label("Où elle est écrite").fill("Avis de notre conseil")
    shot(odile, f"law-{look}")
    odile.get_by_role("button", name="Enregistrer").click()
    expect(odile.get_by_role("main")).to_contain_text("Avis de notre conseil")
    here = f"/regie/annulations/{made['locked']}/argent/lots/{made['batch']}"
    odile.goto(here)
    expect(odile.get_by_role("heading", name="Dans la billetterie")).to_be_visible()
    shot(odile, f"batch-{look}")
    odile.get_by_role("link", name="Modifier la ligne").first.click()
    expect(odile.get_by_role("main")).to_contain_text("a quitté la maison avec son lot")
    shot(odile, f"sent-{look}")


def test_a_line_is_changed_by_two_people(house: House, signed_in: OpenPage) -> None:
    with house.app.app_context():
        banked(house.actor("odile"))
    made = settlements.closed(house, "Aubert", "Brun", "Colin")
    ines = signed_in("ines", reduced_motion="reduce")
    with house.app.app_context():
        locking.lock(made.campaign_id, by=made.maker)
    here = f"/regie/annulations/{made.campaign_id}/argent"
    odile = signed_in("odile", reduced_motion="reduce", **PHONE)
    odile.goto(f"{here}/lots")
    odile.get_by_role("rowheader").get_by_role("link", name="VIR-").first.click()
    odile.get_by_role("link", name="Modifier la ligne").first.click()
    odile.get_by_label("Le compte a changé").check()
    odile.get_by_label("Ce qui s’est passé").fill("Nouvelle banque depuis hier")
    odile.get_by_label("Remboursement par virement").check()
    odile.get_by_label("IBAN").fill(IBANS[3])
    odile.get_by_label("Titulaire du compte").fill("Aubert")
    odile.get_by_label("Votre mot de passe").fill("autre chose")
    shot(odile, "change")
    odile.get_by_role("button", name="Le demander").click()
    expect(odile.locator("#f-password-e")).to_be_visible()
    expect(odile.get_by_label("Ce qui s’est passé")).to_have_value("Nouvelle banque depuis hier")
    shot(odile, "change-refused")
    odile.get_by_label("Votre mot de passe").fill(PASSWORD)
    odile.get_by_role("button", name="Le demander").click()
    expect(odile.get_by_role("main")).to_contain_text("quelqu’un d’autre donne son accord")
    shot(odile, "asked")
    ines.goto(f"{here}/examen")
    ines.get_by_label("Votre mot de passe").first.fill(PASSWORD)
    ines.get_by_role("button", name="Donner son accord").click()
    expect(ines.get_by_role("main")).to_contain_text("est payée à la place")
