"""Odile's money: locked by one without scripts, approved by another on a telephone, sent, sent back, and agreeing to the cent."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.boxoffice.models import Contact
from app.kernel.db import session
from tests.domains.settlements.world import banked
from tests.journeys import settlements
from tests.journeys.conftest import PHONE, OpenPage
from tests.journeys.house import PASSWORD, House
from tests.journeys.letters import text_of
from tests.journeys.looks import faults

pytestmark = pytest.mark.browser


def test_money_goes_to_the_bank_and_back_between_two_people(house: House, signed_in: OpenPage, tmp_path: Path) -> None:
    with house.app.app_context():
        banked(house.actor("odile"))
    campaign = settlements.closed(house, "Aubert", "Brun", "Colin").campaign_id
    here = f"/regie/annulations/{campaign}"
    ines = signed_in("ines", java_script_enabled=False)
    ines.goto(here)
    ines.get_by_role("link", name="L’argent").click()
    locked_by(ines)
    ines.get_by_role("link", name="Lots").click()
    expect(ines.get_by_role("main")).to_contain_text("vous l’avez constitué, donc une autre personne l’approuve")
    expect(ines.get_by_role("button", name="Approuver")).to_have_count(0)
    odile = signed_in("odile", reduced_motion="reduce", **PHONE)
    odile.goto(f"{here}/argent/examen")
    looked_at(odile)
    ines.reload()
    ines.get_by_role("button", name="Les mettre en lots").click()
    odile.goto(f"{here}/argent/lots")
    approved_by(odile)
    odile.get_by_role("button", name="Faire les fichiers").click()
    expect(odile.get_by_role("heading", name="Les fichiers sont en cours")).to_be_visible()
    house.work()
    expect(odile.get_by_role("link", name="VIR-2026-001.xml")).to_be_visible()
    order = taken_out(odile)
    (reference,) = re.findall(r"<EndToEndId>([^<]+)</EndToEndId>", order.decode())
    sent_back(odile, f"{here}/argent/banque", f"EndToEndId;Motif\n{reference};AC04\n", tmp_path / "rejets.csv")
    house.work()
    (letter,) = [one for one in house.sink.to(address_of(house, "Brun")) if "fermé" in text_of(one)]
    assert reference not in text_of(letter)
    agrees(odile, f"{here}/argent")


def address_of(house: House, family: str) -> str:
    """Where a household is written to."""
    with house.app.app_context():
        return str(session.query(Contact.email).filter_by(family=family).scalar())


def locked_by(page: Page) -> None:
    """What will be locked is read, typed wrongly, then rightly."""
    expect(page.get_by_role("main")).to_contain_text("Le titulaire du compte ne porte pas le nom du foyer")
    for amount, sentence in (("359", "Ce n’est pas ce qui serait verrouillé"), ("360,00", "Verrouillé : 360,00 €")):
        page.get_by_label("Saisissez le montant qui sera verrouillé").fill(amount)
        page.get_by_label("Votre mot de passe").fill(PASSWORD)
        page.get_by_role("button", name="Verrouiller").click()
        expect(page.get_by_role("main")).to_contain_text(sentence)


def looked_at(page: Page) -> None:
    """The line with a sign is released with a reason."""
    expect(page.get_by_role("main")).to_contain_text("Quidam")
    page.get_by_role("button", name="La libérer").click()
    expect(page.get_by_role("main")).to_contain_text("Écrivez quelque chose ici.")
    assert faults(page) == []
    page.get_by_label("Pourquoi, pour qui le relira").fill("Rappelée à son ancien numéro : c’est son mari.")
    page.get_by_role("button", name="La libérer").click()
    expect(page.get_by_role("main")).to_contain_text("Aucune ligne à examiner")


def approved_by(page: Page) -> None:
    """All batches are agreed to by who did not put them together."""
    page.get_by_label("Saisissez le total des lots cochés").fill("360")
    page.get_by_role("button", name="Approuver").click()
    expect(page.get_by_role("main")).to_contain_text("Remplissez ce champ.")
    expect(page.get_by_label("Saisissez le total des lots cochés")).to_have_value("360")
    assert faults(page) == []
    page.get_by_label("Votre mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Approuver").click()
    expect(page.get_by_role("main")).to_contain_text("Vous avez approuvé 3 lots.")


def taken_out(page: Page) -> bytes:
    """The order to the bank as it is downloaded; it is what its hash says."""
    page.get_by_role("link", name="VIR-2026-001", exact=True).click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Télécharger").first.click()
    data = Path(waiting.value.path()).read_bytes()
    expect(page.get_by_role("main")).to_contain_text(hashlib.sha256(data).hexdigest())
    return data


def sent_back(page: Page, at: str, rejects: str, file: Path) -> None:
    """What the bank sends back is brought for the wrong batch first, then read and taken."""
    file.write_text(rejects)
    page.goto(at)
    for batch, sentence in (
        ("VIR-2026-002", "Ce fichier concerne le lot VIR-2026-001"),
        ("VIR-2026-001", "1 ligne revient"),
    ):
        page.get_by_label("De quel lot s’agit-il ?").select_option(label=f"{batch} · Virements")
        page.get_by_label("Fichier", exact=True).set_input_files(file)
        page.get_by_role("button", name="Dire ce que cela donnerait").click()
        expect(page.get_by_role("main")).to_contain_text(sentence)
        assert faults(page) == []
    expect(page.get_by_role("main")).to_contain_text("le compte est fermé")
    page.get_by_role("button", name="L’appliquer").click()
    expect(page.get_by_role("main")).to_contain_text("1 ligne est revenue")


def agrees(page: Page, at: str) -> None:
    """The rest is paid; everything agrees, and every step can be read."""
    page.goto(f"{at}/lots/VIR-2026-002")
    page.get_by_role("button", name="C’est réglé").click()
    expect(page.get_by_role("main")).to_contain_text("Noté : 120,00 € sont réglés.")
    page.get_by_role("link", name="Rapprochement").click()
    expect(page.get_by_role("main")).to_contain_text("Tout s’accorde au centime")
    expect(page.get_by_role("row", name=re.compile("virement.*120,00 €.*120,00 €.*240,00 €"))).to_be_visible()
    page.get_by_role("link", name="Trace").click()
    expect(page.get_by_role("main")).to_contain_text("La chaîne est entière")
    expect(page.get_by_role("main")).to_contain_text("A appliqué un fichier de la banque : 1 ligne revenue, 120,00 €")
