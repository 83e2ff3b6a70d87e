"""Who looks for help is shown the words that fit, and never stands before a closed door; in French and in English."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import looks
from tests.journeys.conftest import PHONE, OpenPage
from tests.journeys.house import House

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("here", "question", "mended", "none", "ask"),
    [
        ("/recherche", "spectacle anullé", "spectacle annulé", "Aucune de ces réponses", "Poser ma question"),
        ("/en/search", "cancelld show", "cancelled show", "None of these answers?", "Ask my question"),
    ],
)
def test_the_passage_that_fits_is_marked_words_are_mended_and_taken_into_the_form(
    house: House, lea: Page, here: str, question: str, mended: str, none: str, ask: str
) -> None:
    lea.goto(here)
    field = lea.get_by_role("main").get_by_role("searchbox")
    field.fill(question)
    field.press("Enter")
    main = lea.get_by_role("main")
    lea.wait_for_url(re.compile(r"q="))
    expect(main.locator("mark").first).to_be_visible()
    main.get_by_role("link", name=mended, exact=True).click()
    expect(main.get_by_role("searchbox")).to_have_value(mended)
    expect(main.locator("mark").first).to_be_visible()
    expect(main.get_by_role("heading", name=re.compile(re.escape(none)))).to_be_visible()
    assert lea.evaluate("document.documentElement.scrollWidth <= innerWidth")
    main.get_by_role("link", name=ask).click()
    expect(lea.locator("textarea").first).to_have_value(re.compile(mended))
    assert lea.context.cookies() == []


@pytest.mark.parametrize(
    ("address", "badge", "lang"),
    [
        ("/en/search?q=comment+récupérer+un+objet+perdu+dans+la+salle", "In French", "fr"),
        ("/recherche?q=how+can+i+get+my+lost+umbrella+back", "En anglais", "en"),
    ],
)
def test_an_answer_in_the_other_language_wears_a_badge(screen: OpenPage, address: str, badge: str, lang: str) -> None:
    page = screen(reduced_motion="reduce")  # colours on their way to another width are no fault
    page.goto(address)
    first = page.get_by_role("main").locator("ol > li").first
    expect(first).to_contain_text(badge)
    expect(first.get_by_role("link")).to_have_attribute("lang", lang)
    assert looks.faults(page) == []


def test_without_scripts_nothing_clear_offers_the_box_office_first(house: House, screen: OpenPage) -> None:
    page = screen(java_script_enabled=False, **PHONE)
    page.goto("/recherche?q=quel+hôtel+avec+piscine+près+du+planétarium")
    main = page.get_by_role("main")
    expect(main.get_by_role("status")).to_contain_text(re.compile("Aucun"))
    main.get_by_role("link", name="Poser ma question").first.click()
    expect(page.locator("textarea").first).to_have_value("quel hôtel avec piscine près du planétarium")
