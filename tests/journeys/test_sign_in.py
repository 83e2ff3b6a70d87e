"""Coming in and going out at the desk: the form, the link by letter, and a session ended from afar."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.cast import KARIM
from tests.journeys.conftest import OpenPage
from tests.journeys.house import PASSWORD, House
from tests.journeys.letters import link_in

pytestmark = pytest.mark.browser

QUEUE = "/regie/file/todo"


def test_a_wrong_password_is_said_in_place_and_the_right_one_leads_where_one_was_going(screen: OpenPage) -> None:
    karim = screen()
    karim.goto(QUEUE)
    karim.get_by_label("Votre adresse électronique").fill(KARIM.email)
    karim.get_by_label("Mot de passe").fill("rideau-vert")
    karim.get_by_role("button", name="Se connecter").click()
    expect(karim.get_by_role("alert").filter(has=karim.get_by_role("heading"))).to_be_focused()
    expect(karim.get_by_label("Votre adresse électronique")).to_have_value(KARIM.email)
    karim.get_by_label("Mot de passe").fill(PASSWORD)
    karim.get_by_role("button", name="Se connecter").click()
    karim.wait_for_url(f"**{QUEUE}")
    karim.locator("details.menu summary").last.click()
    karim.get_by_role("button", name="Se déconnecter").click()
    karim.wait_for_url("**/regie/connexion")
    karim.goto(QUEUE)
    assert "/regie/connexion" in karim.url


def test_a_link_by_letter_signs_in_once_after_one_more_press(house: House, screen: OpenPage) -> None:
    karim = screen()
    karim.goto("/regie/connexion")
    karim.get_by_label("Votre adresse électronique").fill(KARIM.email)
    karim.get_by_role("button", name="Recevoir un lien de connexion").click()
    expect(karim.get_by_role("heading", level=1)).to_be_visible()
    house.work()
    link = link_in(house.sink.to(KARIM.email)[-1], "/regie/connexion/")
    by_link(karim, link)
    expect(karim.get_by_role("heading", level=1)).to_have_text("À traiter")
    stranger = screen()
    by_link(stranger, link)
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Ce lien a expiré")


def by_link(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("button", name="Se connecter").click()


def test_a_session_is_ended_from_another_computer(signed_in: OpenPage) -> None:
    counter, office = signed_in("karim"), signed_in("karim")
    office.goto("/regie/moi")
    other = office.get_by_role("row").filter(has=office.get_by_role("button", name="Déconnecter"))
    expect(other).to_have_count(1)
    other.get_by_role("button", name="Déconnecter").click()
    expect(other).to_have_count(0)
    counter.goto(QUEUE)
    assert "/regie/connexion" in counter.url
