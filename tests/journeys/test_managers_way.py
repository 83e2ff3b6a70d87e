"""A campaign from its first word to what is locked, without scripts: written, simulated, agreed to, opened, over, taken up."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app.cancellations import closing
from app.cancellations.models import Credit
from app.kernel import clock
from app.kernel.db import session
from tests.domains.cancellations.world import a_household, bought, cancelled
from tests.domains.settlements.world import banked
from tests.journeys.choices import choose
from tests.journeys.conftest import PHONE, OpenPage
from tests.journeys.house import PASSWORD, House
from tests.journeys.letters import text_of
from tests.journeys.test_season import in_english

pytestmark = pytest.mark.browser

HOMES = ("aubert@exemple.fr", "brun@exemple.fr", "colin@exemple.fr")


def an_evening(house: House) -> None:
    """An evening that was cancelled, held by three households; one paid in holiday vouchers."""
    with house.app.app_context():
        show = cancelled("Fidelio")
        for email in HOMES:
            paid = {"ancv": 12_000} if email == HOMES[2] else None
            bought(a_household(email.split("@")[0].title(), email=email), show, paid=paid)
        banked(house.actor("odile"))


def written(ines: Page) -> None:
    """A campaign about it, first with a day that is over."""
    ines.get_by_role("link", name="Annulations").click()
    ines.get_by_role("link", name="Nouvelle campagne").first.click()
    ines.get_by_label("Titre en français").fill("Fidelio annulé")
    ines.get_by_label("Titre en anglais").fill("Fidelio cancelled")
    ines.get_by_label("Chercher à l’affiche").fill("fidelio")
    ines.get_by_role("button", name="Rechercher").click()
    expect(ines.get_by_label("Titre en français")).to_have_value("Fidelio annulé")
    ines.get_by_role("checkbox", name=re.compile("Fidelio")).check()
    ines.get_by_label("Qui ne répond pas reçoit").select_option("refund_card")
    today = clock.now().date()
    ines.get_by_label("Peut être réclamé jusqu’au").fill((today + timedelta(days=900)).isoformat())
    for day in ("", (today + timedelta(days=30)).isoformat()):
        ines.get_by_label("Répondre avant la fin du").fill(day)
        ines.get_by_role("button", name="Enregistrer").click()
        if not day:
            expect(ines.get_by_role("alert").first).to_be_visible()
            expect(ines.get_by_role("checkbox", name=re.compile("Fidelio")).first).to_be_checked()
    expect(ines.get_by_role("main")).to_contain_text("Personne n’a été prévenu")


def agreed(odile: Page, address: str) -> None:
    """The second person reads it in English on a telephone, types another amount, then the right one."""
    odile.goto(address)
    amount = odile.locator(".kpi .val").first.inner_text()
    for typed, sentence in (("359.99", "This is not the amount of the simulation."), (amount, "You approved")):
        odile.get_by_label("Type the amount of the simulation").fill(typed)
        odile.get_by_label("Your password").fill(PASSWORD)
        odile.get_by_role("button", name="Approve").tap()
        expect(odile.get_by_role("main")).to_contain_text(sentence)


def test_a_campaign_is_led_to_its_end_without_scripts(house: House, signed_in: OpenPage) -> None:
    an_evening(house)
    ines = signed_in("ines", java_script_enabled=False)
    written(ines)
    main, campaign = ines.get_by_role("main"), ines.url
    ines.get_by_role("button", name="Simuler").click()
    expect(ines.get_by_role("heading", name="Qui pourrait choisir quoi")).to_be_visible()
    expect(main).to_contain_text("360,00")
    expect(ines.get_by_role("button", name="Ouvrir la campagne")).to_have_count(0)
    assert not [letter for email in HOMES for letter in house.sink.to(email)]
    odile = signed_in("odile", java_script_enabled=False, **PHONE)
    in_english(odile)
    agreed(odile, campaign)
    ines.goto(campaign)
    ines.get_by_role("button", name="Ouvrir la campagne").click()
    house.work()
    ines.goto(campaign)
    expect(main).to_contain_text("3 foyers invités par courriel")
    assert all("360" not in text_of(house.sink.to(email)[-1]) for email in HOMES)
    with house.app.app_context():
        credits = [row[0] for row in session.query(Credit.id).order_by(Credit.id)][-3:]
    choose(house, credits[0], donation=12_000)
    house.wait(days=20)
    ines = signed_in("ines", java_script_enabled=False)
    ines.goto(campaign)
    ines.get_by_role("button", name="Relancer les silencieux").click()
    house.work()
    assert [len([one for one in house.sink.to(email) if "toujours" in text_of(one)]) for email in HOMES] == [0, 1, 1]
    over_and_taken_up(house, signed_in, campaign)


def over_and_taken_up(house: House, signed_in: OpenPage, campaign: str) -> None:
    """The day passes: who was silent gets the money back where a card can take it, the rest stays owed; then it is locked."""
    house.wait(days=11)
    with house.app.app_context():
        closing.close_due()
    house.work()
    ines = signed_in("ines", java_script_enabled=False)
    main = ines.get_by_role("main")
    ines.goto(campaign)
    expect(main).to_contain_text("2 foyers sur 3")
    expect(main).to_contain_text("240 €".replace(" ", "\u00a0"))
    ines.get_by_role("link", name="L’argent").click()
    ines.get_by_label("Saisissez le montant qui sera verrouillé").fill("240")
    ines.get_by_label("Votre mot de passe").fill(PASSWORD)
    ines.get_by_role("button", name="Verrouiller").click()
    expect(main).to_contain_text("Verrouillé : 240,00 €")
    with house.app.app_context():
        rows = session.query(Credit.state).order_by(Credit.id).all()[-3:]
    assert [row[0] for row in rows] == ["locked", "locked", "unclaimed"]
