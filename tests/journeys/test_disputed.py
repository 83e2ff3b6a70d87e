"""A bank takes a payment back: Karim notes it, Léa reads why her card is not credited, and it is undone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app.boxoffice.models import Household
from app.cancellations.models import Credit
from app.kernel.db import session
from tests.cast import LEA
from tests.journeys.choices import a_cancelled_evening, path_of
from tests.journeys.conftest import OpenPage
from tests.journeys.house import House
from tests.journeys.looks import faults

pytestmark = pytest.mark.browser


def test_what_a_bank_takes_back_is_noted_told_and_undone(house: House, signed_in: OpenPage, lea: Page) -> None:
    (credit,) = a_cancelled_evening(house, LEA)
    karim = signed_in("karim", reduced_motion="reduce")
    with house.app.app_context():
        row = session.get_one(Credit, credit)
        code = session.get_one(Household, row.household_id).code
        session.remove()
    karim.goto(f"/regie/foyers/{code}")
    karim.get_by_role("link", name="Une banque reprend un paiement").click()
    karim.get_by_text("Une banque a été priée de le reprendre").first.click()
    karim.get_by_label("Comment le savons-nous").first.fill("Courrier de la banque du 12 novembre")
    karim.get_by_role("button", name="Le noter").first.click()
    expect(karim.get_by_role("main")).to_contain_text("Courrier de la banque du 12 novembre")
    assert faults(karim) == []
    lea.goto(path_of(house, credit))
    expect(lea.get_by_role("main")).to_contain_text("Votre banque a été priée de reprendre 120,00")
    expect(lea.get_by_role("button", name="Remboursement sur la carte")).to_have_count(0)
    karim.get_by_role("button", name="aucune banque ne le reprend, commande").first.click()
    lea.reload()
    expect(lea.get_by_role("button", name="Remboursement sur la carte").first).to_be_visible()
