"""Paul brings in the knowledge base of another desk: seen first, brought in, followed, undone."""

from __future__ import annotations

import pytest
from playwright.sync_api import FilePayload, Page, expect

from app.kernel.db import session
from tests.journeys.conftest import PHONE, OpenPage, at_work
from tests.journeys.house import House
from tests.journeys.looks import faults
from tests.parcels import HTML, a_locked, a_shelf

pytestmark = pytest.mark.browser

HERE = "/regie/base/reprise"


def a_file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/zip", "buffer": content}


def work(house: House) -> None:
    with house.app.app_context():
        session.rollback()
    house.work()


def test_a_shelf_is_seen_first_brought_in_followed_and_undone(house: House, screen: OpenPage) -> None:
    paul = at_work(screen(reduced_motion="reduce"), "paul")
    paul.goto("/regie/base")
    paul.get_by_role("link", name="Reprendre", exact=True).click()
    paul.get_by_label("Fichier", exact=True).set_input_files([a_file("aide.zip", a_shelf())])
    paul.get_by_role("button", name="Voir ce qu’il en adviendrait").click()
    expect(paul.get_by_role("heading", name="Ce qu’il adviendrait de")).to_be_visible()
    expect(paul.get_by_role("row", name="aide/vestiaire.md")).to_contain_text("Nouveau")
    expect(paul.get_by_text("1 image")).to_be_visible()
    assert faults(paul) == []
    bring = paul.get_by_role("button", name="Reprendre 2 brouillons")
    bring.focus()
    paul.keyboard.press("Enter")
    expect(paul.get_by_role("heading", name="aide.zip")).to_be_visible()
    expect(paul.get_by_text("La reprise commence dans un instant")).to_be_visible()
    assert faults(paul) == []
    work(house)
    # Nothing is pressed: the report follows by itself.
    expect(paul.get_by_text("Repris en brouillons")).to_be_visible(timeout=10_000)
    assert faults(paul) == []
    paul.get_by_role("link", name="vestiaire", exact=True).click()
    assert "Il est au sous-sol." in paul.locator("#f-body").input_value()
    paul.go_back()
    paul.get_by_role("button", name="Annuler toute la reprise").click()
    expect(paul.get_by_text("Remise en l’état en cours")).to_be_visible()
    work(house)
    expect(paul.get_by_text("2 articles sont comme avant")).to_be_visible(timeout=10_000)
    assert faults(paul) == []


def test_on_a_telephone_without_scripts_a_refusal_stands_beside_the_field(house: House, screen: OpenPage) -> None:
    paul = at_work(screen(**PHONE, java_script_enabled=False), "paul")
    paul.goto(HERE)
    paul.get_by_label("En ligne aussitôt").check()
    paul.get_by_label("Fichier", exact=True).set_input_files([a_file("aide.zip", a_locked())])
    paul.get_by_role("button", name="Voir ce qu’il en adviendrait").tap()
    expect(paul.locator("#f-file-e")).to_contain_text("mot de passe")
    expect(paul.get_by_label("En ligne aussitôt")).to_be_checked()
    paul.get_by_label("En brouillons").check()
    paul.get_by_label("Fichier", exact=True).set_input_files([a_file("aide.zip", a_shelf())])
    paul.get_by_role("button", name="Voir ce qu’il en adviendrait").tap()
    paul.get_by_role("button", name="Reprendre 2 brouillons").tap()
    expect(paul.get_by_text("La reprise commence dans un instant")).to_be_visible()
    work(house)
    paul.get_by_role("link", name="Voir où cela en est").tap()
    expect(paul.get_by_text("Repris en brouillons")).to_be_visible()


def test_put_online_a_reader_finds_it_and_a_colleague_reads_the_page_in_english(
    house: House, screen: OpenPage, lea: Page
) -> None:
    paul = at_work(screen(reduced_motion="reduce"), "paul")
    paul.goto("/regie/moi")
    language = paul.locator("[name=language]")
    language.select_option("en")
    paul.get_by_role("button", name="Enregistrer").first.click()
    paul.goto(HERE)
    paul.get_by_label("Online at once").check()
    paul.get_by_label("Who may read them").select_option("public")
    paul.get_by_label("File", exact=True).set_input_files([a_file("zibelines.html", HTML.encode())])
    paul.get_by_role("button", name="See what would come of it").click()
    assert faults(paul) == []
    paul.get_by_role("button", name="Put 1 article online").click()
    expect(paul.get_by_role("heading", name="zibelines.html")).to_be_visible()
    work(house)
    lea.goto("/aide?q=zibeline")
    expect(lea.get_by_role("link", name="Les zibelines au vestiaire").first).to_be_visible()
