"""Léa looks for what nobody has written; Paul reads it, begins the article, and takes other words off the list."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from app.search import gaps
from tests.journeys.conftest import OpenPage
from tests.journeys.house import House

pytestmark = pytest.mark.browser


def test_what_was_looked_for_in_vain_becomes_an_article(house: House, lea: Page, signed_in: OpenPage) -> None:
    for _ in range(2):
        lea.goto("/recherche?q=Xylophone")
        expect(lea.get_by_role("main")).to_contain_text("Aucune réponse trouvée")
    with house.app.app_context():
        gaps.note("zzyzx", "fr")
    paul = signed_in("paul")
    paul.goto("/regie/base")
    vain = paul.get_by_role("region", name="Cherché en vain")
    line = vain.get_by_role("row").filter(has_text="xylophone")
    expect(line.get_by_role("cell").first).to_have_text("2")
    vain.get_by_role("button", name="Retirer de la liste\N{NO-BREAK SPACE}: zzyzx").click()
    expect(paul.get_by_role("main")).to_contain_text("Ces mots sont retirés de la liste.")
    expect(paul.get_by_role("main")).not_to_contain_text("zzyzx")
    paul.get_by_role("link", name=re.compile("Commencer un article.*xylophone")).click()
    expect(paul.get_by_label("Titre")).to_have_value("xylophone")
    paul.get_by_label("Titre").fill("Un xylophone dans la salle")
    paul.get_by_label("Rubrique").select_option(index=1)
    paul.get_by_role("button", name="Commencer l’article").click()
    expect(paul).to_have_url(re.compile(r"/regie/base/un-xylophone-dans-la-salle/fr\?brouillon="))
