"""A morning at the queue: give, tag, put off, end, undo; several at once; a view kept for tomorrow."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.cast import LEA
from tests.journeys.conftest import OpenPage
from tests.journeys.house import House

pytestmark = pytest.mark.browser

SUBJECTS = ("Chapeau oublié", "Parapluie oublié", "Gants oubliés")


@pytest.fixture
def numbers(house: House) -> list[int]:
    """Three requests of three people about lost things."""
    return [
        house.ask(subject=subject, type="lost_property", email=f"spectateur{n}@exemple.fr", name=f"Spectateur {n}").number
        for n, subject in enumerate(SUBJECTS)
    ]  # fmt: skip


@pytest.fixture
def karim(signed_in: OpenPage) -> Page:
    """Karim at his desk."""
    return signed_in("karim")


def told(page: Page, sentence: str) -> None:
    expect(page.get_by_role("main")).to_contain_text(sentence)


def row(page: Page, number: int) -> Locator:
    return page.locator(f"tr[data-row='{number}']")


def test_a_request_is_taken_tagged_given_away_and_put_off(karim: Page, numbers: list[int]) -> None:
    karim.goto(f"/regie/demandes/{numbers[0]}")
    karim.get_by_role("button", name="M’attribuer").click()
    told(karim, "La demande est à vous.")
    panel = karim.get_by_label("À propos de cette demande")
    expect(panel).to_contain_text("Karim Oulmane")
    panel.get_by_text("Modifier", exact=True).click()
    panel.get_by_label("Ajouter une étiquette").fill("Vestiaire")
    panel.get_by_role("button", name="Ajouter", exact=True).click()
    expect(panel.get_by_role("button", name="Retirer l’étiquette « vestiaire »")).to_be_visible()
    panel.get_by_text("Modifier", exact=True).click()
    panel.get_by_label("Agent").select_option("Nadia Belkacem")
    panel.get_by_role("button", name="Attribuer", exact=True).click()
    told(karim, "C’est fait : la demande a changé de mains.")
    karim.get_by_role("button", name="Plus tard").click()
    karim.get_by_role("button", name="Demain, à l’ouverture").click()
    told(karim, "La demande est remise à plus tard.")
    karim.goto("/regie/file/later")
    expect(row(karim, numbers[0])).to_be_visible()


def test_a_request_ended_too_soon_is_taken_back(karim: Page, numbers: list[int]) -> None:
    karim.goto(f"/regie/demandes/{numbers[0]}")
    karim.keyboard.press("e")
    told(karim, f"La demande {numbers[0]} est terminée.")
    karim.get_by_role("button", name="Annuler").click()
    told(karim, "La demande est rouverte.")
    expect(karim.get_by_role("heading", level=1)).to_have_text(SUBJECTS[0])


def test_a_selection_is_taken_and_ended_at_once(karim: Page, numbers: list[int]) -> None:
    karim.goto("/regie/file/todo?category=lost_property")
    for number in numbers:
        row(karim, number).get_by_role("checkbox").check()
    expect(karim.get_by_text("3 demandes choisies")).to_be_visible()
    karim.keyboard.press("a")
    told(karim, "3 demandes modifiées.")
    for number in numbers:
        expect(row(karim, number).get_by_role("img", name="Karim Oulmane")).to_be_visible()
        row(karim, number).get_by_role("checkbox").check()
    karim.get_by_role("button", name="Terminer").click()
    told(karim, "3 demandes modifiées.")
    expect(row(karim, numbers[0])).to_have_count(0)
    karim.get_by_role("button", name="Annuler").click()
    expect(row(karim, numbers[0])).to_be_visible()


def test_a_canned_answer_goes_to_several_after_a_look_at_it(house: House, karim: Page, numbers: list[int]) -> None:
    karim.goto("/regie/file/todo?category=lost_property")
    row(karim, numbers[0]).get_by_role("checkbox").check()
    row(karim, numbers[1]).get_by_role("checkbox").check()
    karim.keyboard.press("m")
    choice = karim.get_by_role("dialog", name="Appliquer une réponse type")
    choice.get_by_role("combobox").press_sequentially("trouvé")
    karim.keyboard.press("Enter")
    told(karim, "Rien n’est encore envoyé.")
    expect(karim.get_by_role("article")).to_have_count(2)
    karim.get_by_role("button", name="Envoyer à 2 spectateurs").click()
    told(karim, "2 demandes modifiées.")
    house.work()
    answers = [letter["To"] for letter in house.sink.taken if letter["Subject"].startswith("Re:")]
    assert len(answers) == 2
    assert not [address for address in answers if LEA in address]


def test_the_next_one_is_taken_with_one_key(karim: Page, numbers: list[int]) -> None:
    karim.goto("/regie/file/free?category=lost_property")
    first = karim.locator("tr[data-row]").first.get_attribute("data-row")
    karim.keyboard.press("s")
    karim.wait_for_url(f"**/regie/demandes/{first}?*")
    expect(karim.get_by_label("À propos de cette demande")).to_contain_text("Karim Oulmane")
    karim.keyboard.press("]")
    karim.wait_for_url(lambda url: f"/{first}" not in url)
    assert str(numbers[-1]) != first


def test_a_filter_is_kept_as_a_view(karim: Page, numbers: list[int]) -> None:
    karim.goto("/regie/file/todo")
    karim.get_by_text("Filtrer", exact=True).first.click()
    karim.get_by_label("Motif").select_option("Objets trouvés")
    karim.get_by_role("button", name="Filtrer").click()
    karim.get_by_label("Garder ce filtre comme vue").fill("Au vestiaire")
    karim.get_by_role("button", name="Enregistrer la vue").click()
    told(karim, "La vue est enregistrée.")
    views = karim.get_by_role("navigation", name="Vues")
    expect(views.get_by_role("link", name="Au vestiaire")).to_have_attribute("aria-current", "page")
    for number in numbers:
        expect(row(karim, number)).to_be_visible()
