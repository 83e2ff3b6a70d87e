"""What Karim has typed stays, however he leaves the page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import OpenPage
from tests.journeys.house import House

pytestmark = pytest.mark.browser


@pytest.fixture
def karim(house: House, signed_in: OpenPage) -> Page:
    """Karim, on Léa's request."""
    number = house.ask(subject="Deux places", body="Bonjour, je voudrais deux places.", type="practical_info").number
    page = signed_in("karim")
    page.goto(f"/regie/demandes/{number}")
    page.wait_for_load_state()
    return page


def back_until(karim: Page, address: str, words: str) -> None:
    """Come back to a page until it holds some words: a browser sends the last of a page after it has left it."""
    reply = karim.get_by_label("Votre réponse à Léa Fontanel")
    for _ in range(20):
        karim.goto(address)
        if reply.input_value() == words:
            return
    expect(reply).to_have_value(words)


def test_a_draft_is_kept_when_the_page_is_left_at_once(karim: Page) -> None:
    here, reply = karim.url, karim.get_by_label("Votre réponse à Léa Fontanel")
    reply.press_sequentially("Je vérifie")
    karim.goto("/regie/moi")
    back_until(karim, here, "Je vérifie")


def test_a_draft_on_its_way_is_kept_when_the_page_is_left(karim: Page) -> None:
    here, reply = karim.url, karim.get_by_label("Votre réponse à Léa Fontanel")
    karim.evaluate("window.fetch = () => { document.title = 'underway'; return new Promise(() => {}); }; 0")
    reply.press_sequentially("Je vérifie encore")
    expect(karim).to_have_title("underway")
    karim.goto("/regie/moi")
    back_until(karim, here, "Je vérifie encore")


def test_a_draft_is_kept_when_the_telephone_puts_the_page_away(karim: Page) -> None:
    reply = karim.get_by_label("Votre réponse à Léa Fontanel")
    reply.press_sequentially("Un instant")
    hidden = "Object.defineProperty(document, 'visibilityState', { value: 'hidden' })"
    with karim.expect_request("**/brouillon/reply", timeout=1_500) as sent:
        karim.evaluate(f"{hidden}; document.dispatchEvent(new Event('visibilitychange', {{ bubbles: true }}))")
    assert sent.value.method == "POST"


def test_a_sent_answer_leaves_no_draft(karim: Page) -> None:
    here, reply = karim.url, karim.get_by_label("Votre réponse à Léa Fontanel")
    reply.press_sequentially("Voici.")
    karim.keyboard.press("Control+Enter")
    expect(karim.get_by_role("main")).to_contain_text("Votre réponse est envoyée.")
    karim.goto(here)
    expect(reply).to_have_value("")
