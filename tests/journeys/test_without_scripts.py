"""The same house with JavaScript switched off: Léa asks and follows, Karim answers from the queue."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from app.tickets.states import State
from tests.cast import LEA
from tests.journeys.conftest import PHONE, OpenPage
from tests.journeys.house import House
from tests.journeys.letters import link_in
from tests.journeys.watch import sent_without_origin

pytestmark = pytest.mark.browser

ARTICLE = "Mon spectacle est annulé : que va-t-il se passer ?"
WORDS = "Bonjour, mon spectacle est annulé. Quand vais-je recevoir le remboursement de mes deux places ?"
SHOW = "Afficher les questions de ce choix"


def test_lea_asks_and_follows_without_scripts(house: House, screen: OpenPage) -> None:
    lea = screen(**PHONE, java_script_enabled=False)
    she_searches_and_reads(lea)
    the_form_asks_step_by_step(lea)
    lea.get_by_role("button", name="Vérifier ma demande").tap()
    expect(lea.get_by_role("main")).to_contain_text("Rien n’est encore envoyé.")
    lea.get_by_role("button", name="Envoyer ma demande").tap()
    expect(lea.get_by_role("heading", level=1)).to_have_text("Votre demande est envoyée")
    house.work()
    lea.goto(link_in(house.sink.to(LEA)[-1], "/d/"))
    lea.get_by_label("Ajouter une précision").fill("J’ai payé par carte.")
    lea.get_by_role("button", name="Envoyer", exact=True).tap()
    expect(lea.get_by_role("main")).to_contain_text("Succès : votre message est envoyé")
    expect(lea.get_by_role("region", name="Vos échanges")).to_contain_text("J’ai payé par carte.")


def she_searches_and_reads(lea: Page) -> None:
    lea.goto("/")
    lea.get_by_label("Votre question, avec vos mots").fill("spectacle annulé remboursement")
    lea.get_by_role("button", name="Rechercher").tap()
    lea.get_by_role("main").get_by_role("heading", level=2).first.get_by_role("link", name=ARTICLE).tap()
    lea.get_by_role("button", name="Pas tout à fait").tap()
    expect(lea.get_by_role("heading", name="C’est noté. Qu’est-ce qui a manqué ?")).to_be_visible()
    lea.get_by_label("Mon cas n’est pas traité").check()
    lea.get_by_role("button", name="Envoyer mon avis").tap()
    lea.get_by_role("link", name="Poser la question à la billetterie").tap()


def the_form_asks_step_by_step(lea: Page) -> None:
    lea.goto("/demandes/nouvelle")
    lea.get_by_label("Expliquez-nous ce qu’il vous faut").fill(WORDS)
    lea.get_by_label("Spectacle annulé ou reporté").check()
    lea.get_by_role("button", name=SHOW).tap()
    lea.get_by_label("De quoi s’agit-il exactement ?").select_option("Remboursement d’un spectacle annulé")
    lea.get_by_role("button", name=SHOW).tap()
    lea.get_by_label("Où avez-vous acheté ?").select_option("Auprès de notre billetterie")
    lea.get_by_label("Numéro de commande").fill("VAL-7K3QD")
    lea.get_by_label("Votre adresse électronique").fill(LEA)
    lea.get_by_role("button", name="Chercher cette commande").tap()
    expect(lea.locator("#order")).to_contain_text("Commande trouvée.")
    expect(lea.locator("#answers").get_by_role("link")).to_have_count(3)
    expect(lea.get_by_label("Expliquez-nous ce qu’il vous faut")).to_have_value(WORDS)
    lea.get_by_label("Choisir des fichiers").set_input_files(
        [{"name": "billets.txt", "mimeType": "text/plain", "buffer": b"Corbeille B 14\n"}]
    )


def test_karim_answers_without_scripts(house: House, signed_in: OpenPage) -> None:
    number = house.ask(subject="Deux places", type="refund_cancelled", order_code="VAL-7K3QD").number
    karim = signed_in("karim", java_script_enabled=False)
    karim.locator(f"tr[data-row='{number}']").get_by_role("link", name="Deux places").click()
    he_corrects_the_sorting(karim)
    he_reads_why_the_deadline_is_what_it_is(karim)
    karim.get_by_role("link", name="Réponse type").click()
    karim.get_by_role("link", name="Spectacle annulé : rien à faire").click()
    reply = karim.get_by_label("Votre réponse à Léa Fontanel")
    expect(reply).to_have_value(re.compile(r"Bonjour Léa Fontanel,\s+La Traviata .*VAL-7K3QD", re.DOTALL))
    karim.get_by_role("button", name="Envoyer, suivante").click()
    expect(karim.get_by_role("main")).to_contain_text("Votre réponse est envoyée.")
    house.work()
    assert [letter for letter in house.sink.to(LEA) if letter["Subject"].startswith("Re: Deux places")]


def he_corrects_the_sorting(karim: Page) -> None:
    panel = karim.get_by_label("À propos de cette demande")
    panel.get_by_text("Corriger", exact=True).click()
    panel.get_by_label("Priorité").select_option("Haute")
    panel.get_by_role("button", name="Corriger le tri").click()
    expect(karim.get_by_role("main")).to_contain_text("Le tri est corrigé.")


def he_reads_why_the_deadline_is_what_it_is(karim: Page) -> None:
    here = karim.url
    karim.get_by_text("Pourquoi cette échéance ?").click()
    karim.get_by_role("link", name="Afficher ligne par ligne").click()
    expect(karim.get_by_role("main")).to_contain_text("Première réponse — en cours")
    karim.goto(here)


def test_several_requests_are_handled_without_scripts(house: House, signed_in: OpenPage) -> None:
    numbers = [house.ask(subject=f"Gants {n}", type="lost_property", email=f"g{n}@exemple.fr").number for n in (1, 2)]
    karim = signed_in("karim", java_script_enabled=False)
    for number in numbers:
        karim.locator(f"tr[data-row='{number}']").get_by_role("checkbox").check()
    karim.get_by_role("button", name="M’attribuer").click()
    expect(karim.get_by_role("main")).to_contain_text("2 demandes modifiées.")


def test_an_opinion_is_given_without_scripts(house: House, screen: OpenPage) -> None:
    asked = house.ask(subject="Deux places", type="refund_cancelled")
    house.answer(asked.ticket_id, "Bonjour Léa, vous êtes remboursée.", then=State.SOLVED)
    lea = screen(**PHONE, java_script_enabled=False)
    lea.goto(link_in(house.sink.to(LEA)[-1], "/avis/"))
    with sent_without_origin(lea):
        lea.get_by_role("button", name="Envoyer mon avis").tap()
    expect(lea.get_by_role("heading", level=1)).to_have_text("Merci, votre avis est noté")


def test_paul_publishes_without_scripts(house: House, signed_in: OpenPage) -> None:
    paul = signed_in("paul", java_script_enabled=False)
    paul.goto("/regie/base/lost-property/fr")
    text = paul.get_by_role("textbox", name="Texte", exact=True)
    text.fill(f"{text.input_value()}\n\nUn xylophone se retire au vestiaire.\n")
    paul.get_by_role("button", name="Enregistrer le brouillon").click()
    expect(paul.get_by_role("region", name="Aperçu")).to_contain_text("Un xylophone se retire au vestiaire.")
    paul.get_by_role("button", name="Publier").click()
    expect(paul.get_by_role("main")).to_contain_text("est en ligne.")


def test_ines_chooses_a_period_without_scripts(signed_in: OpenPage) -> None:
    ines = signed_in("ines", java_script_enabled=False)
    ines.get_by_label("Période", exact=True).select_option("7 derniers jours")
    ines.get_by_role("button", name="Afficher les chiffres").click()
    assert "periode=7" in ines.url
    ines.locator("#lists").get_by_role("link", name="Demandes reçues").click()
    expect(ines.get_by_role("main").locator("tbody tr").first).to_be_visible()


def test_sami_asks_for_help_without_scripts(signed_in: OpenPage) -> None:
    sami = signed_in("sami", java_script_enabled=False)
    sami.get_by_role("main").get_by_role("link", name="Faire une demande").click()
    sami.get_by_role("link", name="Matériel, logiciel ou accès").click()
    sami.get_by_role("button", name="Envoyer ma demande").click()
    expect(sami.get_by_role("alert").filter(has=sami.get_by_role("heading"))).to_be_visible()
    sami.get_by_label("Appareil ou logiciel").fill("Imprimante de billets")
    sami.get_by_label("Où se trouve-t-il ?").fill("Guichet 2")
    sami.get_by_label("Oui").check()
    sami.get_by_label("De quoi avez-vous besoin ?").fill("Elle ne sort plus rien.")
    sami.get_by_role("button", name="Envoyer ma demande").click()
    expect(sami.get_by_role("main")).to_contain_text("Votre demande est arrivée.")
