"""Inès answers a whole crowd: writes, previews, tells a few, looks, corrects, tells the others, and everybody has it once."""

from __future__ import annotations

import re
from collections import Counter
from email.message import EmailMessage

import pytest
from playwright.sync_api import Page, expect

from app.incidents import declaring
from app.incidents.models import CrowdRecipient
from app.kernel import work
from app.kernel.db import session
from app.people import service as people
from app.tickets import conversation
from app.tickets.conversation import Word
from app.tickets.models import Ticket
from tests.crowds import a_crowd, a_written_answer, an_incident
from tests.domains.incidents.test_withdrawn import whole
from tests.journeys.conftest import PHONE, OpenPage
from tests.journeys.house import House
from tests.journeys.looks import faults

pytestmark = pytest.mark.browser


def crowd_of(house: House, people: int) -> int:
    with house.app.app_context():
        incident = an_incident(house.actor("ines"))
        a_crowd(incident, people)
        session.remove()
    return incident


def told(house: House) -> int:
    with house.app.app_context():
        count = session.query(CrowdRecipient).filter_by(state="said").count()
        session.remove()
    return count


def preview(ines: Page, incident: int) -> None:
    ines.goto(f"/regie/incidents/{incident}/reponse")
    french = ines.get_by_role("region", name="Français").get_by_label("Texte de la réponse")
    expect(french).to_have_value("La représentation est annulée.")
    french.fill("Bonjour {{prenom}},\n\nC’est annulé.")
    ines.get_by_role("button", name="Enregistrer et prévisualiser").click()
    expect(ines.locator("#f-text_fr-e")).to_contain_text("ne désigne rien")
    french.fill("Bonjour {{name}},\n\nC’est annulé, votre demande est la {{number}}.")
    ines.get_by_role("region", name="Anglais").get_by_label("Texte de la réponse").fill(
        "Dear {{name}}, it is cancelled."
    )
    ines.get_by_role("button", name="Enregistrer et prévisualiser").click()
    expect(ines.get_by_role("heading", name="30 personnes la reçoivent")).to_be_visible()
    expect(ines.get_by_role("main")).to_contain_text("Dear Personne 4, it is cancelled.")


@pytest.mark.parametrize("device", [{}, PHONE], ids=["desk", "phone"])
def test_a_crowd_is_answered_in_waves(house: House, signed_in: OpenPage, device: dict[str, object]) -> None:
    incident = crowd_of(house, 30)
    ines = signed_in("ines", reduced_motion="reduce", **device)
    preview(ines, incident)
    ines.get_by_role("button", name="Répondre aux 5 premières").click()
    expect(ines.get_by_role("main")).to_contain_text("La première vague la reçoit maintenant.")
    house.work()
    # The page hears of it by itself.
    expect(ines.get_by_role("heading", name="En attente : regardez, puis laissez continuer")).to_be_visible()
    assert told(house) == 5
    ines.get_by_text("Corriger le texte").click()
    ines.get_by_label("Texte en français").fill("Bonjour {{name}}, c’est annulé et remboursé.")
    ines.get_by_role("button", name="Changer le texte").click()
    expect(ines.get_by_role("main")).to_contain_text("5 personnes ont reçu un texte antérieur")
    ines.get_by_role("button", name="Répondre aux 3 suivantes").click()
    house.work()
    expect(ines.get_by_role("button", name="Répondre aux 22 suivantes")).to_be_visible()
    ines.get_by_role("button", name="Répondre aux 22 suivantes").click()
    house.work()
    expect(ines.get_by_role("heading", name="Terminée")).to_be_visible()
    assert told(house) == 30
    letters = [letter for letter in house.sink.taken if str(letter["To"]).startswith("Personne")]
    answers = [text for letter in letters if "annulé" in (text := letter.get_body(("plain",)).get_content())]  # type: ignore[union-attr]
    assert sum("remboursé." in text for text in answers) + sum("votre demande est la" in text for text in answers) == 24
    assert faults(ines) == []


def test_without_scripts_the_same_buttons_do_the_same(house: House, signed_in: OpenPage) -> None:
    incident = crowd_of(house, 30)
    ines = signed_in("ines", java_script_enabled=False)
    preview(ines, incident)
    ines.get_by_role("button", name="Répondre aux 5 premières").click()
    house.work()
    ines.reload()
    ines.get_by_role("button", name="Mettre en pause").click()
    expect(ines.get_by_role("heading", name="En pause", exact=True)).to_be_visible()
    ines.get_by_role("button", name="Reprendre").click()
    house.work()
    ines.reload()
    ines.get_by_text("Arrêter la réponse").first.click()
    ines.get_by_label("Rendre les autres aux files").check()
    ines.get_by_role("button", name="Arrêter la réponse").click()
    expect(ines.get_by_role("heading", name="Arrêtée", exact=True)).to_be_visible()
    assert told(house) == 5


def works(house: House) -> None:
    """The worker, while the mail server takes nothing."""
    with house.app.app_context():
        work.run_due()
        session.remove()


@pytest.mark.parametrize("device", [{}, {"java_script_enabled": False, **PHONE}], ids=["desk", "phone, no scripts"])
def test_who_pauses_reads_how_many_were_kept_back_and_everybody_has_it_once(
    house: House, signed_in: OpenPage, device: dict[str, object]
) -> None:
    incident = crowd_of(house, 30)
    ines = signed_in("ines", reduced_motion="reduce", **device)
    preview(ines, incident)
    ines.get_by_role("button", name="Répondre aux 5 premières").click()
    house.work()
    ines.reload()
    ines.get_by_role("button", name="Répondre aux 3 suivantes").click()
    works(house)
    ines.reload()
    assert told(house) == 8
    ines.get_by_role("button", name="Mettre en pause").click()
    said = ines.get_by_text(
        "3 courriels ont été retenus avant leur départ. 5 étaient déjà partis, ou le sont peut-être."
    )
    expect(said).to_be_visible()
    assert told(house) == 5
    assert device or faults(ines) == []
    ines.get_by_role("button", name="Reprendre").click()
    house.work()
    ines.reload()
    expect(said).to_have_count(0)
    ines.get_by_role("button", name="Répondre aux 22 suivantes").click()
    house.work()
    letters = [letter for letter in house.sink.taken if str(letter["To"]).startswith("Personne")]
    answered = Counter(
        str(letter["To"]) for letter in letters if "annulé, votre" in text_of(letter) or "cancelled." in text_of(letter)
    )
    assert (len(answered), set(answered.values())) == (30, {1})
    ines.goto(f"/regie/incidents/{incident}")
    expect(ines.get_by_role("main")).to_contain_text("3 courriels retenus")


def text_of(letter: EmailMessage) -> str:
    return letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_a_day_after_it_was_over_the_show_turns_out_to_play(house: House, signed_in: OpenPage) -> None:
    incident = crowd_of(house, 8)
    ines = signed_in("ines", reduced_motion="reduce", **PHONE)
    with house.app.app_context():
        whole(a_written_answer(incident, house.actor("ines")), house.actor("ines"))
        declaring.end(incident, "over", by=house.actor("ines"))
        session.remove()
    house.work()
    ines.goto(f"/regie/incidents/{incident}")
    ines.get_by_role("link", name="Cela n’a finalement pas lieu").click()
    expect(ines.get_by_role("main")).to_contain_text("Un rectificatif")
    assert faults(ines) == []
    ines.get_by_role("button", name="Dire que cela n’a pas eu lieu").click()
    expect(ines.get_by_role("main")).to_contain_text("peuvent en être averties")
    expect(ines.get_by_role("main")).to_contain_text("8 personnes")
    ines.get_by_role("link", name="Relire la correction et l’envoyer").click()
    expect(ines.get_by_role("region", name="Français").get_by_label("Texte de la réponse")).to_have_value(
        re.compile("Ce n’est plus le cas")
    )


def by_keyboard(page: Page, name: str) -> None:
    """Tab to a link and press it."""
    link = page.get_by_role("link", name=name)
    for _ in range(60):
        page.keyboard.press("Tab")
        if link.evaluate("one => one === document.activeElement"):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"no way to {name} by keyboard")


@pytest.mark.parametrize("device", [{}, {"java_script_enabled": False, **PHONE}], ids=["desk", "phone, no scripts"])
def test_who_was_answered_by_hand_or_cannot_be_reached_is_named_before_and_after(
    house: House, signed_in: OpenPage, device: dict[str, object]
) -> None:
    incident = crowd_of(house, 30)
    ines = signed_in("ines", reduced_motion="reduce", **device)
    ines.goto(f"/regie/incidents/{incident}/non-joints")
    expect(ines.get_by_role("main")).to_contain_text("30 personnes concernées")
    with house.app.app_context():
        (hand,) = session.query(Ticket).filter(Ticket.excerpt == "Et mes places ? 7").all()
        number = hand.number
        conversation.answer(hand.id, Word(body="Je vous appelle demain."), by=house.actor("karim"))
        people.mark_undeliverable("personne9@orange.example", "5.1.1")
        session.remove()
    # Before it starts: who was answered by hand is named, and may be told too.
    ines.goto(f"/regie/incidents/{incident}/reponse")
    ines.get_by_role("button", name="Enregistrer et prévisualiser").click()
    expect(ines.get_by_role("heading", name="28 personnes la reçoivent")).to_be_visible()
    ines.get_by_text("1 personne a reçu une réponse à la main").click()
    expect(ines.locator("#a-la-main").get_by_role("link", name=str(number))).to_be_visible()
    assert device or faults(ines) == []
    ines.get_by_label("Aussi ceux à qui un collègue a répondu à la main").check()
    ines.get_by_role("button", name="Enregistrer et prévisualiser").click()
    expect(ines.get_by_role("heading", name="29 personnes la reçoivent")).to_be_visible()
    expect(ines.locator("#a-la-main")).to_have_count(0)
    ines.get_by_label("Aussi ceux à qui un collègue a répondu à la main").uncheck()
    ines.get_by_role("button", name="Enregistrer et prévisualiser").click()
    for button in ("Répondre aux 5 premières", "Répondre aux 3 suivantes", "Répondre aux 20 suivantes"):
        ines.get_by_role("button", name=button).click()
        house.work()
        ines.reload()
    # Afterwards: the sums, the two who were not reached, and the way to each.
    by_keyboard(ines, "Qui n’a pas été joint")
    expect(ines.get_by_role("heading", name="Qui n’a pas été joint")).to_be_visible()
    sums = ines.get_by_role("region", name="30 personnes concernées par cet incident")
    expect(sums.get_by_role("row", name="Leur courriel est parti 28")).to_be_visible()
    expect(sums.get_by_role("row", name="Tous 30")).to_be_visible()
    assert device or faults(ines) == []
    sums.get_by_role("link", name="Leur adresse ne reçoit plus rien").click()
    listed = ines.get_by_role("region", name=re.compile("Leur adresse ne reçoit plus rien"))
    expect(listed.get_by_role("row")).to_have_count(2)
    expect(listed).to_contain_text("Personne 9")
    assert ines.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    listed.get_by_role("link", name=re.compile("Corriger l’adresse, puis répondre")).click()
    expect(ines.get_by_role("main")).to_contain_text("personne9@orange.example")
