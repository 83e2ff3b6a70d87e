"""E-mails that wait for a person: a held one refused and let in, an unreadable one made a request, one moved and back."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage

import pytest
from playwright.sync_api import Page, expect

from app.mail import intake
from app.mail.intake import Envelope
from app.tickets.states import State
from tests.cast import LEA, STRANGER
from tests.journeys.conftest import OpenPage
from tests.journeys.house import House
from tests.journeys.letters import reply_to

pytestmark = pytest.mark.browser

RAW = b"Subject: Ma place\r\n\r\nJe ne dis pas qui je suis.\r\n"


def test_a_held_letter_is_refused_then_held_again_then_let_in(house: House, signed_in: OpenPage) -> None:
    asked = house.ask(subject="Deux places", type="refund_cancelled")
    house.answer(asked.ticket_id, "Bonjour Léa.", then=State.WAITING)
    house.deliver(reply_to(house.sink.to(LEA)[-1], "Je suis son mari.", sender=STRANGER))
    house.work()
    karim = signed_in("karim")
    karim.goto("/regie/file/todo")
    karim.get_by_role("link", name="Retenus").click()
    main = karim.get_by_role("main")
    his = main.get_by_role("article").filter(has_text="Je suis son mari.")
    expect(his).to_contain_text("Son expéditeur ne participe pas à cette demande")
    his.get_by_role("checkbox").check()
    main.get_by_role("button", name="Refuser le message").click()
    expect(main).to_contain_text("1 courriel traité.")
    expect(his).to_have_count(0)
    main.get_by_role("button", name="Annuler").click()
    his.get_by_role("checkbox").check()
    main.get_by_role("button", name="Accepter cette personne").click()
    expect(main).to_contain_text("1 courriel traité.")
    expect(his).to_have_count(0)
    karim.goto(f"/regie/demandes/{asked.number}")
    expect(karim.locator("article.msg").last).to_contain_text("Je suis son mari.")
    expect(karim.get_by_label("À propos de cette demande")).to_contain_text("Ouverte")


def test_an_unreadable_letter_is_downloaded_read_again_and_made_a_request(house: House, signed_in: OpenPage) -> None:
    with house.app.app_context():
        intake.store_letters([(RAW, Envelope("qui@guichet"))])
    house.work()
    karim = signed_in("karim")
    karim.goto("/regie/file/todo")
    karim.get_by_role("link", name="Illisibles 1").click()
    main = karim.get_by_role("main")
    with karim.expect_download() as file:
        main.get_by_role("link", name="Télécharger le courriel").click()
    assert file.value.path().read_bytes() == RAW
    main.get_by_role("button", name="Réessayer").click()
    expect(main).to_contain_text("Il reste illisible.")
    main.get_by_label("Son adresse électronique").fill(LEA)
    main.get_by_label("Sa demande, avec ses mots").fill("Elle demande sa place.")
    main.get_by_role("button", name="Ouvrir la demande").click()
    expect(main).to_contain_text("le courriel y est joint")
    expect(karim.locator("article.msg").first).to_contain_text("Elle demande sa place.")


def test_a_letter_filed_wrongly_is_moved_and_brought_back(house: House, signed_in: OpenPage) -> None:
    wrong = house.ask(subject="Deux places", type="refund_cancelled")
    right = house.ask(subject="Un fauteuil roulant", type="exchange_date")
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Message-ID"] = LEA, "billetterie@valmorin.example", "<tort@exemple.fr>"
    letter["Subject"] = f"Re: [#{wrong.number}]"
    letter.set_content("Et mon fauteuil ?")
    with smtplib.LMTP("127.0.0.1", house.lmtp_port) as room:
        room.send_message(letter)
    house.work()
    karim = signed_in("karim")
    karim.goto(f"/regie/demandes/{wrong.number}")
    expect(karim.locator("article.msg").last).to_contain_text("Classé ici par le numéro dans son objet.")
    karim.locator("article.msg").last.get_by_role("link", name="Le déplacer").click()
    karim.get_by_label(f"{right.number} ·").check()
    karim.get_by_role("button", name="Le déplacer").click()
    it_stands_in(karim, right.number)
    karim.get_by_role("button", name="Annuler").click()
    it_stands_in(karim, wrong.number)


def it_stands_in(karim: Page, number: int) -> None:
    karim.wait_for_url(f"**/regie/demandes/{number}*")
    expect(karim.locator("article.msg").last).to_contain_text("Et mon fauteuil ?")
