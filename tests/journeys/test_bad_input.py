"""What goes wrong at the form is said beside its field, in words; what was typed stays, and nothing breaks."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.cast import LEA
from tests.journeys.conftest import OpenPage
from tests.journeys.house import House

pytestmark = pytest.mark.browser

MEGABYTE = 1024 * 1024
WORDS = "Bonjour, je voudrais venir la semaine suivante."
HOSTILE = '"><script>document.title="pris"</script><img src=x onerror="document.title=\'pris\'">{{7*7}}\u202e%s\'; --'
MESSAGE = "Expliquez-nous ce qu’il vous faut"
#: What reaches beyond the window; a menu that scrolls by itself may.
WIDER = """() => [...document.querySelectorAll("main h1, main table, main td, main header *, .composer *")]
  .filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1 && one.checkVisibility())
  .map((one) => one.outerHTML.slice(0, 80))"""


@pytest.fixture
def form(house: House, screen: OpenPage) -> Page:
    """The empty form."""
    page = screen()
    page.goto("/demandes/nouvelle")
    return page


def check(page: Page) -> None:
    page.get_by_role("button", name="Vérifier ma demande").click()


def filled(page: Page, *, words: str = WORDS, email: str = LEA) -> None:
    page.get_by_label("Échanger des places").check()
    page.get_by_label("De quoi s’agit-il exactement ?").select_option("Échanger mes places")
    page.get_by_label("Votre adresse électronique").fill(email)
    page.get_by_label(MESSAGE).fill(words)


def test_an_empty_form_names_each_field(form: Page) -> None:
    check(form)
    summary = form.get_by_role("alert").filter(has=form.get_by_role("heading"))
    expect(summary).to_be_focused()
    for sentence in (
        "Choisissez le sujet de votre demande.",
        "Indiquez votre adresse électronique.",
        "Dites-nous ce qu’il vous faut.",
    ):
        expect(summary.get_by_role("link", name=sentence)).to_be_visible()
    expect(form.get_by_label(MESSAGE)).to_have_attribute("aria-invalid", "true")
    expect(form).to_have_title("Erreur : Faire une demande (étape 1 sur 2) — Opéra de Valmorin")
    summary.get_by_role("link", name="Indiquez votre adresse électronique.").click()
    expect(form.get_by_label("Votre adresse électronique")).to_be_focused()


def test_an_address_that_is_none_is_shown_how_to_write(form: Page) -> None:
    filled(form, email="lea.fontanel@exemple")
    check(form)
    field = form.get_by_label("Votre adresse électronique")
    expect(field).to_have_accessible_description(
        "Nous y envoyons la réponse et le lien de suivi. Indiquez si possible l’adresse de la réservation. "
        "Erreur : Écrivez l’adresse ainsi : nom@example.org."
    )
    expect(field).to_have_value("lea.fontanel@exemple")
    expect(form.get_by_label(MESSAGE)).to_have_value(WORDS)


def test_a_message_of_a_megabyte_is_refused_and_kept(form: Page) -> None:
    long = "Trop long. " * (MEGABYTE // 11)
    filled(form, words=long)
    check(form)
    expect(form.get_by_label(MESSAGE)).to_have_attribute("aria-invalid", "true")
    expect(form.get_by_role("main")).to_contain_text("Ce texte est trop long : raccourcissez-le.")
    assert len(form.get_by_label(MESSAGE).input_value()) == len(long)


def test_hostile_text_stays_text_everywhere(house: House, form: Page, signed_in: OpenPage) -> None:
    filled(form, words=HOSTILE)
    form.get_by_label("Places à échanger").fill(HOSTILE)
    form.get_by_label("Numéro de commande").fill(HOSTILE)
    form.get_by_label("Votre nom").fill(HOSTILE[:120])
    form.get_by_label("Choisir des fichiers").set_input_files(
        [{"name": '"><svg onload=alert(1)>.txt', "mimeType": "text/plain", "buffer": b"texte"}]
    )
    check(form)
    expect(form.get_by_role("main")).to_contain_text('<script>document.title="pris"</script>')
    form.get_by_role("button", name="Envoyer ma demande").click()
    expect(form.get_by_role("heading", level=1)).to_have_text("Votre demande est envoyée")
    house.work()
    karim = signed_in("karim")
    karim.get_by_role("link", name="Échanger mes places").click()
    expect(karim.get_by_role("region", name="Échanges")).to_contain_text('<script>document.title="pris"</script>')
    assert "pris" not in karim.title()
    assert karim.locator("img[src=x]").count() == 0


def test_a_word_without_end_in_an_e_mail_widens_no_page(house: House, signed_in: OpenPage) -> None:
    letter = EmailMessage(policy=SMTP)
    letter["From"], letter["To"] = f"{'N' * 400} <long@exemple.fr>", "billetterie@valmorin.example"
    letter["Subject"] = "S" * 400
    letter.set_content("M" * 5000)
    house.deliver(letter)
    house.work()
    karim = signed_in("karim")
    queue = karim.url
    karim.get_by_role("link", name="SSSS").click()
    for place in (karim.url, queue):
        karim.goto(place)
        for width in (1440, 390):
            karim.set_viewport_size({"width": width, "height": 900})
            assert karim.evaluate(WIDER) == [], f"{place} at {width} px"


def test_a_wrong_order_is_only_noted(form: Page) -> None:
    filled(form)
    form.get_by_label("Numéro de commande").fill("VAL-XXXXX")
    form.get_by_label("Votre nom").focus()
    expect(form.locator("#order")).to_contain_text("C’est noté : VAL-XXXXX.")
    check(form)
    expect(form.get_by_role("main")).to_contain_text("Rien n’est encore envoyé.")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("billet.pdf", b"MZ\x90\x00" + b"\x00" * 400, "Ce fichier n’est pas ce qu’annonce son nom"),
        ("photo.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * (30 * MEGABYTE), "Le fichier doit peser moins de 10 Mo."),
        ("vide.pdf", b"", "Ce fichier est vide : choisissez-en un autre."),
    ],
    ids=["mislabelled", "thirty megabytes", "empty"],
)
def test_a_file_that_cannot_be_taken_says_why(
    form: Page, tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    filled(form)
    good, bad = tmp_path / "note.txt", tmp_path / name
    good.write_bytes(b"Corbeille B 14")
    bad.write_bytes(content)
    form.get_by_label("Choisir des fichiers").set_input_files([good, bad])
    check(form)
    expect(form.locator("#f-files-e")).to_contain_text(sentence)
    expect(form.get_by_label(MESSAGE)).to_have_value(WORDS)
    expect(form.get_by_label("note.txt")).to_be_checked()
    form.get_by_role("button", name="Vérifier ma demande").click()
    expect(form.get_by_role("main")).to_contain_text("Rien n’est encore envoyé.")
    expect(form.get_by_role("main")).to_contain_text("note.txt")


def test_nothing_is_lost_at_the_desk_either(house: House, signed_in: OpenPage) -> None:
    number = house.ask(subject="Deux places", type="exchange_date").number
    karim = signed_in("karim")
    karim.goto(f"/regie/demandes/{number}")
    reply = karim.get_by_label("Votre réponse à Léa Fontanel")
    karim.get_by_role("button", name="Envoyer et rester").click()
    expect(karim.get_by_role("main")).to_contain_text("Écrivez quelque chose ici.")
    reply.fill("Bonjour {{prénom}}, c’est noté.")
    karim.get_by_role("button", name="Envoyer et rester").click()
    expect(karim.get_by_role("main")).to_contain_text("Remplacez ce qui reste entre doubles accolades")
    expect(reply).to_have_value("Bonjour {{prénom}}, c’est noté.")
