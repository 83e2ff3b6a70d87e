"""Inès declares a cancelled evening by one press; five places tell it at once; as fast, they forget it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from app.incidents import declaring
from app.incidents.declaring import Telling
from app.incidents.first_words import first_words
from app.venue import service as venue
from tests.cast import LEA
from tests.journeys.conftest import PHONE, OpenPage, at_work
from tests.journeys.house import House
from tests.journeys.letters import link_in

pytestmark = pytest.mark.browser
SHOW = "La Traviata"
TEXT = "La scène est inondée. Nous remboursons tout le monde, vous n’avez rien à faire."


def declared(ines: Page) -> None:
    """The form, from the list to the press."""
    ines.goto("/regie/incidents")
    ines.get_by_role("link", name="Déclarer un incident").click()
    ines.get_by_label("Chercher une représentation").fill("traviata 14")
    chooser = ines.get_by_label("Représentation", exact=True)
    expect(chooser.locator("option", has_text=re.compile("14.novembre"))).to_have_count(1)
    chooser.select_option(label=chooser.locator("option", has_text=re.compile("14.novembre")).first.inner_text())
    french = ines.get_by_role("region", name="Français", exact=True)
    expect(french.get_by_label("Ce qui est arrivé, en une ligne")).to_have_value(
        "«\xa0La Traviata\xa0»\xa0: représentation annulée"
    )
    french.get_by_label("Ce que tout le monde lit").fill(TEXT)
    expect(ines.locator("#incident-preview")).to_contain_text(TEXT)
    ines.get_by_role("button", name="Déclarer et prévenir tout le monde").click()
    expect(ines.get_by_role("main")).to_contain_text("L’incident est déclaré.")


def test_exceptions_are_walked_through_by_keyboard(house: House, signed_in: OpenPage) -> None:
    karim = signed_in("karim")
    incident = house.cancel("VAL-7K3QD")
    first = house.ask(order_code="VAL-7K3QD", body="Nous venons ce soir en fauteuil roulant, où aller ?")
    karim.goto(f"/regie/incidents/{incident}")
    exceptions = karim.get_by_role("region", name="Exceptions à lire")
    expect(exceptions.get_by_role("row")).to_have_count(2)
    karim.keyboard.press("j")
    karim.keyboard.press("Enter")
    expect(karim).to_have_url(re.compile(rf"/regie/demandes/{first.number}\?incident={incident}"))
    karim.get_by_role("button", name="Réglée").click()
    expect(karim.get_by_role("complementary")).to_contain_text("Réglée par une personne")


def test_five_places_tell_one_text_and_forget_it_as_fast(house: House, screen: OpenPage, signed_in: OpenPage) -> None:
    lea, karim, ines = screen(**PHONE), signed_in("karim"), signed_in("ines")
    lea.goto("/")
    expect(lea.get_by_text(TEXT)).to_have_count(0)
    declared(ines)
    lea.goto("/")
    band = lea.get_by_role("region", name=f"«\xa0{SHOW}\xa0»")
    expect(band).to_contain_text(TEXT)
    expect(lea.get_by_role("region", name="Les réponses les plus lues").get_by_role("link").first).to_contain_text(
        "Mon spectacle est annulé"
    )
    band.get_by_role("link", name="Que puis-je faire ?").click()
    expect(lea.get_by_role("heading", level=1)).to_contain_text("Mon spectacle est annulé")
    karim.goto("/regie/file/todo")
    karim.get_by_text("Que dire au téléphone").click()
    expect(karim.get_by_role("region", name="Incidents")).to_contain_text(TEXT)
    asked = house.ask(order_code="VAL-7K3QD")
    assert TEXT in house.sink.to(LEA)[-1].get_body(("plain",)).get_content().replace("\n", " ")  # type: ignore[union-attr]
    karim.goto(f"/regie/demandes/{asked.number}")
    expect(karim.get_by_role("complementary")).to_contain_text("relève de l’incident")
    karim.get_by_role("button", name="Réponse type").click()
    karim.get_by_role("dialog").get_by_role("option").first.click()
    expect(karim.locator("#reply textarea").first).to_have_value(re.compile(f"^Bonjour,\n\n{re.escape(TEXT)}"))
    lea.goto(link_in(house.sink.to(LEA)[-1], "/d/"))
    expect(lea.get_by_role("main")).to_contain_text(TEXT)
    expect(lea.get_by_role("main")).to_contain_text("Moins de 10 personnes ont écrit avant vous")
    ines.get_by_role("link", name="Tout retirer").click()
    ines.get_by_label("Cela n’a finalement pas lieu").check()
    ines.get_by_role("button", name="Tout retirer").click()
    expect(ines.get_by_role("main")).to_contain_text("Tout est retiré.")
    for page, address in ((lea, "/"), (lea, "/demandes/nouvelle?motif=refund"), (karim, "/regie/file/todo")):
        page.goto(address)
        expect(page.get_by_text(TEXT)).to_have_count(0)
    house.work()
    ines.get_by_role("link", name="Bilan").click()
    expect(ines.get_by_role("heading", level=1)).to_contain_text("Bilan")


def test_on_the_phone_what_was_noticed_last_shows_first(house: House, screen: OpenPage) -> None:
    evidence = {"by": "word", "key": "sale", "count": 40, "senders": 38, "expected": 3, "minutes": 30}
    with house.app.app_context():
        told_of = first_words("sale", None, venue.house().tz)
        declaring.propose(Telling(cause="sale", words=("paiement",), **told_of), evidence)
    ines = at_work(screen(**PHONE), "ines")
    ines.goto("/regie/incidents")
    drawing = ines.get_by_role("group", name=re.compile("^Graphique"))
    left, right = drawing.evaluate("box => [box.getBoundingClientRect().left, box.getBoundingClientRect().right]")
    first, last = drawing.locator("svg").evaluate(
        "one => [one.getBoundingClientRect().left, one.getBoundingClientRect().right]"
    )
    assert first < left, "the drawing is no wider than the screen"
    assert last == pytest.approx(right, abs=1)
