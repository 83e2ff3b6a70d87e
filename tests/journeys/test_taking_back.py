"""Karim sends too soon and takes it back with one key; later he sends a letter that came back to the right address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from playwright.sync_api import Page, expect

from app.tickets import departing
from tests.cast import LEA
from tests.journeys.conftest import PHONE, OpenPage
from tests.journeys.house import House
from tests.journeys.letters import text_of

pytestmark = pytest.mark.browser

WORDS = "Bonjour, vos deux places sont remboursées."


@pytest.fixture
def number(house: House) -> int:
    """Léa asks for her money."""
    return house.ask(subject="Deux places", body="Bonjour, remboursez-moi deux places.", language="fr").number


@pytest.fixture(autouse=True)
def _patient(house: House) -> Iterator[None]:
    departing.wait(20)
    yield
    departing.wait(0)


def leave(house: House, seconds: int) -> None:
    """Time passes, and the worker does what is due."""
    house.wait(seconds=seconds)
    with house.app.app_context():
        departing.depart_due()
    house.work()


def answers(house: House, to: str = LEA) -> list[EmailMessage]:
    return [letter for letter in house.sink.to(to) if letter["Subject"].startswith("Re:")]


def he_answers(karim: Page, number: int, words: str) -> None:
    karim.goto(f"/regie/demandes/{number}")
    reply = karim.get_by_label("Votre réponse à Léa Fontanel")
    reply.fill(words)
    reply.press("Control+Shift+Enter")
    bar = karim.get_by_role("main").get_by_text(f"Votre réponse à la demande {number} part dans un instant.")
    expect(bar).to_be_in_viewport()


def test_karim_takes_an_answer_back_with_one_key(house: House, signed_in: OpenPage, number: int) -> None:
    karim = signed_in("karim")
    he_answers(karim, number, WORDS)
    expect(karim.locator("article.msg.us")).to_contain_text("Part dans")
    karim.goto("/regie/file/todo")
    expect(karim.get_by_role("button", name=re.compile("Annuler"))).to_be_visible()
    karim.keyboard.press("z")
    expect(karim).to_have_url(re.compile(f"/regie/demandes/{number}"))
    expect(karim.get_by_label("Votre réponse à Léa Fontanel")).to_have_value(WORDS)
    expect(karim.get_by_role("main")).to_contain_text("votre réponse est redevenue un brouillon")
    leave(house, 60)
    assert answers(house) == []
    he_answers(karim, number, f"{WORDS} Bien à vous.")
    leave(house, 20)
    assert ["Bien à vous." in text_of(letter) for letter in answers(house)] == [True]
    karim.goto(f"/regie/demandes/{number}")
    expect(karim.locator("article.msg.us")).to_contain_text("Envoyé")


def test_taking_back_works_without_scripts(house: House, signed_in: OpenPage, number: int) -> None:
    karim = signed_in("karim", java_script_enabled=False)
    karim.goto(f"/regie/demandes/{number}")
    karim.get_by_label("Votre réponse à Léa Fontanel").fill(WORDS)
    karim.locator("form[action*='/reponse'] button[name='go'][value='stay']").first.click()
    karim.get_by_role("button", name="La reprendre").click()
    expect(karim.get_by_label("Votre réponse à Léa Fontanel")).to_have_value(WORDS)
    leave(house, 60)
    assert answers(house) == []


def test_a_letter_that_came_back_is_sent_to_the_right_address(house: House, signed_in: OpenPage, number: int) -> None:
    karim = signed_in("karim")
    he_answers(karim, number, WORDS)
    leave(house, 20)
    house.deliver(bounce_of(answers(house)[0]), sender="")
    house.work()
    karim.goto(f"/regie/demandes/{number}")
    told = karim.locator("article.msg.us")
    expect(told).to_contain_text("Revenu")
    expect(told).to_contain_text("Cette adresse n’existe pas.")
    told.get_by_label("L’envoyer à").fill("lea.fontanel@bonne.example")
    told.get_by_role("button", name="Renvoyer").click()
    expect(karim.get_by_role("main")).to_contain_text("repart dans un instant")
    house.work()
    assert [WORDS in text_of(letter) for letter in answers(house, "lea.fontanel@bonne.example")] == [True]
    karim.goto(f"/regie/demandes/{number}")
    expect(told).to_contain_text("Envoyé")
    he_corrects_her_address(karim, number)


def test_adele_does_the_same_from_the_page_of_the_letter_by_keyboard_without_scripts(
    house: House, signed_in: OpenPage, number: int
) -> None:
    karim, right = signed_in("karim"), "lea.fontanel@bonne.example"
    he_answers(karim, number, WORDS)
    leave(house, 20)
    house.deliver(bounce_of(answers(house)[0]), sender="")
    house.work()
    adele = signed_in("adele", java_script_enabled=False, reduced_motion="reduce", **PHONE)
    adele.goto("/lettres?etat=bounced")
    adele.get_by_role("main").get_by_role("row").nth(1).get_by_role("link").click()
    adele.get_by_label("L’envoyer à").fill(right)
    adele.get_by_role("button", name="Renvoyer").click()
    house.work()
    adele.reload()
    offer = adele.get_by_role("button", name=f"Écrire désormais à {right}")
    assert adele.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    offer.focus()
    adele.keyboard.press("Enter")
    main = adele.get_by_role("main")
    expect(main).to_contain_text(f"Les courriels partent désormais à {right}")
    expect(adele).to_have_url(re.compile(r"/lettres/\d+$"))
    expect(offer).to_have_count(0)
    adele.get_by_role("button", name="Annuler").first.click()
    expect(main).to_contain_text(f"Les courriels partent de nouveau à {LEA}.")
    offer.click()
    expect(offer).to_have_count(0)
    karim.goto(f"/regie/demandes/{number}/historique")
    expect(karim.get_by_role("main")).to_contain_text("a corrigé l’adresse")


def he_corrects_her_address(karim: Page, number: int) -> None:
    right, panel = "lea.fontanel@bonne.example", karim.locator("aside.panel, aside").last
    offer = karim.get_by_role("button", name=f"Écrire désormais à {right}")
    offer.click()
    expect(karim.get_by_role("main")).to_contain_text(f"Les courriels partent désormais à {right}")
    expect(offer).to_have_count(0)
    karim.get_by_role("button", name="Annuler").first.click()
    expect(karim.get_by_role("main")).to_contain_text(f"Les courriels partent de nouveau à {LEA}.")
    offer.focus()
    karim.keyboard.press("Enter")
    expect(panel).to_contain_text(right)
    assert karim.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def bounce_of(letter: EmailMessage) -> EmailMessage:
    """What Léa's server says of a letter it cannot deliver, to where its envelope came from."""
    report = EmailMessage()
    report["From"] = "MAILER-DAEMON@mx.exemple.fr"
    report["To"] = letter["Return-Path"]
    report["Subject"] = "Undelivered Mail Returned to Sender"
    report.set_content(
        f"Diagnostic-Code: smtp; 550 5.1.1 <{LEA}>: user unknown\n\nMessage-ID: {letter['Message-ID']}\n"
    )
    report["Auto-Submitted"] = "auto-replied"
    report["In-Reply-To"] = letter["Message-ID"]
    return report
