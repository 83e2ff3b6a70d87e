"""Odile's desk, after the bank: what came back, what agrees, accounts and the house, and the trail of every step."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.cancellations.models import Credit, Payee
from app.kernel.access import Actor
from app.kernel.db import session
from app.settlements import batching, house, rehearsing, rejecting
from app.settlements.models import SettlementLine
from tests.cast import INES, KARIM, ODILE, PASSWORD, Character
from tests.domains.settlements.test_money import report
from tests.domains.settlements.world import IBANS, Money, exported, locked
from tests.doors.desk.money import change, here, money, plain, text
from tests.doors.desk.steps import page, press, told

__all__ = ["here", "money"]

SignIn = Callable[[Character], FlaskClient]
Act = Callable[[Character], Actor]
CODES, HOUSE = "/regie/annulations/comptes", "/regie/annulations/comptes/maison"


@pytest.fixture
def batch(money: Money) -> int:
    """The order to the bank, whose file is made."""
    locked(money)
    exported(money)
    found = next(card.id for card in batching.cards(money.campaign_id, by=money.finance) if card.kind == "transfer")
    session.rollback()
    return found


def reference() -> str:
    """The line of the order."""
    found = session.query(SettlementLine).filter_by(option="refund_transfer").order_by(SettlementLine.id).first()
    session.rollback()
    assert found is not None
    return found.reference


def bring(odile: FlaskClient, here: str, batch: int, data: bytes, name: str = "retour.csv") -> TestResponse:
    return press(odile, f"{here}/banque", batch=batch, file=(io.BytesIO(data), name))


def open_credits() -> list[str]:
    session.rollback()
    found = [row.state for row in session.query(Credit).order_by(Credit.id)]
    session.rollback()
    return found


def test_a_file_of_the_bank_is_read_line_by_line_before_it_is_taken_once(
    here: str, batch: int, sign_in: SignIn
) -> None:
    odile = sign_in(ODILE)
    data = f"reference;motif\n{reference()};AC04\n".encode()
    html = text(bring(odile, here, batch, data))
    assert "1 ligne revient : 120,00 €" in html
    assert "le compte est fermé" in html
    assert "DE89 •••• 000" in html
    assert "Un autre compte est demandé" not in html
    assert IBANS[1] not in html
    carried = re.findall(r'name="carried" value="([^"]+)"', html)[0]
    assert reference() not in carried
    for other in ("", "x", carried[:-8]):
        sent = press(odile, f"{here}/banque/accord", batch=batch, carried=other)
        assert sent.status_code == 422
        assert 'id="f-file-e"' in text(sent)
    assert press(sign_in(INES), f"{here}/banque/accord", batch=batch, carried=carried).status_code == 403
    html = plain(told(odile, press(odile, f"{here}/banque/accord", batch=batch, carried=carried)))
    assert "1 ligne est revenue" in html
    assert "AV-2026-000001" in html.partition("Un autre compte est demandé")[2]
    again = plain(told(odile, press(odile, f"{here}/banque/accord", batch=batch, carried=carried)))
    assert "déjà été appliqué : rien n’a changé" in again
    assert "déjà été appliqué" in text(bring(odile, here, batch, data))
    assert "déjà revenues" in text(bring(odile, here, batch, data + b"\n"))


def test_a_file_of_another_batch_or_none_at_all_is_refused_beside_the_field_and_changes_nothing(
    here: str, batch: int, money: Money, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rehearsing, "LARGEST", 300_000)
    odile = sign_in(ODILE)
    other = f"reference;motif\n{reference()};AC04\n".encode()
    change("UPDATE settlement_batch SET kind = 'cheque' WHERE kind = 'donation'")
    gift = next(card for card in batching.cards(money.campaign_id, by=money.finance) if card.kind == "cheque")
    session.rollback()
    cases = (
        (gift.id, other, "Ce fichier concerne le lot VIR-2026-001, pas celui-ci"),
        (batch, b"", "Ce fichier est vide."), (batch, b"bonjour", "colonne des références"),
        (batch, b"reference;motif\n;AC04\n", "Ligne 2 :"), (batch, b"<html></html>", "pas un compte rendu de banque"),
        (batch, b"reference;motif\nAV-1999-000001-T1.1-1;AC04\n", "n’est dans aucun de nos lots"),
        (batch, report("VIR-2020-001"), "n’est dans aucun de nos lots"), (batch, b"\x00\xff\xfe", "colonne des références"),
        (batch, b"reference;motif\n" + b"x" * 400_000, "5 Mo au plus"),
    )  # fmt: skip
    before = open_credits()
    for chosen, data, sentence in cases:
        sent = bring(odile, here, chosen, data)
        html = text(sent)
        assert sent.status_code == 422, html[:400]
        assert sentence in html.partition('id="f-file-e"')[2][:400], html.partition('id="f-file-e"')[2][:300]
        assert f'value="{chosen}" selected' in html
    for chosen in (0, 10**12):
        assert 'id="f-batch-e"' in text(bring(odile, here, chosen, other))
    assert 'id="f-file-e"' in text(press(odile, f"{here}/banque", batch=batch))
    assert press(sign_in(KARIM), f"{here}/banque", batch=batch).status_code == 403
    assert open_credits() == before


def test_a_report_of_the_bank_that_says_nothing_came_back_says_so(here: str, batch: int, sign_in: SignIn) -> None:
    html = text(bring(sign_in(ODILE), here, batch, report("VIR-2026-001", (reference(), "ACSC")), "r.xml"))
    assert "rien de VIR-2026-001 n’est revenu" in html
    assert "L’appliquer" not in html


def test_what_was_issued_stands_somewhere_and_a_difference_is_red_and_explained(
    here: str, batch: int, sign_in: SignIn
) -> None:
    odile = sign_in(ODILE)
    html = plain(page(odile, f"{here}/rapprochement"))
    assert "Tout s’accorde au centime" in html
    assert "TVA à 10 %" in html
    answer = odile.get(f"{here}/rapprochement.csv")
    rows = answer.get_data().decode("utf-8-sig").splitlines()
    assert rows[1].split(";")[:5] == ["Toute la campagne", "360,00", "0,00", "360,00", "0,00"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert odile.get("/regie/annulations/99/argent/rapprochement.csv").status_code == 404
    change("UPDATE credit SET amount_cents = amount_cents + 1 WHERE id = 1")
    html = plain(page(odile, f"{here}/rapprochement"))
    assert "ne s’accordent pas" in html
    wrong = html.partition("Ce qui diffère")[2].partition("</section>")[0]
    assert re.search(r'is-bad">-0,01 €', wrong)
    assert "Une place a été retirée d’un avoir" in wrong or "Un avoir a été changé" in wrong


def test_accounts_are_proposals_until_the_accountant_agrees_and_what_is_missing_is_named(
    here: str, money: Money, sign_in: SignIn
) -> None:
    odile, ines = sign_in(ODILE), sign_in(INES)
    assert CODES in page(ines, here)
    html = plain(page(ines, CODES))
    assert "comptes restent à valider" in html
    assert "467100" in html
    assert f"{CODES}/owed/-" not in html
    page(ines, f"{CODES}/owed/-", 403)
    there = f"{CODES}/settled/refund_transfer"
    for fields, field in (({"code": "ABC", "label": "Banque"}, "code"), ({"code": "512200", "label": " "}, "label")):
        sent = press(odile, there, **fields)
        assert sent.status_code == 422
        assert f'id="f-{field}-e"' in text(sent)
        assert 'value="ABC"' in text(sent) or field == "label"
    told(odile, press(odile, there, code="512200", label="Banque des avoirs"))
    html = plain(told(odile, press(odile, f"{there}/valide")))
    assert "votre comptable valide 512200" in html
    assert "Odile Perrin" in html
    change("UPDATE credit_item SET vat_bp = 850")
    html = plain(page(odile, CODES))
    assert "TVA à 8,5 %" in html.partition("Il manque un compte")[2]
    there = f"{CODES}/nouveau"
    assert 'value="8.5"' in page(odile, f"{there}?taux=8.5")
    for fields, field in (
        ({}, "for"), ({"for": "vat", "rate": "huit"}, "rate"), ({"for": "vat", "rate": "0"}, "rate"),
        ({"for": "vat", "rate": "8,555"}, "rate"), ({"for": "show", "show": "999"}, "show"),
        ({"for": "vat", "rate": "8,5", "code": "x"}, "code"),
    ):  # fmt: skip
        sent = press(odile, there, **fields)
        assert sent.status_code == 422
        assert f'id="f-{field}-e"' in text(sent)
    html = plain(
        told(odile, press(odile, there, **{"for": "vat", "rate": "8,5 %", "code": "445715", "label": "TVA 8,5"}))
    )
    assert "Il manque un compte" not in html
    show = re.findall(r'<option value="(\d+)"', page(odile, there))[0]
    html = told(odile, press(odile, there, **{"for": "show", "show": show, "code": "487301", "label": "Traviata"}))
    assert "487301" in html
    for place in ("owed/x", "gold/-", "vat/999"):
        page(odile, f"{CODES}/{place}", 404)


def test_the_account_of_the_house_is_changed_with_a_password_shown_masked_and_what_was_typed_is_kept(
    money: Money, sign_in: SignIn
) -> None:
    odile = sign_in(ODILE)
    html = plain(page(odile, HOUSE))
    assert "FR76 •••• 189" in html
    assert IBANS[0] not in html
    page(sign_in(INES), HOUSE, 403)
    fields = dict(re.findall(r'name="(\w+)"[^>]*? value="([^"]*)"', html))
    fields = {name: fields[name] for name in fields if name not in {"csrf_token", "password", "q", "iban"}}
    fields |= {"legal_form": "association", "sepa_version": "pain.001.001.03", "city": "Bordeaux", "vat_at_credit": "1"}
    for wrong, field in (
        ({}, "password"), ({"password": "non"}, "password"), ({"password": PASSWORD, "bic": "X"}, "bic"),
        ({"password": PASSWORD, "iban": "FR76 3000"}, "iban"), ({"password": PASSWORD, "execution_days": "x"}, "execution_days"),
        ({"password": PASSWORD, "limit_line_cents": "beaucoup"}, "limit_line_cents"),
    ):  # fmt: skip
        sent = press(odile, HOUSE, **{**fields, **wrong})
        assert sent.status_code == 422
        html = text(sent)
        assert f'id="f-{field}-e"' in html
        assert 'value="Bordeaux"' in html
        assert 'value="association" selected' in html
        assert PASSWORD not in html
    told(odile, press(odile, HOUSE, **fields, password=PASSWORD, iban=IBANS[1]))
    known = house.known()
    session.rollback()
    assert (known.details.city, known.details.legal_form, known.iban_masked) == (
        "Bordeaux",
        "association",
        "DE89 •••• 000",
    )
    sent = press(odile, HOUSE, **fields, password=PASSWORD)
    assert sent.status_code == 409
    assert "entre-temps" in text(sent)


def test_every_step_is_read_in_words_and_a_broken_chain_is_said(here: str, batch: int, sign_in: SignIn) -> None:
    ines, odile = sign_in(INES), sign_in(ODILE)
    odile.get(re.findall(rf'href="({here}/fichiers/\d+)">VIR-2026-001.xml', page(odile, f"{here}/lots"))[0])
    html = plain(page(ines, f"{here}/trace"))
    assert "La chaîne est entière" in html
    for sentence in (
        "A verrouillé : 360,00 €, 3 lignes, à examiner : 1", "A approuvé VIR-2026-001 : 120,00 €",
        "A fait faire le fichier de VIR-2026-001 : VIR-2026-001.xml, 120,00 €", "A sorti le fichier VIR-2026-001.xml",
        "A fait faire le fichier d’écritures",
    ):  # fmt: skip
        assert sentence in html
    assert "Inès Carvalho" in html
    page(sign_in(KARIM), f"{here}/trace", 403)
    change("UPDATE audit_head SET serial = serial + 1")
    assert "Les dernières inscriptions ont été retirées" in plain(page(odile, f"{here}/trace"))


def test_a_colleague_takes_another_account_from_somebody_at_the_counter(
    money: Money, batch: int, sign_in: SignIn
) -> None:
    rejecting.take(f"reference;motif\n{reference()};AC04\n".encode(), by=money.finance)
    number = session.get_one(Credit, money.credits["Fontanel"]).number
    session.rollback()
    karim, credit = sign_in(KARIM), f"/regie/avoirs/{number}"
    assert "120,00 € revient et attend un autre compte" in plain(page(karim, credit))
    at = f"{credit}/compte"
    assert "le compte est fermé" in plain(page(karim, at))
    typed = {"iban": IBANS[3], "holder": "Fontanel", "seen": "1", "password": PASSWORD}
    for wrong in ({"seen": ""}, {"password": "autre"}, {"iban": "FR76"}, {"iban": IBANS[1]}):
        sent = press(karim, at, at=at, **typed | wrong)
        assert sent.status_code == 422
        assert IBANS[3] not in sent.get_data(as_text=True)
        session.rollback()
        assert session.query(Payee).filter_by(credit_id=money.credits["Fontanel"]).count() == 1, "none is kept in vain"
    html = text(press(karim, at, at=at, **typed | {"password": "autre"}))
    assert f"{IBANS[3][:4]} •••• {IBANS[3][-3:]} est gardé" in plain(html)
    (held,) = re.findall(r'name="held" value="([^"]+)"', html)
    for forged in ("x", held[:-4], held.replace(".", ":")):
        sent = press(karim, at, at=at, **typed | {"iban": "", "held": forged})
        assert 'id="f-iban-e"' in text(sent)
    assert "est gardé" in plain(text(press(karim, at, at=at, **typed | {"iban": "", "held": held, "password": "non"})))
    sent = press(karim, at, at=at, **typed | {"iban": "", "held": held})
    assert "prochain lot" in plain(told(karim, sent))
    assert karim.get(at).status_code == 303
    assert "attend un autre compte" not in plain(page(karim, credit))
    session.rollback()
    line = session.query(SettlementLine).order_by(SettlementLine.id.desc()).first()
    assert line is not None
    assert (line.attempt, line.amount_cents) == (2, 12_000)
