"""Two editors save the same draft from two browsers: the second is told, and both texts are kept."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from app.kernel.access import SYSTEM
from app.knowledge import editing
from tests.journeys.conftest import OpenPage
from tests.journeys.house import House

pytestmark = pytest.mark.browser

HERE = "/regie/base/show-cancelled/fr"
HIS, HERS = "Le texte de Paul.", "Le texte d’Adèle."
TOLD = re.compile("les deux textes sont conservés", re.IGNORECASE)


def kept(house: House) -> list[str]:
    with house.app.app_context():
        cards = editing.drafts("show-cancelled", "fr", by=SYSTEM)
        return [editing.draft(card.id, by=SYSTEM).source for card in cards]


def saved(page: Page, words: str) -> None:
    page.locator("[name=body]").fill(words)
    page.get_by_role("button", name="Enregistrer le brouillon").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "bare"])
def test_two_editors_lose_no_word(house: House, signed_in: OpenPage, scripts: bool) -> None:
    paul, adele = signed_in("paul", java_script_enabled=scripts), signed_in("adele", java_script_enabled=scripts)
    paul.goto(HERE)
    saved(paul, "Un début.")
    expect(paul.get_by_role("main")).to_contain_text("Le brouillon est enregistré.")
    shared = re.search(r"brouillon=\d+", paul.url)
    assert shared
    adele.goto(f"{HERE}?{shared[0]}")
    expect(adele.locator("[name=body]")).to_have_value("Un début.")
    saved(paul, HIS)
    expect(paul.get_by_role("main")).to_contain_text("Le brouillon est enregistré.")
    saved(adele, HERS)
    expect(adele.get_by_role("main")).to_contain_text(TOLD)
    assert adele.url != paul.url
    texts = kept(house)
    assert [any(HIS in text for text in texts), any(HERS in text for text in texts)] == [True, True]
    expect(adele.locator("[name=body]")).to_have_value(HERS)
    expect(adele.get_by_role("heading", name="Autres brouillons")).to_be_visible()
