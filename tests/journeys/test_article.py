"""Paul mends an article, sees it as readers will, publishes it, and search knows the new word."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import OpenPage
from tests.journeys.house import House

pytestmark = pytest.mark.browser

WORD = "xylophone"
SENTENCE = f"Un {WORD} oublié en salle se retire au vestiaire."


def test_an_article_is_edited_seen_published_and_found(house: House, signed_in: OpenPage, lea: Page) -> None:
    lea.goto(f"/recherche?q={WORD}")
    expect(lea.get_by_role("status").first).to_be_attached()
    expect(lea.get_by_role("main").get_by_text(SENTENCE)).to_have_count(0)
    paul = signed_in("paul")
    expect(paul.get_by_role("heading", level=1)).to_have_text("Base de connaissances")
    paul.get_by_role("link", name="Objets trouvés", exact=False).first.click()
    text = paul.get_by_label("Texte", exact=False).last
    text.press("Control+End")
    text.press_sequentially(f"\n\n## Instruments\n\n{SENTENCE}")
    preview = paul.get_by_role("region", name="Aperçu")
    expect(preview.get_by_text(SENTENCE)).to_be_visible()
    expect(preview.get_by_role("heading", name="Instruments")).to_be_visible()
    paul.get_by_role("button", name="Publier").click()
    expect(paul.get_by_role("main")).to_contain_text("est en ligne. La recherche la trouvera dans un instant.")
    house.work()
    house.wait(seconds=5)
    lea.reload()
    found = lea.get_by_role("main").get_by_role("listitem").first
    expect(found.locator("mark")).to_contain_text([WORD])
    found.get_by_role("link").click()
    expect(lea.get_by_role("article").get_by_text(SENTENCE)).to_be_visible()
