"""Odile's book of receipts: the right is asserted and withdrawn by name, receipts are given, read and listed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from flask.testing import FlaskClient

from app.kernel import work
from app.kernel.db import session
from tests.cast import KARIM, ODILE, PASSWORD, Character
from tests.domains.settlements.test_gifts import RIGHT, money
from tests.domains.settlements.world import Money, all_paid
from tests.doors.desk.money import plain, text
from tests.doors.desk.steps import page, press

__all__ = ["money"]

SignIn = Callable[[Character], FlaskClient]
BOOK = "/regie/annulations/comptes/recus"


def test_the_right_is_asserted_and_withdrawn_by_name_for_a_reason_with_a_password(
    money: Money, sign_in: SignIn
) -> None:
    session.rollback()
    odile = sign_in(ODILE)
    assert "aucun reçu n’est délivré" in plain(page(odile, BOOK))
    said = asdict(RIGHT) | {"reason": "rescrit du 3 mars"}
    wrong = press(odile, f"{BOOK}/droit", at=f"{BOOK}/droit", **said | {"articles": ""}, password=PASSWORD)
    assert wrong.status_code == 422
    assert RIGHT.statute in text(wrong)
    assert press(odile, f"{BOOK}/droit", at=f"{BOOK}/droit", **said, password="x").status_code == 422
    assert press(odile, f"{BOOK}/droit", at=f"{BOOK}/droit", **said, password=PASSWORD).status_code == 303
    html = plain(page(odile, BOOK))
    assert RIGHT.articles in html
    assert "rescrit du 3 mars" in html
    assert press(odile, f"{BOOK}/retrait", at=BOOK, reason=" ", password=PASSWORD).status_code == 422
    assert (
        press(odile, f"{BOOK}/retrait", at=BOOK, reason="retiré par l’administration", password=PASSWORD).status_code
        == 303
    )
    assert "retiré par l’administration" in plain(page(odile, BOOK))
    page(sign_in(KARIM), BOOK, 403)


def test_receipts_are_given_by_the_worker_read_and_listed(money: Money, sign_in: SignIn) -> None:
    all_paid(money)
    session.rollback()
    odile = sign_in(ODILE)
    assert "3 dons attendent leur reçu" in plain(page(odile, BOOK))
    early = press(odile, f"{BOOK}/donner", at=BOOK, campaign=money.campaign_id)
    assert early.status_code == 409
    press(odile, f"{BOOK}/droit", at=f"{BOOK}/droit", **asdict(RIGHT), password=PASSWORD)
    for _twice in range(2):
        assert press(odile, f"{BOOK}/donner", at=BOOK, campaign=money.campaign_id).status_code == 303
    while work.run_next():
        pass
    html = plain(page(odile, BOOK))
    assert "3 reçus, 120,00 €" in html
    assert "REC-2026-00003" in html
    assert odile.get(f"{BOOK}/REC-2026-00001.pdf").get_data()[:5] == b"%PDF-"
    assert "Fontanel Léa" in odile.get(f"{BOOK}/REC-2026-00001.html").get_data(as_text=True)
    assert odile.get(f"{BOOK}/REC-2026-00009.pdf").status_code == 404
    assert odile.get(f"{BOOK}/REC-2026-00001.exe").status_code == 404
    table = odile.get(f"{BOOK}/2026.csv").get_data(as_text=True)
    assert table.count("\r\n") == 4
    assert odile.get(f"{BOOK}/2019.csv").status_code == 404
