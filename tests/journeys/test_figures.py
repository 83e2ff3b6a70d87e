"""Inès reads her figures after a day: every tile, the plots, the list behind a figure, the file, and one promise."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from app.insight import forecast, ledger_queries
from app.insight.access import today
from app.insight.ledger import ALL, MEASURES
from app.insight.models import DayFact
from app.kernel.transaction import transactional
from app.people import service as people
from tests.journeys.conftest import PHONE, OpenPage
from tests.journeys.house import House

pytestmark = pytest.mark.browser


def test_ines_reads_what_the_day_was_worth(house: House, screen: OpenPage, signed_in: OpenPage) -> None:
    a_day_of_work(house, screen(**PHONE), signed_in("karim"))
    ines = signed_in("ines")
    the_six_figures_are_there(ines)
    the_plots_are_there(ines)
    the_latest_come_first(ines)
    a_figure_leads_to_its_requests_and_leaves_as_a_file(ines)
    every_figure_leads_to_as_many_requests_as_it_counts(ines)
    everything_leaves_as_a_file(ines)
    a_request_says_why(ines, "Répondue à temps", "Première réponse — tenue", "Tenue à temps.")
    a_request_says_why(ines, "Oubliée", "Première réponse — en retard", "L’échéance est passée.")
    the_week_to_come_is_dotted(house, ines)


def a_day_of_work(house: House, lea: Page, karim: Page) -> None:
    """A reader who found her answer, one request answered in time, one left too long."""
    lea.goto("/aide/annulations/mon-spectacle-est-annule")
    kept = house.ask(subject="Répondue à temps", type="refund_cancelled").number
    house.ask(subject="Oubliée", type="payment_failed", email="oublie@exemple.fr", name="Oubliée")
    karim.goto(f"/regie/demandes/{kept}")
    karim.get_by_label("Votre réponse à Léa Fontanel").fill("Bonjour, c’est fait.")
    karim.get_by_role("button", name="Envoyer, suivante").click()
    expect(karim.get_by_role("main")).to_contain_text("Votre réponse est envoyée.")
    house.wait(hours=5)
    house.count()


def tile(page: Page, name: str) -> Locator:
    return page.locator(".kpi").filter(has=page.get_by_role("heading", name=name))


def the_six_figures_are_there(ines: Page) -> None:
    expect(ines.get_by_role("heading", level=1)).to_have_text("Pilotage")
    shown = {
        "1re réponse à temps": r"\d+,\d\s%", "1re réponse, médiane": r"9 sur 10 en \d", "Demandes ouvertes": r"\d+",
        "Délais dépassés": r"[1-9]", "Réponses sans contact": r"\d+(,\d)?\s%", "Satisfaction": r"\d+ avis sur \d+",
    }  # fmt: skip
    for name, figure in shown.items():
        expect(tile(ines, name)).to_contain_text(re.compile(figure))


def the_plots_are_there(ines: Page) -> None:
    days = ines.get_by_role("region", name="Demandes reçues et terminées, par jour")
    expect(days.locator("polyline[points]")).to_have_count(2)
    days.get_by_text("Voir les chiffres").click()
    expect(days.get_by_role("row")).not_to_have_count(0)
    reasons = ines.get_by_role("region", name="Premières réponses à temps, par motif").first
    expect(reasons.get_by_role("rowheader", name="Remboursement après annulation")).to_be_visible()
    expect(ines.get_by_role("table", name="Demandes reçues par jour et par tranche")).to_be_visible()


def the_latest_come_first(ines: Page) -> None:
    late = ines.get_by_role("region", name="En retard ou presque").first
    expect(late.get_by_role("row").nth(1)).to_contain_text("Retard")


def a_figure_leads_to_its_requests_and_leaves_as_a_file(ines: Page) -> None:
    ines.get_by_label("Période", exact=True).select_option("7 derniers jours")
    ines.wait_for_url("**periode=7*")
    ines.locator("#lists").get_by_role("link", name="Demandes reçues").click()
    expect(ines.get_by_role("row").filter(has_text="Répondue à temps")).to_be_visible()
    with ines.expect_download() as taken:
        ines.get_by_role("link", name="Enregistrer en CSV").click()
    lines = list(csv.reader(io.StringIO(taken.value.path().read_text("utf-8-sig")), delimiter=";"))
    assert len(lines) > 2
    assert {len(line) for line in lines} == {len(lines[0])}


def every_figure_leads_to_as_many_requests_as_it_counts(ines: Page) -> None:
    ines.goto("/regie/pilotage?periode=7")
    lists = ines.locator("#lists tbody tr")
    counted = [(row.get_by_role("link"), row.get_by_role("cell").first.inner_text()) for row in lists.all()]
    leads = [(link.get_attribute("href") or "", value) for link, value in counted if value.isdecimal()]
    assert len(leads) == 3
    for address, value in leads:
        ines.goto(address)
        expect(ines.get_by_role("main").locator("tbody tr")).to_have_count(min(int(value), 50))
    ines.goto("/regie/pilotage?periode=7")
    for name in ("Demandes ouvertes", "Délais dépassés"):
        value = tile(ines, name).locator(".val").inner_text()
        tile(ines, name).click()
        expect(ines.locator(".pane-head .chip").first).to_have_text(value)
        ines.go_back()


def everything_leaves_as_a_file(ines: Page) -> None:
    ines.get_by_text("Fichiers", exact=True).click()
    files = ines.locator(".menu-list a[href*='.csv']")
    assert files.count() == 6
    for link in files.all():
        with ines.expect_download() as taken:
            link.click()
        lines = taken.value.path().read_text("utf-8-sig").splitlines()
        assert len(lines) > 1, taken.value.suggested_filename


def a_request_says_why(ines: Page, subject: str, state: str, line: str) -> None:
    ines.get_by_label("Rechercher une demande, un spectateur, une commande").fill(subject)
    ines.keyboard.press("Enter")
    ines.get_by_role("main").get_by_role("link", name=subject).first.click()
    panel = ines.get_by_label("À propos de cette demande")
    panel.get_by_text("Pourquoi cette échéance ?").click()
    expect(panel.get_by_text(state)).to_be_visible()
    expect(panel.get_by_role("listitem").filter(has_text=line).first).to_be_visible()


def test_the_alarm_leads_to_all_it_counts(signed_in: OpenPage) -> None:
    ines = signed_in("ines")
    alarm = ines.locator(".alert.bad")
    late, near = (int(n) for n in re.findall(r"\d+", alarm.get_by_role("heading").inner_text()))
    alarm.get_by_role("link", name="Voir ces demandes").click()
    expect(ines.get_by_role("heading", level=1)).to_have_text("À traiter")
    pressing = ines.locator("tr[data-row]").filter(has_text=re.compile(r"Retard|Reste\s(\d+\smin|1\sh)"))
    expect(pressing).to_have_count(late + near)


def the_week_to_come_is_dotted(house: House, ines: Page) -> None:
    with house.app.app_context():
        rows = [
            {"department_id": people.department("billetterie").id, "channel": ALL, "category": ALL,
             "day": today() - timedelta(days=ago), **dict.fromkeys(MEASURES, 0), "received": 10 + ago % 7}
            for ago in range(1, 31)
        ]  # fmt: skip
        transactional(ledger_queries.put)(DayFact, rows)
        forecast.make()
    ines.goto("/regie/pilotage")
    days = ines.get_by_role("region", name="Demandes reçues et terminées, par jour")
    expect(days.locator("polyline.dash[points], polygon.area")).to_have_count(2)
    expect(days).to_contain_text(re.compile(r"On en attend environ \d+ dans les 7.jours à venir"))
    days.get_by_text("Voir les chiffres").click()
    last = days.get_by_role("row").last
    expect(last.get_by_role("cell").last).to_have_text(re.compile(r"\d+ à \d+"))
    with ines.expect_download() as taken:
        ines.evaluate("document.querySelector('a[href*=\"prevision.csv\"]').click()")
    assert len(taken.value.path().read_text("utf-8").splitlines()) == 9
