"""After the batches: by its link a household has what came back paid to another account, and reads its voucher."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from app.cancellations.models import Credit
from app.kernel.db import session
from app.settlements import vouchers
from tests.cast import LEA
from tests.domains.settlements.world import IBANS
from tests.journeys.choices import path_of
from tests.journeys.conftest import PHONE, OpenPage
from tests.journeys.house import House
from tests.journeys.letters import link_in, text_of
from tests.journeys.looks import faults
from tests.journeys.payments import a_paid_evening, came_back, files_naming, next_batch

pytestmark = pytest.mark.browser

OTHER = "NL91 ABNA 0417 1643 00"


def test_what_a_bank_sent_back_is_paid_once_to_the_account_the_household_gives(house: House, screen: OpenPage) -> None:
    (credit,) = a_paid_evening(house, LEA, refund_transfer=12_000)
    came_back(house, credit)
    letter = house.sink.to(LEA)[-1]
    assert "le compte est fermé" in text_of(letter)
    lea = screen(**PHONE, java_script_enabled=False)
    lea.goto(link_in(letter, "/c/"))
    expect(lea.get_by_role("heading", name="Il nous faut un autre compte")).to_be_visible()
    lea.get_by_role("link", name="Indiquer un autre compte").tap()
    expect(lea.get_by_role("heading", level=1)).to_have_text(re.compile("Où pouvons-nous verser vos 120,00"))
    lea.get_by_label("Numéro de compte (IBAN)").fill(IBANS[1])
    lea.get_by_label("Nom du titulaire du compte").fill("Léa Fontanel")
    lea.get_by_role("button", name="Me payer sur ce compte").tap()
    expect(lea.get_by_role("alert").filter(has=lea.get_by_role("heading"))).to_contain_text("La banque vient de")
    lea.get_by_label("Numéro de compte (IBAN)").fill(OTHER)
    lea.get_by_label("Nom du titulaire du compte").fill("Léa Fontanel")
    lea.get_by_role("button", name="Me payer sur ce compte").tap()
    lea.get_by_label("Code à six chiffres").fill("12")
    lea.get_by_role("button", name="Me payer sur ce compte").tap()
    expect(lea.get_by_role("alert").filter(has=lea.get_by_role("heading"))).to_contain_text("pas le code")
    house.work()
    code = re.search(r"^\d{6}$", text_of(house.sink.to(LEA)[-1]), re.MULTILINE)
    assert code
    lea.get_by_label("Code à six chiffres").fill(code[0])
    lea.get_by_role("button", name="Me payer sur ce compte").tap()
    told = lea.get_by_role("main")
    expect(told).to_contain_text("Succès : nous vous payons sur ce compte")
    expect(told).to_contain_text("Attend le prochain envoi")
    expect(told).to_contain_text("le compte est fermé")
    house.work()
    recap = text_of(house.sink.to(LEA)[-1])
    assert "NL91 •••• 300" in recap
    assert OTHER.replace(" ", "") not in recap + lea.content()
    next_batch(house, credit)
    next_batch(house, credit)
    assert files_naming(house, credit) == ["VIR-2026-001.xml", "VIR-2026-002.xml"]
    lea.reload()
    expect(lea.get_by_role("heading", name="C’est fait")).to_be_visible()


def test_the_pages_of_another_account_can_be_used_by_everybody(
    house: House, screen: OpenPage, signed_in: OpenPage
) -> None:
    (credit,) = a_paid_evening(house, LEA, language="en", refund_transfer=12_000)
    came_back(house, credit)
    karim = signed_in("karim", reduced_motion="reduce")
    with house.app.app_context():
        karim.goto(f"/regie/avoirs/{session.get_one(Credit, credit).number}")
    karim.get_by_role("link", name="Prendre un autre compte").click()
    karim.get_by_role("button", name="Payer sur ce compte").click()
    expect(karim.get_by_role("main")).to_contain_text("Cochez que vous avez vu le RIB.")
    assert faults(karim) == []
    page = screen(reduced_motion="reduce")
    page.goto(link_in(house.sink.to(LEA)[-1], "/c/") + "/compte")
    page.get_by_role("button", name="Pay me to this account").click()
    expect(page.get_by_role("alert").filter(has=page.get_by_role("heading"))).to_be_focused()
    assert faults(page) == []
    page.get_by_label("Account number (IBAN)").fill(OTHER)
    page.get_by_label("Name of the account’s holder").fill("Léa Fontanel")
    page.get_by_role("button", name="Pay me to this account").click()
    page.get_by_role("button", name="Send another code").click()
    expect(page.get_by_role("main")).to_contain_text("Success: another code is on its way")
    assert faults(page) == []


def test_a_voucher_is_read_behind_the_link_and_printed_on_one_sheet(house: House, screen: OpenPage) -> None:
    (credit,) = a_paid_evening(house, LEA, refund_transfer=7_000, voucher=5_000)
    letter = next(one for one in house.sink.to(LEA) if "bon d’achat de" in one["Subject"])
    lea = screen(**PHONE, java_script_enabled=False)
    lea.goto(link_in(letter, "/bon"))
    code = lea.locator(".code-big").inner_text()
    assert re.fullmatch(r"CHQ-[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}", code)
    assert code not in text_of(letter)
    with house.app.app_context():
        vouchers.use(code, 2_000, "VAL-77", by=house.actor("karim"))
    lea.reload()
    told = lea.get_by_role("main")
    expect(told).to_contain_text("30,00")
    expect(told).to_contain_text("VAL-77")
    lea.goto(path_of(house, credit))
    lea.get_by_role("link", name="Voir mon bon d’achat").tap()
    paper = screen(viewport={"width": 660, "height": 930}, reduced_motion="reduce")
    paper.goto(f"{path_of(house, credit)}/bon")
    assert faults(paper) == []
    paper.emulate_media(media="print")
    expect(paper.get_by_role("button", name="Imprimer")).to_be_hidden()
    assert paper.pdf(format="A4").count(b"/Type /Page\n") == 1
