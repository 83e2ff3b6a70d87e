"""Sami asks IT for help; spectators and other departments never learn that he did."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import OpenPage
from tests.journeys.house import House

pytestmark = pytest.mark.browser

WORDS = "L’imprimante du guichet 2 ne sort plus rien depuis ce matin."


def test_an_internal_request_is_seen_by_its_department_only(house: House, signed_in: OpenPage, lea: Page) -> None:
    sami = signed_in("sami")
    number = he_asks(sami)
    house.work()
    assert not [letter for letter in house.sink.taken if number in letter["Subject"]]
    the_others_find_nothing(signed_in("karim"), lea, number)
    the_others_find_nothing(signed_in("rita"), lea, number)
    hugo = signed_in("hugo")
    hugo.goto("/regie/file/todo")
    hugo.locator(f"tr[data-row='{number}']").get_by_role("link").click()
    expect(hugo.get_by_role("region", name="Échanges")).to_contain_text(WORDS)
    hugo.get_by_label("Votre réponse à Sami Haddad").fill("J’arrive avec une cartouche.")
    hugo.get_by_role("button", name="Envoyer et rester").click()
    expect(hugo.get_by_role("main")).to_contain_text("Votre réponse est envoyée.")
    sami.goto(f"/regie/interne/{number}")
    expect(sami.get_by_role("main")).to_contain_text("J’arrive avec une cartouche.")


def he_asks(sami: Page) -> str:
    sami.get_by_role("main").get_by_role("link", name="Faire une demande").click()
    sami.get_by_role("link", name="Matériel, logiciel ou accès").click()
    sami.get_by_label("Appareil ou logiciel").fill("Imprimante de billets")
    sami.get_by_label("Où se trouve-t-il ?").fill("Guichet 2")
    sami.get_by_label("Oui").check()
    sami.get_by_label("De quoi avez-vous besoin ?").fill(WORDS)
    sami.get_by_role("button", name="Envoyer ma demande").click()
    expect(sami.get_by_role("main")).to_contain_text("Votre demande est arrivée.")
    found = re.search(r"numéro est (\d{6,7})", sami.get_by_role("main").inner_text())
    assert found
    return found[1]


def the_others_find_nothing(colleague: Page, lea: Page, number: str) -> None:
    for page in (colleague, lea):
        answer = page.goto(f"/regie/interne/{number}")
        assert answer is not None
        assert answer.status == 404 or "/connexion" in page.url
    answer = colleague.goto(f"/regie/demandes/{number}")
    assert answer is not None
    assert answer.status == 404
    colleague.goto("/regie/recherche?q=imprimante")
    expect(colleague.get_by_role("main").get_by_text(WORDS)).to_have_count(0)
    colleague.goto("/regie/file/todo")
    expect(colleague.locator(f"tr[data-row='{number}']")).to_have_count(0)
