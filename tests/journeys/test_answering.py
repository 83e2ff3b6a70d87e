"""Karim answers from the queue with the keyboard: sees why, corrects, inserts what is prepared, sends, goes on."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.cast import LEA
from tests.journeys.conftest import OpenPage
from tests.journeys.house import House
from tests.journeys.letters import link_in, text_of
from tests.journeys.watch import Watch

pytestmark = pytest.mark.browser

WORDS = "Hello, our show on Saturday is cancelled. How do we get our money back?"


@pytest.fixture
def number(house: House) -> int:
    """Léa wrote in English about her cancelled evening."""
    return house.ask(
        subject="Our cancelled evening", body=WORDS, language="en", type="refund_cancelled", order_code="VAL-7K3QD"
    ).number


def test_karim_answers_with_the_keyboard_alone(house: House, signed_in: OpenPage, number: int) -> None:
    karim = signed_in("karim")
    he_finds_it_in_the_queue(karim, number)
    he_reads_the_sorting_and_corrects_it(karim)
    he_inserts_a_canned_answer_and_an_article(karim)
    karim.keyboard.press("Control+Enter")
    expect(karim.get_by_role("main")).to_contain_text("Votre réponse est envoyée.")
    expect(karim).to_have_url(re.compile(r"/regie/demandes/\d+"))
    assert str(number) not in karim.url
    lea_reads_it_in_her_language(house, number)


def he_finds_it_in_the_queue(karim: Page, number: int) -> None:
    expect(karim.get_by_role("heading", level=1)).to_have_text("À traiter")
    expect(karim.get_by_role("columnheader", name="Échéance")).to_have_attribute("aria-sort", "ascending")
    place = [int(n or 0) for n in karim.locator("tr[data-row]").evaluate_all("rows => rows.map(r => r.dataset.row)")]
    for _ in range(place.index(number) + 1):
        karim.keyboard.press("j")
    expect(karim.locator(f"tr[data-row='{number}'] .subj")).to_be_focused()
    karim.keyboard.press("Enter")
    expect(karim.get_by_role("heading", level=1)).to_have_text("Our cancelled evening")
    karim.wait_for_load_state()


def he_reads_the_sorting_and_corrects_it(karim: Page) -> None:
    panel = karim.get_by_label("À propos de cette demande")
    expect(panel).to_contain_text("Remboursement d’un spectacle annulé")
    expect(panel.get_by_text("Pourquoi ?", exact=True)).to_be_visible()
    karim.keyboard.press("t")
    choice = karim.get_by_role("dialog", name="Corriger le motif")
    choice.get_by_role("combobox").press_sequentially("suivi")
    expect(choice.get_by_role("option")).to_have_count(1)
    karim.keyboard.press("Enter")
    expect(karim.get_by_role("main")).to_contain_text("Le tri est corrigé.")
    expect(panel).to_contain_text("Corrigé")
    expect(panel).to_contain_text("Suivi d’un remboursement")
    karim.wait_for_load_state()


def he_inserts_a_canned_answer_and_an_article(karim: Page) -> None:
    reply = karim.get_by_label("Votre réponse à Léa Fontanel")
    karim.keyboard.press("m")
    palette = karim.get_by_role("dialog", name="Appliquer une réponse type")
    palette.get_by_role("combobox").press_sequentially("rien à faire")
    karim.keyboard.press("Enter")
    expect(reply).to_have_value(re.compile(r"Hello Léa Fontanel,.*VAL-7K3QD.*Karim", re.DOTALL))
    expect(reply).to_have_value(re.compile(r"La Traviata on Saturday 14\sNovember"))
    expect(karim.get_by_label("Puis", exact=True)).to_have_value("solved")
    karim.keyboard.press("Escape")
    karim.keyboard.press("i")
    articles = karim.get_by_role("dialog", name="Insérer un article")
    articles.get_by_role("combobox").press_sequentially("choose refund")
    expect(articles.get_by_role("option").first).to_contain_text("refund")
    karim.keyboard.press("Enter")
    expect(reply).to_have_value(re.compile(r"http://\S+/en/help/\S+"))


def test_enter_may_be_faster_than_the_lines_of_a_palette(signed_in: OpenPage, number: int) -> None:
    karim = signed_in("karim")
    karim.goto(f"/regie/demandes/{number}")
    held: list[Route] = []
    karim.route("**/reponses-types", lambda route: held.append(route))
    palette = karim.get_by_role("dialog", name="Appliquer une réponse type")
    karim.keyboard.press("m")
    palette.get_by_role("combobox").press_sequentially("rien à faire")
    karim.keyboard.press("Enter")
    expect(palette.get_by_role("listbox")).to_have_attribute("aria-busy", "true")
    held[0].continue_()
    expect(karim.get_by_label("Votre réponse à Léa Fontanel")).to_have_value(re.compile("Hello Léa Fontanel"))


def test_enter_may_be_faster_than_a_search_for_articles(signed_in: OpenPage, number: int) -> None:
    karim = signed_in("karim")
    held: list[Route] = []
    karim.route("**/recherche/articles?*", lambda route: held.append(route))
    karim.goto(f"/regie/demandes/{number}")
    karim.keyboard.press("i")
    palette = karim.get_by_role("dialog", name="Insérer un article")
    with karim.expect_request(lambda asked: "q=choose" in asked.url):
        palette.get_by_role("combobox").fill("choose refund")
    karim.keyboard.press("Enter")
    expect(palette.get_by_role("listbox")).to_have_attribute("aria-busy", "true")
    held[-1].continue_()
    expect(karim.get_by_label("Votre réponse à Léa Fontanel")).to_have_value(
        re.compile(r"refund.*\nhttp://\S+/en/help/\S+")
    )


def test_what_could_not_be_inserted_is_said_and_tried_again(signed_in: OpenPage, number: int, watch: Watch) -> None:
    karim = signed_in("karim")
    karim.goto(f"/regie/demandes/{number}")
    karim.route("**/reponses-types/*", lambda route: route.fulfill(status=503, body=""), times=1)
    watch.expected = {503}
    karim.keyboard.press("m")
    palette = karim.get_by_role("dialog", name="Appliquer une réponse type")
    palette.get_by_role("combobox").press_sequentially("rien à faire")
    karim.keyboard.press("Enter")
    expect(palette).to_contain_text("L’envoi n’a pas abouti")
    palette.get_by_role("button", name="Réessayer").click()
    expect(karim.get_by_label("Votre réponse à Léa Fontanel")).to_have_value(re.compile("Hello Léa Fontanel"))
    expect(palette).to_be_hidden()


def test_a_palette_without_its_lines_says_so_and_asks_again(signed_in: OpenPage, number: int, watch: Watch) -> None:
    karim = signed_in("karim")
    karim.goto(f"/regie/demandes/{number}")
    karim.route("**/reponses-types", lambda route: route.fulfill(status=503, body=""), times=1)
    watch.expected = {503}
    karim.keyboard.press("m")
    palette = karim.get_by_role("dialog", name="Appliquer une réponse type")
    expect(palette).to_contain_text("L’envoi n’a pas abouti")
    palette.get_by_role("button", name="Réessayer").click()
    expect(palette.get_by_role("option").first).to_be_visible()


def lea_reads_it_in_her_language(house: House, number: int) -> None:
    house.work()
    answer = next(letter for letter in house.sink.to(LEA) if letter["Subject"].startswith("Re:"))
    assert answer["Subject"] == f"Re: Our cancelled evening [#{number}]"
    assert "has indeed been cancelled" in text_of(answer)
    assert "/en/help/" in text_of(answer)
    assert "{{" not in text_of(answer)
    assert link_in(answer, "/d/")
