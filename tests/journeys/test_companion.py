"""Léa bought for Ada too: on a phone and without scripts she hands Ada's seat over, and takes it back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from app.kernel.db import session
from app.mail.models import LetterOut
from tests.cast import LEA
from tests.journeys.choices import a_cancelled_evening, path_of
from tests.journeys.conftest import PHONE, OpenPage
from tests.journeys.house import House
from tests.journeys.looks import faults

pytestmark = pytest.mark.browser
STILL = {**PHONE, "reduced_motion": "reduce"}


def code_sent(house: House) -> str:
    with house.app.app_context():
        row = session.query(LetterOut.text).filter_by(kind="companion_code").order_by(LetterOut.id.desc()).first()
        assert row is not None
        return str(re.findall(r"^(\d{6})$", row[0], re.MULTILINE)[0])


@pytest.mark.parametrize("options", [STILL, {**STILL, "java_script_enabled": False}], ids=["phone", "without scripts"])
def test_a_seat_is_handed_to_a_companion_and_taken_back(
    house: House, screen: OpenPage, options: dict[str, object]
) -> None:
    (credit,) = a_cancelled_evening(house, LEA)
    lea, scripts = screen(**options), options.get("java_script_enabled", True)
    lea.goto(path_of(house, credit))
    lea.get_by_role("link", name="laissez cette personne choisir").click()
    lea.get_by_role("button", name="Continuer").click()
    expect(lea.get_by_role("alert").first).to_contain_text("Cochez les places")
    lea.get_by_role("checkbox").first.check()
    lea.get_by_label("Son nom").fill("Ada Roux")
    lea.get_by_label("Son adresse électronique").fill("ada@exemple.fr")
    if scripts:
        assert faults(lea) == []
    lea.get_by_role("button", name="Continuer").click()
    expect(lea.get_by_role("main")).to_contain_text("ada@exemple.fr")
    if scripts:
        assert faults(lea) == []
    lea.get_by_label("Code à six chiffres").fill(code_sent(house))
    lea.get_by_role("button", name="Confier ces places").click()
    expect(lea.get_by_role("main")).to_contain_text("les places sont confiées")
    expect(lea.get_by_role("heading", level=1)).to_contain_text("60,00")
    if scripts:
        assert faults(lea) == []
    lea.get_by_role("button", name="Reprendre les places de Ada Roux").click()
    expect(lea.get_by_role("heading", level=1)).to_contain_text("120,00")
