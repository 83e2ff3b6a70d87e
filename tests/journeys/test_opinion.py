"""Karim ends a request; Léa is asked for an opinion: one link, one button."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.cast import LEA
from tests.journeys.conftest import OpenPage
from tests.journeys.house import House
from tests.journeys.letters import link_in
from tests.journeys.watch import sent_without_origin

pytestmark = pytest.mark.browser


def test_an_opinion_takes_one_link_and_one_button(house: House, signed_in: OpenPage, lea: Page) -> None:
    number = house.ask(subject="Deux places", type="refund_cancelled").number
    karim = signed_in("karim")
    karim.goto(f"/regie/demandes/{number}")
    karim.get_by_label("Votre réponse à Léa Fontanel").fill("Bonjour Léa, vous êtes remboursée.")
    karim.get_by_label("Puis", exact=True).select_option("Terminer")
    karim.get_by_role("button", name="Envoyer, suivante").click()
    expect(karim.get_by_role("main")).to_contain_text("Votre réponse est envoyée.")
    house.work()
    she_presses_one_button(lea, link_in(house.sink.to(LEA)[-1], "/avis/"))
    the_desk_knows(karim, number, "avis : 5 sur 5")
    she_thinks_again(lea)
    the_desk_knows(karim, number, "avis : 3 sur 5")


def she_presses_one_button(lea: Page, link: str) -> None:
    lea.goto(link)
    expect(lea.get_by_role("heading", level=1)).to_have_text("Comment avons-nous traité votre demande ?")
    expect(lea.get_by_role("main")).to_contain_text("Rien n’est envoyé avant que vous appuyiez sur le bouton.")
    expect(lea.get_by_label("Très bien")).to_be_checked()
    with sent_without_origin(lea):
        lea.get_by_role("button", name="Envoyer mon avis").tap()
    expect(lea.get_by_role("heading", level=1)).to_have_text("Merci, votre avis est noté")


def she_thinks_again(lea: Page) -> None:
    lea.get_by_label("Correctement").check()
    lea.get_by_label("Que devons-nous savoir ?").fill("La réponse a un peu tardé.")
    lea.get_by_role("button", name="Modifier mon avis").tap()
    expect(lea.get_by_role("heading", level=1)).to_have_text("Merci, votre avis est noté")
    expect(lea.get_by_label("Que devons-nous savoir ?")).to_have_value("La réponse a un peu tardé.")


def the_desk_knows(karim: Page, number: int, opinion: str) -> None:
    karim.goto(f"/regie/demandes/{number}/historique")
    expect(karim.get_by_role("main")).to_contain_text(opinion)
