"""Léa bought for Ada too: on a phone and without scripts she hands Ada's seat over, and takes it back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from app.cancellations import companions
from app.cancellations.companions import Named
from app.cancellations.models import CreditCompanion, CreditItem
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


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_companion_whose_seats_were_taken_back_is_told_where_to_go(house: House, screen: OpenPage, lang: str) -> None:
    (credit,) = a_cancelled_evening(house, LEA)
    with house.app.app_context():
        token = path_of(house, credit).rpartition("/")[2]
        seats = [row[0] for row in session.query(CreditItem.admission_id).filter_by(credit_id=credit)]
        asked = companions.ask(
            token, Named(seats=frozenset(seats[:1]), name="Ada Roux", email="ada@exemple.fr", form="a")
        )
        companions.prove(token, asked.id, code_sent(house))
        theirs = session.query(CreditCompanion.companion_id).scalar()
    path = path_of(house, theirs)
    with house.app.app_context():
        companions.undo(token, asked.id)
    ada = screen(**STILL)
    for address, status in ((path, 410), (f"/c/{'a' * 42}", 404)):
        answer = ada.goto(f"{address}?lang={lang}")
        assert answer is not None
        assert answer.status == status
        hint = ada.get_by_role(
            "region", name={"fr": "Vos places ont été achetées", "en": "Did somebody else buy"}[lang]
        )
        expect(hint).to_contain_text({"fr": "Notre courriel la nomme", "en": "Our e-mail names that person"}[lang])
        expect(ada.get_by_role("main")).not_to_contain_text("Fontanel")
        assert faults(ada) == []
    hint.get_by_role("link").focus()
    ada.keyboard.press("Enter")
    expect(ada.get_by_role("textbox").first).to_be_visible()
    assert ada.url.endswith({"fr": "/spectacle-annule", "en": "/en/cancelled-show"}[lang])
    assert faults(ada) == []
