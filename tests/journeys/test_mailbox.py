"""Adèle connects a mailbox: a mistake beside its field, tests of the connection, an e-mail that becomes a request."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from app.mail import collecting, destinations, drops, mailboxes
from tests import dovecot
from tests.dovecot import PASSWORD, Dovecot
from tests.journeys.conftest import PHONE, OpenPage
from tests.journeys.house import House
from tests.makers import a_letter

pytestmark = pytest.mark.browser


@pytest.fixture
def server(house: House) -> Iterator[Dovecot]:
    """A real mail server that the operator allows."""
    with dovecot.running() as found:
        destinations.allow([f"127.0.0.1:{found.port}"])
        yield found
    destinations.allow([])


@pytest.mark.parametrize("device", [{}, PHONE], ids=["desk", "phone"])
def test_a_mailbox_is_connected_tested_and_served(
    house: House, server: Dovecot, signed_in: OpenPage, device: dict[str, object]
) -> None:
    server.drop("groupes", a_letter(subject="Ordinateur en panne", body="Bonjour, mon écran reste noir. Merci !"))
    adele = signed_in("adele", **device)
    adele.goto("/regie/reglages/boites")
    adele.get_by_role("main").get_by_role("link", name="Ajouter une boîte").first.click()
    she_fills_in(adele, server, "pas-le-bon")
    she_corrects_the_encryption(adele)
    expect(adele.get_by_role("main")).to_contain_text("La boîte est ajoutée.")
    she_tests(adele, "Le serveur refuse l’identifiant ou le mot de passe.")
    adele.get_by_label("Mot de passe").fill(PASSWORD)
    adele.get_by_role("button", name="Enregistrer la boîte").click()
    expect(adele.get_by_role("main")).to_contain_text("La boîte est enregistrée.")
    assert PASSWORD not in adele.content()
    she_tests(adele, "La connexion fonctionne\u202f; le dossier contient 1 courriel.")
    adele.get_by_role("button", name="Mettre en service").click()
    expect(adele.get_by_role("main")).to_contain_text("La boîte est en service.")
    its_turn_comes(house)
    adele.goto("/regie/reglages/boites")
    row = adele.get_by_role("row").filter(has_text="Groupes")
    expect(row).to_contain_text("En service")
    expect(row.get_by_role("cell").nth(4)).to_have_text("1")
    adele.goto("/regie/recherche?q=Ordinateur+en+panne")
    expect(adele.get_by_role("main").get_by_role("link", name="Ordinateur en panne").first).to_be_visible()


def she_fills_in(page: Page, server: Dovecot, password: str) -> None:
    page.get_by_label("Nom, pour les collègues").fill("Groupes")
    page.get_by_label("Service de ses demandes").select_option(label="Informatique")
    page.get_by_label("Serveur", exact=True).fill("127.0.0.1")
    page.get_by_label("Port", exact=True).fill(str(server.port))
    page.get_by_label("Identifiant").fill("groupes")
    page.get_by_label("Mot de passe").fill(password)
    page.get_by_label("Prendre aussi les courriels déjà présents").check()
    page.get_by_label("Une fois à l’abri ici, un courriel est").select_option("move")
    page.get_by_role("button", name="Enregistrer la boîte").click()


def she_corrects_the_encryption(page: Page) -> None:
    expect(page.get_by_label("Autre dossier")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Serveur", exact=True)).to_have_value("127.0.0.1")
    page.get_by_label("Une fois à l’abri ici, un courriel est").select_option("seen")
    page.get_by_label("Chiffrement").select_option("plain")
    page.get_by_label("Mot de passe").fill("pas-le-bon")
    page.get_by_role("button", name="Enregistrer la boîte").click()


def she_tests(page: Page, outcome: str) -> None:
    page.get_by_role("button", name="Essayer la connexion").click()
    expect(page.get_by_role("main")).to_contain_text(outcome)


def test_a_folder_is_a_mailbox(house: House, signed_in: OpenPage) -> None:
    adele = signed_in("adele")
    adele.goto("/regie/reglages/boites")
    adele.get_by_role("link", name="Ajouter un dossier").first.click()
    main = adele.get_by_role("main")
    adele.get_by_label("Nom, pour les collègues").fill("Numériseur")
    adele.get_by_label("Dossier", exact=True).fill("../scanner")
    adele.get_by_role("button", name="Enregistrer la boîte").click()
    expect(adele.locator("#f-folder-e")).to_contain_text("Donnez le nom d’un seul dossier")
    adele.get_by_label("Dossier", exact=True).fill("scanner")
    adele.get_by_role("button", name="Enregistrer la boîte").click()
    expect(main).to_contain_text("La boîte est ajoutée.")
    adele.get_by_role("button", name="Essayer le dossier").click()
    expect(main).to_contain_text("Le dossier est utilisable\u202f; il contient 0 courriel.")
    (drops.base() / "scanner" / "un.eml").write_bytes(a_letter(subject="Écran noir", body="Mon écran reste noir."))
    adele.get_by_role("button", name="Mettre en service").click()
    expect(main).to_contain_text("La boîte est en service.")
    its_turn_comes(house)
    adele.goto("/regie/reglages/boites")
    row = adele.get_by_role("row").filter(has_text="Numériseur")
    expect(row).to_contain_text("En service")
    expect(row.get_by_role("cell").nth(4)).to_have_text("1")
    assert list((drops.base() / "scanner").iterdir()) == []
    adele.goto("/regie/recherche?q=Écran+noir")
    expect(main.get_by_role("link", name="Écran noir").first).to_be_visible()


def its_turn_comes(house: House) -> None:
    """What the mail room does when the mailbox's turn comes, and the worker after it."""
    with house.app.app_context():
        (outcome,) = [collecting.visited(duty) for duty in mailboxes.duties()]
    assert (outcome["letters"], outcome["error"]) == (1, "")
    house.work()
