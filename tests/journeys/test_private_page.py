"""Léa's private page: what she sends from it arrives, though it hides where it comes from; a lost link comes again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app.kernel import clock
from app.tickets.states import State
from tests.cast import LEA
from tests.journeys.conftest import OpenPage
from tests.journeys.house import NOON, House
from tests.journeys.letters import link_in
from tests.journeys.test_asking import PDF
from tests.journeys.watch import sent_without_origin

pytestmark = pytest.mark.browser

OTHER = "autre@exemple.fr"
WORDS = "J’ai retrouvé mes billets, les voici."


def test_words_and_files_are_sent_from_it_and_it_is_ended_and_taken_up_again(
    house: House, signed_in: OpenPage, lea: Page
) -> None:
    number = house.ask(subject="Deux places", type="refund_cancelled").number
    lea.goto(link_in(house.sink.to(LEA)[-1], "/d/"))
    lea.get_by_label("Ajouter une précision").fill(WORDS)
    lea.get_by_label("Choisir des fichiers").set_input_files([PDF])  # type: ignore[list-item]
    with sent_without_origin(lea):
        lea.get_by_role("button", name="Envoyer", exact=True).tap()
    expect(lea.get_by_role("main")).to_contain_text("Succès : votre message est envoyé")
    exchanges = lea.get_by_role("region", name="Vos échanges")
    expect(exchanges).to_contain_text(WORDS)
    with lea.expect_download() as taken:
        exchanges.get_by_role("link", name="billets.pdf").tap()
    assert taken.value.path().read_bytes() == PDF["buffer"]
    with sent_without_origin(lea):
        lea.get_by_role("button", name="Je n’ai plus besoin de réponse").tap()
    expect(lea.get_by_role("main")).to_contain_text("Succès : votre demande est terminée")
    with sent_without_origin(lea):
        lea.get_by_role("button", name="Reprendre ma demande").tap()
    expect(lea.get_by_role("main")).to_contain_text("Succès : votre demande est reprise")
    karim = signed_in("karim")
    karim.goto(f"/regie/demandes/{number}")
    expect(karim.get_by_role("region", name="Échanges")).to_contain_text(WORDS)
    expect(karim.get_by_label("À propos de cette demande")).to_contain_text("Ouverte")


def test_whose_turn_it_is_is_said_first(house: House, lea: Page) -> None:
    asked = house.ask(subject="Deux places", type="refund_cancelled")
    link = link_in(house.sink.to(LEA)[-1], "/d/")
    lea.goto(link)
    promise = lea.get_by_role("region", name="Nous vous répondrons")
    expect(promise).to_contain_text("avant jeudi 12 novembre, 19 h")
    house.answer(asked.ticket_id, "Avez-vous payé par carte ?", then=State.WAITING)
    lea.reload()
    expect(lea.get_by_role("region", name="À vous : nous attendons votre réponse")).to_be_visible()
    expect(lea.get_by_role("region", name="Vos échanges")).to_contain_text("Avez-vous payé par carte ?")
    lea.get_by_role("textbox", name="Votre réponse").fill("Par carte.")
    lea.get_by_role("button", name="Envoyer", exact=True).tap()
    expect(lea.get_by_role("region", name="Nous nous en occupons")).to_be_visible()


def test_a_link_too_old_sends_a_new_one(house: House, lea: Page) -> None:
    with clock.frozen_at(NOON - timedelta(days=40)):
        number = house.ask(subject="Il y a longtemps", type="exchange_date", email=OTHER).number
    lea.goto(link_in(house.sink.to(OTHER)[-1], "/d/"))
    expect(lea.get_by_role("heading", level=1)).to_have_text("Ce lien a expiré")
    assert str(number) not in lea.get_by_role("main").inner_text()
    with sent_without_origin(lea):
        lea.get_by_role("button", name="Recevoir un nouveau lien").tap()
    expect(lea.get_by_role("heading", level=1)).to_have_text("Consultez votre messagerie")
    house.work()
    lea.goto(link_in(house.sink.to(OTHER)[-1], "/d/"))
    expect(lea.get_by_role("main")).to_contain_text(f"Demande nº {number}")


def test_a_lost_link_comes_to_her_address_and_nobody_learns_who_wrote(house: House, lea: Page) -> None:
    number = house.ask(subject="Deux places", type="refund_cancelled").number
    before = len(house.sink.taken)
    for address in ("inconnue@exemple.fr", LEA):
        lea.goto("/retrouver")
        lea.get_by_label("Votre adresse électronique").fill(address)
        lea.get_by_role("button", name="Recevoir les liens").tap()
        expect(lea.get_by_role("heading", level=1)).to_have_text("Consultez votre messagerie")
    house.work()
    sent = house.sink.taken[before:]
    assert sent == house.sink.to(LEA)[-len(sent) :]
    [letter] = [letter for letter in sent if str(number) in letter["Subject"]]
    lea.goto(link_in(letter, "/d/"))
    expect(lea.get_by_role("main")).to_contain_text(f"Demande nº {number}")
