"""Léa answers our letter from her mail program; it joins her request without the quotation."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.cast import LEA
from tests.journeys.conftest import OpenPage
from tests.journeys.house import House
from tests.journeys.letters import link_in, reply_to

pytestmark = pytest.mark.browser

QUESTION = "Bonjour Léa, avez-vous payé par carte ou par chèque ?"
ANSWER = "Par carte, merci !"


def test_a_reply_by_mail_joins_its_request_without_the_quotation(house: House, signed_in: OpenPage, lea: Page) -> None:
    number = house.ask(subject="Deux places", type="refund_cancelled").number
    karim = signed_in("karim")
    karim.goto(f"/regie/demandes/{number}")
    karim.get_by_label("Votre réponse à Léa Fontanel").fill(QUESTION)
    karim.get_by_label("Puis", exact=True).select_option("Attendre le spectateur")
    karim.get_by_role("button", name="Envoyer et rester").click()
    expect(karim.get_by_role("main")).to_contain_text("Votre réponse est envoyée.")
    house.work()
    asked = house.sink.to(LEA)[-1]
    house.wait(minutes=30)
    house.deliver(reply_to(asked, ANSWER, sender=LEA))
    house.work()
    the_desk_reads_her_words_only(karim)
    the_clock_stood_still_while_she_was_awaited(karim)
    she_follows_it_on_her_page(lea, link_in(asked, "/d/"))


def the_desk_reads_her_words_only(karim: Page) -> None:
    karim.reload()
    expect(karim.locator("article.msg")).to_have_count(3)
    last = karim.locator("article.msg").last
    expect(last).to_contain_text(ANSWER)
    expect(last).to_contain_text("par courriel")
    expect(last).not_to_contain_text("avez-vous payé")
    expect(karim.get_by_label("À propos de cette demande")).to_contain_text("Ouverte")


def the_clock_stood_still_while_she_was_awaited(karim: Page) -> None:
    panel = karim.get_by_label("À propos de cette demande")
    panel.get_by_text("Pourquoi cette échéance ?").click()
    for line in ("Tenue à temps.", "Nous attendons le spectateur : le délai s’arrête.", "Le délai repart : "):
        expect(panel.get_by_role("listitem").filter(has_text=line)).to_have_count(1)


def she_follows_it_on_her_page(lea: Page, link: str) -> None:
    lea.goto(link)
    exchanges = lea.get_by_role("region", name="Vos échanges")
    expect(exchanges.get_by_text(ANSWER)).to_be_visible()
    expect(exchanges.get_by_text(QUESTION)).to_have_count(1)
    expect(exchanges).to_contain_text("Karim, billetterie")
