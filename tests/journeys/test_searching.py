"""Karim finds by the keyboard what he has in hand: a name, a number, a word; and without scripts on a plain page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from app.search import desk
from tests.journeys.conftest import PHONE, OpenPage
from tests.journeys.house import House
from tests.journeys.looks import faults
from tests.journeys.watch import Watch

pytestmark = pytest.mark.browser


@pytest.fixture
def number(house: House) -> int:
    """A request among others, read."""
    house.ask(subject="Chapeau oublié", type="lost_property", email="autre@exemple.fr", name="Autre Personne")
    found = house.ask(
        subject="Échange de date", email="odette.brindezingue@exemple.fr", name="Odette Brindezingue"
    ).number
    with house.app.app_context():
        desk.read_due()
    return found


@pytest.fixture
def karim(signed_in: OpenPage) -> Page:
    return signed_in("karim")


def opened(page: Page) -> Locator:
    page.keyboard.press("Control+k")
    dialog = page.get_by_role("dialog", name="Rechercher")
    expect(dialog.get_by_role("combobox")).to_be_focused()
    return dialog


def test_what_is_typed_is_found_and_enter_goes_there(karim: Page, number: int) -> None:
    karim.goto("/regie/file/todo")
    dialog = opened(karim)
    expect(dialog.get_by_role("option", name="Foyers")).to_be_visible()
    karim.keyboard.type("brindezingue")
    group = dialog.get_by_role("group", name="Demandes")
    expect(group.get_by_role("option")).to_have_count(1)
    expect(group.get_by_role("option")).to_contain_text(f"{number} · Odette Brindezingue")
    expect(dialog.get_by_role("group", name="Personnes").get_by_role("option")).to_contain_text("Odette Brindezingue")
    karim.keyboard.press("ArrowDown")
    expect(dialog.get_by_role("group", name="Personnes").get_by_role("option")).to_have_attribute(
        "aria-selected", "true"
    )
    karim.keyboard.press("ArrowUp")
    karim.keyboard.press("Enter")
    karim.wait_for_url(f"**/regie/demandes/{number}")
    expect(karim.get_by_role("heading", level=1)).to_contain_text("Échange de date")


def test_escape_leaves_and_focus_comes_back(karim: Page, number: int) -> None:
    karim.goto("/regie/file/todo")
    dialog = opened(karim)
    karim.keyboard.type("zzyzx")
    expect(dialog.get_by_text("Aucun résultat.")).to_be_visible()
    karim.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_enter_before_the_lines_came_shows_all_results(karim: Page, number: int) -> None:
    karim.goto("/regie/file/todo")
    opened(karim)
    karim.keyboard.type("brindezingue")
    karim.keyboard.press("Enter")
    karim.wait_for_url("**/regie/recherche?q=brindezingue")
    expect(karim.locator(f"tr[data-row='{number}']")).to_be_visible()
    expect(karim.get_by_role("link", name="Odette Brindezingue")).to_be_visible()


def test_a_line_that_does_not_come_says_so_and_is_asked_again(karim: Page, number: int, watch: Watch) -> None:
    karim.goto("/regie/file/todo")
    karim.route("**/regie/recherche/lignes*", lambda route: route.abort())
    dialog = opened(karim)
    expect(dialog.get_by_role("button", name="Réessayer")).to_be_visible()
    karim.unroute("**/regie/recherche/lignes*")
    dialog.get_by_role("button", name="Réessayer").click()
    expect(dialog.get_by_role("option", name="Foyers")).to_be_visible()
    assert all("ERR_FAILED" in complaint for complaint in watch.complaints)
    watch.complaints.clear()  # the line was cut on purpose


def test_the_palette_has_no_trouble_for_readers_of_screens(karim: Page, number: int) -> None:
    karim.goto("/regie/file/todo")
    dialog = opened(karim)
    karim.keyboard.type("brindezingue")
    expect(dialog.get_by_role("group", name="Demandes").get_by_role("option")).to_have_count(1)
    assert faults(karim) == []


def test_without_scripts_the_same_is_found_on_a_page(signed_in: OpenPage, number: int) -> None:
    karim = signed_in("karim", java_script_enabled=False)
    karim.get_by_label("Rechercher une demande, un spectateur, une commande").fill("brindezingue")
    karim.keyboard.press("Enter")
    karim.wait_for_url("**/regie/recherche?q=brindezingue")
    expect(karim.locator(f"tr[data-row='{number}']")).to_be_visible()
    expect(karim.get_by_role("link", name="Odette Brindezingue")).to_be_visible()


def test_on_a_telephone_the_field_finds_too(signed_in: OpenPage, number: int) -> None:
    karim = signed_in("karim", **PHONE)
    karim.goto("/regie/recherche?q=brindezingue")
    expect(karim.get_by_role("link", name="Odette Brindezingue")).to_be_visible()
    expect(karim.locator(f"tr[data-row='{number}']")).to_be_visible()
