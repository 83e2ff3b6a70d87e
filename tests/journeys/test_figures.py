"""Inès reads her figures after a day: every tile, the plots, the list behind a figure, the file, and one promise."""

from __future__ import annotations

import csv
import io
import re

import pytest
from playwright.sync_api import Page, expect

from tests.cast import LEA
from tests.journeys.conftest import PHONE, OpenPage
from tests.journeys.house import House

pytestmark = pytest.mark.browser


@pytest.fixture
def day(house: House, screen: OpenPage, signed_in: OpenPage) -> House:
    """A day of work: a reader who found her answer, one request answered in time, one left too long."""
    screen(**PHONE).goto("/aide/annulations/mon-spectacle-est-annule")
    kept = house.ask(subject="Répondue à temps", type="refund_cancelled").number
    house.ask(subject="Oubliée", type="payment_failed", email="oublie@exemple.fr", name="Oubliée")
    karim = signed_in("karim")
    karim.goto(f"/regie/demandes/{kept}")
    karim.get_by_label("Votre réponse à Léa Fontanel").fill("Bonjour, c’est fait.")
    karim.get_by_role("button", name="Envoyer, suivante").click()
    expect(karim.get_by_role("main")).to_contain_text("Votre réponse est envoyée.")
    house.wait(hours=5)
    house.count()
    assert house.sink.to(LEA)
    return house


def tile(page: Page, name: str) -> str:
    """What a tile says."""
    return page.locator(".kpi").filter(has=page.get_by_role("heading", name=name)).inner_text()


def test_the_six_figures_and_their_plots_are_there(day: House, signed_in: OpenPage) -> None:
    ines = signed_in("ines")
    expect(ines.get_by_role("heading", level=1)).to_have_text("Pilotage")
    assert re.search(r"\d+,\d\s%", tile(ines, "1re réponse à temps"))
    assert re.search(r"9 sur 10 en", tile(ines, "1re réponse, médiane"))
    assert re.search(r"\d+ avis sur \d+", tile(ines, "Satisfaction"))
    assert re.search(r"\d+", tile(ines, "Demandes ouvertes"))
    assert re.search(r"[1-9]", tile(ines, "Délais dépassés"))
    for plot in ("Demandes reçues et terminées, par jour", "Premières réponses à temps, par motif"):
        expect(ines.get_by_role("heading", name=plot)).to_be_visible()
    assert ines.locator("svg polyline[points]").count() >= 2
    expect(ines.get_by_role("region", name="En retard ou presque").get_by_role("row", name="Oubliée")).to_be_visible()


def test_the_self_service_share_counts_who_needed_nobody(day: House, signed_in: OpenPage) -> None:
    assert re.search(r"\d+\s%|100", tile(signed_in("ines"), "Réponses sans contact"))


def test_a_figure_leads_to_its_requests_and_leaves_as_a_file(day: House, signed_in: OpenPage) -> None:
    ines = signed_in("ines")
    ines.get_by_label("Période").select_option("7 derniers jours")
    ines.wait_for_url("**periode=7**")
    ines.locator("#lists").get_by_role("link", name="Demandes reçues").click()
    row = ines.get_by_role("row", name="Répondue à temps")
    expect(row).to_be_visible()
    with ines.expect_download() as taken:
        ines.get_by_role("link", name="Enregistrer en CSV").click()
    lines = list(csv.reader(io.StringIO(taken.value.path().read_text("utf-8-sig")), delimiter=";"))
    assert len(lines) > 2
    assert any("Répondue à temps" in line for line in lines) or any(str(cell).isdigit() for cell in lines[1])


def test_a_request_says_why_its_promise_was_kept_or_broken(day: House, signed_in: OpenPage) -> None:
    ines = signed_in("ines")
    ines.get_by_role("region", name="En retard ou presque").get_by_role("row", name="Oubliée").get_by_role("link").click()
    ines.get_by_text("Pourquoi cette échéance ?").click()
    panel = ines.get_by_label("À propos de cette demande")
    expect(panel.get_by_text("Première réponse — en retard")).to_be_visible()
    ines.goto("/regie/recherche?q=Répondue")
    ines.get_by_role("link", name="Répondue à temps").click()
    ines.get_by_text("Pourquoi cette échéance ?").click()
    expect(panel.get_by_text("Première réponse — tenue")).to_be_visible()
