"""Léa, on her telephone, looks for an answer, finds it not quite enough, asks, and opens her private page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.cast import LEA
from tests.journeys.conftest import PHONE, OpenPage
from tests.journeys.house import House
from tests.journeys.letters import link_in, text_of

pytestmark = pytest.mark.browser

EMMA = "emma.hart@example.org"
ARTICLE = "Mon spectacle est annulé : que va-t-il se passer ?"
WORDS = "Bonjour, mon spectacle est annulé. Quand vais-je recevoir le remboursement de mes deux places ?"
PROMISE = "avant jeudi 12 novembre, 19 h"
PDF = {"name": "billets.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"}


def test_lea_asks_from_her_telephone_and_follows_her_request(house: House, lea: Page) -> None:
    she_finds_the_article_while_typing(lea)
    it_answers_in_short_but_not_quite(lea)
    she_fills_in_the_form(lea)
    articles_are_offered_as_she_writes(lea)
    number = she_checks_and_sends(lea)
    assert lea.context.cookies() == []
    house.work()
    the_letter_opens_her_page(house, lea, number)


def test_emma_asks_in_english_and_is_told_everything_in_english(house: House, screen: OpenPage) -> None:
    emma = screen(**PHONE, locale="en-GB")
    emma.goto("/en/requests/new")
    emma.get_by_label("Something else").check()
    emma.get_by_label("What exactly?").select_option("Something lost or found")
    emma.get_by_label("The item, its colour, a mark").fill("A green scarf")
    emma.get_by_label("Date of your visit").fill("2026-11-09")
    emma.get_by_label("Your e-mail address").fill(EMMA)
    emma.get_by_label("Tell us what you need").fill("I left a green scarf in the cloakroom last night.")
    emma.get_by_role("button", name="Check my request").tap()
    expect(emma.get_by_role("main")).to_contain_text("Nothing has been sent yet.")
    emma.get_by_role("button", name="Send my request").tap()
    expect(emma.get_by_role("heading", level=1)).to_have_text("Your request is sent")
    expect(emma.get_by_role("main")).to_contain_text("We will answer before Thursday 12 November, 11:30 am")
    house.work()
    [letter] = house.sink.to(EMMA)
    assert "before Thursday 12 November, 11:30 am" in text_of(letter)
    emma.goto(link_in(letter, "/d/"))
    expect(emma.get_by_role("main")).to_contain_text("We will answer before Thursday 12 November, 11:30 am")
    expect(emma.locator("html")).to_have_attribute("lang", "en")


def she_finds_the_article_while_typing(lea: Page) -> None:
    lea.goto("/")
    lea.get_by_label("Votre question, avec vos mots").press_sequentially("spectacle annulé remboursement")
    first = lea.locator(".found").get_by_role("link").first
    expect(first).to_have_text(ARTICLE)
    first.tap()


def it_answers_in_short_but_not_quite(lea: Page) -> None:
    expect(lea.get_by_role("heading", level=1)).to_have_text(ARTICLE)
    expect(lea.get_by_role("main")).to_contain_text(re.compile("en bref", re.IGNORECASE))
    expect(lea.get_by_role("main")).to_contain_text("Le prix de vos billets annulés vous revient")
    lea.get_by_role("button", name="Pas tout à fait").tap()
    expect(lea.get_by_role("status")).to_contain_text(["C’est noté. Qu’est-ce qui a manqué ?"])
    lea.get_by_role("link", name="Poser la question à la billetterie").tap()


def she_fills_in_the_form(lea: Page) -> None:
    expect(lea.get_by_label("Remboursement", exact=False).first).to_be_checked()
    lea.get_by_text("Billets et achat").tap()
    expect(lea.get_by_label("De quoi s’agit-il exactement ?")).to_contain_text("Billets électroniques non reçus")
    lea.get_by_text("Spectacle annulé ou reporté").tap()
    lea.get_by_label("De quoi s’agit-il exactement ?").select_option("Remboursement d’un spectacle annulé")
    lea.get_by_label("Où avez-vous acheté ?").select_option("Auprès de notre billetterie")
    lea.get_by_label("Nombre de places").fill("2")
    lea.get_by_label("Numéro de commande").fill("val 7k3qd")
    lea.get_by_label("Votre adresse électronique").fill(LEA)
    lea.get_by_label("Votre nom").fill("Léa Fontanel")
    order = lea.locator("#order")
    expect(order).to_contain_text("Commande trouvée.")
    expect(order).to_contain_text("Corbeille B 14, Corbeille B 16")
    lea.get_by_label("Choisir des fichiers").set_input_files([PDF])  # type: ignore[list-item]
    expect(lea.get_by_label("Fichiers choisis")).to_contain_text("billets.pdf")


def articles_are_offered_as_she_writes(lea: Page) -> None:
    message = lea.get_by_label("Expliquez-nous ce qu’il vous faut")
    message.press_sequentially(WORDS)
    offered = lea.locator("#answers").get_by_role("link")
    expect(offered).to_have_count(3)
    with lea.expect_popup() as other:
        offered.filter(has_text=ARTICLE).tap()
    expect(other.value.get_by_role("main")).to_contain_text(re.compile("en bref", re.IGNORECASE))
    other.value.close()
    expect(message).to_have_value(WORDS)


def she_checks_and_sends(lea: Page) -> str:
    lea.get_by_role("button", name="Vérifier ma demande").tap()
    main = lea.get_by_role("main")
    for said in ("Rien n’est encore envoyé.", "Auprès de notre billetterie", "VAL-7K3QD", WORDS, "billets.pdf", LEA):
        expect(main).to_contain_text(said)
    lea.get_by_role("button", name="Envoyer ma demande").tap()
    expect(lea.get_by_role("heading", level=1)).to_have_text("Votre demande est envoyée")
    expect(main).to_contain_text(f"Nous vous répondrons {PROMISE}")
    assert "/d/" not in lea.content()
    found = re.search(r"nº\s(\d{6,7})", lea.title())
    assert found
    return found[1]


def the_letter_opens_her_page(house: House, lea: Page, number: str) -> None:
    [letter] = house.sink.to(LEA)
    assert letter["Subject"].endswith(f"[#{number}]")
    assert PROMISE in text_of(letter)
    assert "mes deux places" not in text_of(letter)
    lea.goto(link_in(letter, "/d/"))
    main = lea.get_by_role("main")
    for said in (f"Demande nº {number}", f"Nous vous répondrons {PROMISE}", WORDS, "billets.pdf", "La Traviata"):
        expect(main).to_contain_text(said)
    with lea.expect_download() as taken:
        lea.get_by_role("link", name="billets.pdf").tap()
    assert taken.value.path().read_bytes() == PDF["buffer"]
