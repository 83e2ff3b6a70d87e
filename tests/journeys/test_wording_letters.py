"""Adèle words a letter of the house: a slip answered beside its field, the preview as she types, a test, the letter itself."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, OpenPage
from tests.journeys.house import House

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("device", [{}, PHONE], ids=["desk", "phone"])
def test_a_letter_is_worded_previewed_tested_and_saved(
    house: House, signed_in: OpenPage, device: dict[str, object]
) -> None:
    adele = signed_in("adele", **device)
    adele.goto("/regie/reglages/lettres")
    adele.get_by_role("main").get_by_role("link", name="Demande arrivée").click()
    french = adele.get_by_role("region", name="Français").first
    text = french.get_by_label("Texte de la lettre")
    shipped = text.input_value()
    text.fill("Bonjour {{prenom}},\n\n=> Suivre | {{link}}")
    preview = adele.locator("#letter-preview")
    expect(preview).to_contain_text("{{prenom}} ne désigne rien")
    adele.get_by_role("button", name="Enregistrer la lettre").click()
    expect(adele.locator("#f-text_fr-e")).to_contain_text("{{prenom}} ne désigne rien")
    text.fill(shipped.replace("Bonjour,", "Bonjour de l’Opéra,"))
    frame = adele.frame_locator('iframe[title="Le courriel en HTML, en français"]')
    preview.get_by_role(
        "heading", name="Français"
    ).scroll_into_view_if_needed()  # frames load when they come into sight
    expect(frame.get_by_text("Bonjour de l’Opéra,")).to_be_visible()
    adele.get_by_role("button", name="M’envoyer un essai en français").click()
    expect(adele.get_by_role("main")).to_contain_text("L’essai est parti")
    expect(text).to_have_value(shipped.replace("Bonjour,", "Bonjour de l’Opéra,").strip())
    adele.get_by_role("button", name="Enregistrer la lettre").click()
    expect(adele.get_by_role("main")).to_contain_text("La lettre est enregistrée.")
    adele.goto("/lettres")
    expect(adele.get_by_role("main")).to_contain_text("[Essai] Votre demande est arrivée")
