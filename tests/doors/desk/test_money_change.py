"""Odile asks at her desk for a locked line to be paid elsewhere; Inès agrees with her password; nobody does both."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.kernel.db import session
from app.settlements.models import SettlementChange, SettlementLine
from tests.cast import INES, KARIM, ODILE, PASSWORD, Character
from tests.domains.settlements.world import IBANS, Money, exported, locked
from tests.doors.desk.money import here, money, text
from tests.doors.desk.steps import press

__all__ = ["here", "money"]
SignIn = Callable[[Character], FlaskClient]
GOOD = {"reason": "account", "note": "Nouvelle banque", "option": "refund_transfer", "holder": "Fontanel"}


@pytest.fixture
def line(money: Money, here: str) -> str:
    """The address of a line that was locked by Inès."""
    locked(money)
    reference = session.query(SettlementLine.reference).filter_by(credit_id=money.credits["Fontanel"]).scalar()
    session.rollback()
    return f"{here}/lignes/{reference}"


def seen(browser: FlaskClient, address: str) -> str:
    session.rollback()
    return text(browser.get(address))


def test_one_asks_another_agrees_and_the_line_is_followed(line: str, here: str, sign_in: SignIn) -> None:
    odile, ines = sign_in(ODILE), sign_in(INES)
    assert press(odile, line, at=line, **GOOD, iban=IBANS[2], password=PASSWORD).status_code == 303
    change = session.query(SettlementChange.id).scalar()
    session.rollback()
    decide = f"{here}/modifications/{change}"
    assert "Vous l’avez demandé" in seen(odile, f"{here}/examen")
    assert press(odile, decide, at=f"{here}/examen", password=PASSWORD).status_code == 403
    assert press(ines, decide, at=f"{here}/examen", password="autre chose").status_code == 422
    page = seen(ines, f"{here}/examen")
    assert "Nouvelle banque" in page
    assert IBANS[2] not in page
    assert press(ines, decide, at=f"{here}/examen", password=PASSWORD).status_code == 303
    assert press(ines, decide, at=f"{here}/examen", password=PASSWORD).status_code == 409
    session.rollback()
    assert session.query(SettlementLine).filter_by(attempt=2).count() == 1
    assert "Une autre ligne suit déjà celle-ci" in seen(odile, line)


def test_what_was_typed_survives_a_wrong_password_and_the_number_stays_unseen(line: str, sign_in: SignIn) -> None:
    odile = sign_in(ODILE)
    answer = press(odile, line, at=line, **GOOD, iban=IBANS[2], password="autre chose")
    html = text(answer)
    assert answer.status_code == 422
    assert IBANS[2] not in html
    held = html.split('name="held" value="')[1].split('"')[0]
    assert press(odile, line, at=line, **GOOD, held=held, password=PASSWORD).status_code == 303
    session.rollback()
    assert session.query(SettlementChange).count() == 1


def test_bad_input_is_told_beside_its_field(line: str, sign_in: SignIn) -> None:
    odile = sign_in(ODILE)
    for fields, places in (
        ({}, ("reason", "note", "option")), ({**GOOD, "iban": "FR00"}, ("iban",)),
        ({**GOOD, "option": "refund_cheque"}, ("line1", "name", "postcode", "city")),
    ):  # fmt: skip
        answer = press(odile, line, at=line, **fields, password=PASSWORD)
        assert answer.status_code == 422
        for place in places:
            assert f'id="f-{place}-e"' in text(answer)
    assert press(sign_in(KARIM), line, **GOOD, iban=IBANS[2], password=PASSWORD).status_code == 403
    assert odile.get(f"{line}X").status_code == 404


def test_what_is_at_the_bank_says_so_and_shows_no_form(money: Money, line: str, sign_in: SignIn) -> None:
    session.rollback()
    exported(money)
    odile = sign_in(ODILE)
    page = seen(odile, line)
    assert "a quitté la maison avec son lot" in page
    assert "Bénéficiaire" not in page
    assert press(odile, line, **GOOD, iban=IBANS[2], password=PASSWORD).status_code == 409
