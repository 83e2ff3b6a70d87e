"""A letter comes in after closing: it is sorted with its reasons, and two promises are made on opening hours."""

from __future__ import annotations

import re
import shutil
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from app.catalogue import service as catalogue
from app.tickets.states import Channel, State
from app.triage import answered, learning, place
from tests.journeys.conftest import OpenPage
from tests.journeys.house import LESSONS, House
from tests.makers import a_letter

pytestmark = pytest.mark.browser

FRENCH = (
    "Bonjour,\n\nLa Traviata de samedi est annulée. Je demande le remboursement de mes deux places, "
    "commande VAL-7K3QD. C’est inadmissible !\n\nLéa"
)
ENGLISH = (
    "Hello,\n\nI have lost my scarf in the cloakroom after the concert last night. It is green wool. "
    "Has anybody handed it in?\n\nEmma"
)
#: What this house calls what nobody else does.
VELVET = (
    "Je souhaite un strapontin de velours pour ma voisine.", "Peut-on avoir le strapontin de velours près de l'allée ?",
    "Mon strapontin de velours grince, puis-je changer ?", "Réservez un strapontin de velours à côté du nôtre.",
)  # fmt: skip


@pytest.fixture
def learned(model: Path, house: House) -> House:
    """The house with a model that has learned."""
    shutil.copytree(model, house.folder / "models", dirs_exist_ok=True)
    return house


def written(house: House, subject: str, body: str, *, sender: str, name: str) -> None:
    """Somebody's letter arrives at nine in the evening, before a public holiday."""
    house.wait(hours=6, minutes=30)
    raw = a_letter(subject=subject, body=body, sender=sender, name=name, mid="<soir@exemple.fr>")
    house.deliver(message_from_bytes(raw, policy=policy.SMTP))  # type: ignore[arg-type]
    house.work()


def opened_by(karim: Page, subject: str) -> Locator:
    karim.goto("/regie/file/todo")
    karim.get_by_role("link", name=subject, exact=True).click()
    return karim.get_by_label("À propos de cette demande")


def test_a_letter_is_sorted_and_the_desk_sees_why(learned: House, signed_in: OpenPage) -> None:
    written(learned, "Traviata de samedi", FRENCH, sender="lea.fontanel@exemple.fr", name="Léa")
    karim = signed_in("karim")
    panel = opened_by(karim, "Traviata de samedi")
    expect(panel).to_contain_text("Tri proposé")
    expect(panel).to_contain_text("Remboursement d’un spectacle annulé")
    expect(panel).to_contain_text(re.compile(r"Priorité\s*Normale"))
    expect(panel).to_contain_text(re.compile(r"Remboursement\s*Demandé"))
    expect(panel).to_contain_text("Impatient, Français")
    expect(panel).to_contain_text(re.compile(r"(Sûr|Probable|À vérifier)\D*\d+\s%"))
    expect(panel.get_by_text("Mots qui désignent ce motif")).to_contain_text("remboursement")
    expect(panel.get_by_text("Quelqu’un a quelque chose à faire")).to_be_visible()
    expect(panel.get_by_text("aucun modèle entraîné")).to_have_count(0)
    expect(karim.locator("article.msg mark").filter(has_text="remboursement")).to_be_visible()


def test_a_letter_in_english_is_known_as_such(learned: House, signed_in: OpenPage) -> None:
    written(learned, "Green scarf", ENGLISH, sender="emma.hart@example.org", name="Emma")
    panel = opened_by(signed_in("karim"), "Green scarf")
    expect(panel).to_contain_text("Objets trouvés")
    expect(panel).to_contain_text("Anglais")
    expect(panel).to_contain_text(re.compile(r"Remboursement\s*Pas demandé"))
    [letter] = learned.sink.to("emma.hart@example.org")
    assert "Thursday 12" in letter["Subject"].replace("\u00a0", " ")


def test_two_promises_count_opening_hours_and_say_so_line_by_line(learned: House, signed_in: OpenPage) -> None:
    written(learned, "Traviata de samedi", FRENCH, sender="lea.fontanel@exemple.fr", name="Léa")
    panel = opened_by(signed_in("karim"), "Traviata de samedi")
    panel.get_by_text("Pourquoi cette échéance ?").click()
    for promise in ("Première réponse — en cours", "Solution — en cours"):
        expect(panel.get_by_text(promise)).to_be_visible()
    # Nine in the evening, then a public holiday: the first minute that counts is on Thursday at eleven.
    expect(panel).to_contain_text("Promise en 6 h 30 d’ouverture : jeudi 12 novembre 2026, 18 h 30.")
    expect(panel).to_contain_text("Promise en 19 h 30 d’ouverture : samedi 14 novembre 2026")


def asked_for_velvet(house: House, words: str) -> int:
    number = house.ask(subject="Une question", body=words, channel=Channel.EMAIL).number
    place.look_again()
    house.work()
    return number


def test_what_karim_corrects_is_known_the_next_morning_and_ines_can_go_back(
    learned: House, signed_in: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "MESSAGES", LESSONS.parent)
    monkeypatch.setattr(learning, "ROWS", LESSONS.name)
    karim = signed_in("karim")
    for words in VELVET:
        karim.goto(f"/regie/demandes/{asked_for_velvet(learned, words)}")
        panel = karim.get_by_label("À propos de cette demande")
        panel.get_by_text("Corriger", exact=True).click()
        panel.get_by_label("Motif").select_option("seating:wrong_seat")
        panel.get_by_role("button", name="Corriger le tri").click()
        expect(karim.get_by_role("main")).to_contain_text("Le tri est corrigé.")
    learned.wait(hours=14)
    with learned.app.app_context():
        assert learning.learn_due() == "published"
    number = asked_for_velvet(learned, "Il me faudrait un strapontin de velours.")
    karim, ines = signed_in("karim"), signed_in("ines")  # the night was longer than a session
    karim.goto(f"/regie/demandes/{number}")
    expect(karim.get_by_label("À propos de cette demande")).to_contain_text("Placement")
    ines.goto("/regie/pilotage")
    ines.get_by_role("main").get_by_role("link", name="Tri", exact=True).click()
    expect(ines.get_by_role("main")).to_contain_text(re.compile(r"sur.1\d\d.de.vos.demandes"))
    models = ines.get_by_role("region", name="Modèles", exact=True)
    expect(models.get_by_role("row").nth(1)).to_contain_text("En service")
    ines.get_by_role("button", name="Revenir au modèle précédent").click()
    expect(ines.get_by_role("main")).to_contain_text("Le modèle précédent est de nouveau en service.")
    expect(models.get_by_role("row").nth(2)).to_contain_text("En service")


LATE = (
    "Bonjour, je n'ai jamais reçu mes billets par mail alors que le paiement est passé.",
    "Je n'ai pas reçu les billets par mail, le paiement est bien passé, pouvez-vous les renvoyer ?",
    "Mes billets ne sont jamais arrivés par mail, le paiement est pourtant passé.",
)


def test_what_closed_close_requests_is_put_into_the_reply_in_one_press(learned: House, signed_in: OpenPage) -> None:
    with learned.app.app_context():
        card = catalogue.canned()[0]
    for words in LATE[:2]:
        opened = learned.ask(body=words, subject="", channel=Channel.EMAIL)
        learned.answer(opened.ticket_id, "Voici vos billets.", then=State.SOLVED, canned_id=card.id)
    with learned.app.app_context():
        answered.forget()  # ten minutes later
    number = learned.ask(body=LATE[2], subject="", channel=Channel.EMAIL).number
    karim = signed_in("karim")
    karim.goto(f"/regie/demandes/{number}")
    panel = karim.get_by_role("region", name="Réponse suggérée")
    expect(panel).to_contain_text("A clos 2 demandes proches")
    reply = karim.get_by_label("Votre réponse")
    reply.fill("Chère Léa,")
    panel.get_by_role("link", name=f"Insérer {card.title_fr}").click()
    expect(reply).to_have_value(re.compile(r"^Chère Léa,\n\n\S"))  # what was typed stays
    expect(karim.locator("input[name=canned]")).to_have_value(str(card.id))
