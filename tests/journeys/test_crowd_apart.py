"""A crowd on the screen: declared without scripts, folded and unfolded, paused, corrected, resumed, and taken back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from app.incidents.models import CrowdRecipient
from app.kernel.db import session
from tests.crowds import a_crowd, an_incident
from tests.journeys.conftest import PHONE, OpenPage
from tests.journeys.house import House
from tests.journeys.looks import faults

pytestmark = pytest.mark.browser
PLAIN = {"java_script_enabled": False}
DEVICES = [pytest.param({}, id="desk"), pytest.param(PHONE, id="phone"), pytest.param(PLAIN, id="without scripts")]
SAID = "La Traviata est annulée, je demande le remboursement de mes places."


def well(page: Page, device: dict[str, object]) -> None:
    """Nobody is shut out of a page; where scripts run, axe is one of them."""
    if device is not PLAIN:
        assert faults(page) == []
        if device is PHONE:
            page.set_viewport_size(PHONE["viewport"])  # type: ignore[arg-type]


@pytest.mark.parametrize("device", DEVICES)
def test_requests_of_one_person_are_one_row_and_come_apart(
    house: House, signed_in: OpenPage, device: dict[str, object]
) -> None:
    incident = house.cancel("VAL-7K3QD")
    asked = [house.ask(order_code="VAL-7K3QD", body=f"{SAID} ({place})") for place in range(3)]
    karim = signed_in("karim", reduced_motion="reduce", **device)
    karim.goto(f"/regie/incidents/{incident}/foule")
    rows = karim.locator("tr[data-row]")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("3 demandes")
    well(karim, device)
    karim.get_by_role("navigation", name="Leur place").get_by_role("link", name="Repliée").click()
    expect(rows).to_have_count(2)
    well(karim, device)
    karim.get_by_role("button", name=f"Déplier la demande {asked[1].number}").click()
    expect(karim.get_by_role("main")).to_contain_text("2 demandes sont de nouveau à part")
    expect(rows).to_have_count(0)
    karim.goto(f"/regie/incidents/{incident}/foule")
    expect(rows).to_have_count(3)
    karim.get_by_role("button", name="Replier les demandes de").first.click()
    expect(rows).to_have_count(1)
    karim.goto(f"/regie/demandes/{asked[0].number}")
    panel = karim.get_by_role("complementary")
    expect(panel).to_contain_text("2 autres demandes de cette personne")
    panel.get_by_role("button", name="Déplier").click()
    karim.goto(f"/regie/incidents/{incident}/foule")
    expect(rows).to_have_count(3)


@pytest.mark.parametrize("device", DEVICES)
def test_an_answer_is_paused_corrected_resumed_and_taken_back(
    house: House, signed_in: OpenPage, device: dict[str, object]
) -> None:
    with house.app.app_context():
        incident = an_incident(house.actor("ines"))
        a_crowd(incident, 30)
        session.remove()
    ines = signed_in("ines", reduced_motion="reduce", **device)
    begun(ines, incident)
    house.work()
    ines.reload()
    ines.get_by_role("button", name="Mettre en pause").click()
    expect(ines.get_by_role("heading", name="En pause", exact=True)).to_be_visible()
    ines.get_by_text("Corriger le texte").click()
    ines.get_by_label("Texte en français").fill("Bonjour {{name}}, c’est annulé et remboursé.")
    ines.get_by_role("button", name="Changer le texte").click()
    expect(ines.get_by_role("main")).to_contain_text("5 personnes ont reçu un texte antérieur")
    well(ines, device)
    house.work()
    assert said(house) == 5, "nobody is told while it is paused"
    ines.get_by_role("button", name="Reprendre").click()
    house.work()
    ines.reload()
    ines.get_by_role("button", name="Répondre aux 3 suivantes").click()
    house.work()
    assert said(house) == 8
    taken_down(ines, incident, device)
    house.work()
    sent_back(house, ines, device)


def begun(ines: Page, incident: int) -> None:
    ines.goto(f"/regie/incidents/{incident}/reponse")
    ines.get_by_role("button", name="Enregistrer et prévisualiser").click()
    ines.get_by_role("button", name="Répondre aux 5 premières").click()
    expect(ines.get_by_role("main")).to_contain_text("La première vague la reçoit maintenant.")


def taken_down(ines: Page, incident: int, device: dict[str, object]) -> None:
    """It plays after all."""
    ines.goto(f"/regie/incidents/{incident}/fin")
    well(ines, device)
    ines.get_by_label("Cela n’a finalement pas lieu").check()
    ines.get_by_role("button", name="Tout retirer").click()
    expect(ines.get_by_role("main")).to_contain_text("8 personnes ont reçu une réponse à ce sujet")
    well(ines, device)


def sent_back(house: House, ines: Page, device: dict[str, object]) -> None:
    """The correction is looked at, worded anew, and told to the eight, in waves."""
    ines.get_by_role("link", name="Relire la correction et l’envoyer").click()
    expect(ines.get_by_role("heading", name="8 personnes la reçoivent")).to_be_visible()
    french = ines.get_by_role("region", name="Français").get_by_label("Texte de la réponse")
    expect(french).to_have_value(re.compile("n’a finalement pas lieu"))
    french.fill("Bonjour {{name}}, la représentation aura bien lieu.")
    ines.get_by_role("button", name="Enregistrer et prévisualiser").click()
    well(ines, device)
    for button in ("Répondre aux 5 premières", "Répondre à la personne suivante", "Répondre aux 2 suivantes"):
        ines.get_by_role("button", name=button).click()
        house.work()
        ines.reload()
    expect(ines.get_by_role("heading", name="Terminée")).to_be_visible()
    well(ines, device)
    french_people = [letter for letter in house.sink.taken if "aura bien lieu" in str(letter.get_body(("plain",)))]
    assert len({str(letter["To"]) for letter in french_people}) == len(french_people) > 5
    assert said(house) == 16


def said(house: House) -> int:
    with house.app.app_context():
        count = session.query(CrowdRecipient).filter_by(state="said").count()
        session.remove()
    return count


def test_without_scripts_an_incident_is_declared_and_taken_down(
    house: House, signed_in: OpenPage, screen: OpenPage
) -> None:
    ines, lea = signed_in("ines", **PLAIN), screen(**PHONE, **PLAIN)
    ines.goto("/regie/incidents/declarer")
    ines.get_by_label("Chercher une représentation").fill("traviata 14")
    ines.get_by_role("button", name="Rechercher", exact=True).click()
    chooser = ines.get_by_label("Représentation", exact=True)
    chooser.select_option(label=chooser.locator("option", has_text=re.compile("14.novembre")).first.inner_text())
    french = ines.get_by_role("region", name="Français", exact=True)
    french.get_by_label("Ce qui est arrivé, en une ligne").fill("La Traviata est annulée")
    french.get_by_label("Ce que tout le monde lit").fill("La scène est inondée.")
    english = ines.get_by_role("region", name="Anglais", exact=True)
    english.get_by_label("Ce qui est arrivé, en une ligne").fill("La Traviata is cancelled")
    english.get_by_label("Ce que tout le monde lit").fill("The stage is flooded.")
    ines.get_by_role("button", name="Déclarer et prévenir tout le monde").click()
    expect(ines.get_by_role("main")).to_contain_text("L’incident est déclaré.")
    lea.goto("/")
    expect(lea.get_by_text("La scène est inondée.").first).to_be_visible()
    ines.get_by_role("link", name="Tout retirer").click()
    ines.get_by_role("button", name="Tout retirer").click()
    lea.goto("/")
    expect(lea.get_by_text("La scène est inondée.")).to_have_count(0)
