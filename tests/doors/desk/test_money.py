"""Odile's desk: locked by one, looked at, approved by another, made into files by the worker, taken out, noted as paid."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

from flask.testing import FlaskClient

from app.boxoffice.models import Contact, Household
from app.kernel import audit
from app.kernel.access import Actor
from app.kernel.db import session
from app.settlements import batching, house
from app.settlements.models import SettlementBatch, SettlementFile, SettlementReview
from tests.cast import INES, KARIM, ODILE, PASSWORD, Character
from tests.domains.settlements.world import HOUSE, Money
from tests.doors.desk.money import change, here, money, plain, text
from tests.doors.desk.steps import page, press, told

__all__ = ["here", "money"]

SignIn = Callable[[Character], FlaskClient]
Act = Callable[[Character], Actor]
Jobs = Callable[[], int]


def states() -> list[tuple[str, str]]:
    session.rollback()
    found = [(row.number, row.state) for row in session.query(SettlementBatch).order_by(SettlementBatch.id)]
    session.rollback()
    return found


def a_lock(ines: FlaskClient, here: str) -> None:
    told(ines, press(ines, f"{here}/verrou", amount="360,00", password=PASSWORD))


def drafts(money: Money) -> list[int]:
    found = [card.id for card in batching.cards(money.campaign_id, by=money.finance) if card.state == "draft"]
    session.rollback()
    return found


def test_what_will_be_locked_is_read_first_and_locked_by_who_types_it_and_their_password(
    here: str, sign_in: SignIn
) -> None:
    ines = sign_in(INES)
    assert here in page(ines, here.removesuffix("/argent"))
    html = plain(page(ines, here))
    assert "360,00 € de 3 foyers" in html
    assert "Le titulaire du compte ne porte pas le nom du foyer" in html
    for fields, status, sentence in (
        ({"amount": "360"}, 422, 'id="f-password-e"'),
        ({"amount": "360", "password": "autre chose"}, 422, "Ce n’est pas votre mot de passe actuel."),
        ({"amount": "359,99", "password": PASSWORD}, 422, 'id="f-amount-e"'),
        ({"amount": "beaucoup", "password": PASSWORD}, 422, 'id="f-amount-e"'),
    ):
        sent = press(ines, f"{here}/verrou", **fields)
        assert sent.status_code == status
        html = text(sent)
        assert sentence in html
        assert f'value="{fields["amount"]}"' in html
        assert PASSWORD not in html
        assert states() == []
    html = plain(told(ines, press(ines, f"{here}/verrou", amount="360,00", password=PASSWORD)))
    assert "Verrouillé : 360,00 €" in html
    assert "Roux" in html
    assert states() == [("VIR-2026-001", "draft"), ("DON-2026-001", "draft")]
    assert "Tout ce qui a été choisi est verrouillé." in plain(page(ines, here))


def test_a_missing_account_is_named_and_nothing_is_locked(here: str, money: Money, sign_in: SignIn) -> None:
    change("UPDATE credit_item SET vat_bp = 850")
    ines = sign_in(INES)
    assert "TVA à 8,5 %" in plain(page(ines, here))
    sent = press(ines, f"{here}/verrou", amount="360", password=PASSWORD)
    assert sent.status_code == 409
    assert "« TVA à 8,5 % »" in text(sent)
    assert states() == []
    house.set_code("vat", "850", "445715", "TVA 8,5 %", by=money.finance)
    a_lock(ines, here)


def test_a_line_with_a_sign_is_released_or_refused_with_a_reason_and_never_ones_own(
    here: str, money: Money, sign_in: SignIn
) -> None:
    ines, odile = sign_in(INES), sign_in(ODILE)
    a_lock(ines, here)
    line = session.query(SettlementReview).one().line_id
    session.rollback()
    there = f"{here}/examen/{line}"
    assert "Quidam" in page(odile, f"{here}/examen")
    assert "DE89 •••• 000" in plain(page(odile, f"{here}/examen"))
    for why in ("", " ", "x" * 256):
        sent = press(odile, there, do="release", reason=why)
        assert sent.status_code == 422
        assert 'id="f-reason-e"' in sent.get_data(as_text=True)
    assert press(odile, there, do="burn", reason="vu").status_code == 404
    assert press(odile, f"{here}/examen/999", do="release", reason="vu").status_code == 404
    assert press(sign_in(KARIM), there, do="release", reason="vu").status_code == 403
    own_home(money.homes["Roux"], ODILE)
    html = plain(page(odile, f"{here}/examen"))
    assert "concerne votre propre foyer" in html
    assert "Quidam" not in html
    assert press(odile, there, do="release", reason="vu").status_code == 403
    assert "Libérée" in told(ines, press(ines, there, do="release", reason="Appelé le 10, c’est son fils."))
    assert press(ines, there, do="refuse", reason="vu").status_code == 409
    html = plain(page(ines, f"{here}/lots"))
    assert "1 ligne peut être payée" in html
    assert "1 lot a été constitué." in plain(told(ines, press(ines, f"{here}/lots")))
    assert states()[2] == ("VIR-2026-002", "draft")


def own_home(home: Household, who: Character) -> None:
    """An address of a colleague is one of a household's."""
    session.query(Contact).filter_by(household_id=home.id).update({"email": who.email})
    session.commit()


def test_whoever_put_batches_together_never_approves_them_and_the_second_types_their_sum(
    here: str, money: Money, sign_in: SignIn
) -> None:
    ines, odile = sign_in(INES), sign_in(ODILE)
    a_lock(ines, here)
    ids = drafts(money)
    html = plain(page(ines, f"{here}/lots"))
    assert 'name="amount"' not in html
    assert "Odile" in html.partition("Peuvent l’approuver")[2]
    sent = press(ines, f"{here}/lots/accord", batch=ids, amount="240", password=PASSWORD)
    assert sent.status_code == 403
    assert "VIR-2026-001" in text(sent).partition('role="alert"')[2]
    for fields, field in (
        ({"amount": "240", "password": PASSWORD}, "batch"),
        ({"batch": ids, "amount": "240", "password": "non"}, "password"),
        ({"batch": ids, "amount": "240,01", "password": PASSWORD}, "amount"),
        ({"batch": ids[:1], "amount": "240", "password": PASSWORD}, "amount"),
    ):
        sent = press(odile, f"{here}/lots/accord", **fields)
        assert sent.status_code == 422
        assert f'id="f-{field}-e"' in text(sent)
        assert f'value="{fields["amount"]}"' in text(sent)
    html = plain(told(odile, press(odile, f"{here}/lots/accord", batch=ids, amount="240,00", password=PASSWORD)))
    assert "Vous avez approuvé 2 lots." in html
    assert {state for _number, state in states()} == {"approved"}


def test_files_are_made_by_the_worker_and_taken_out_as_the_same_bytes_each_time_noted(
    here: str, money: Money, sign_in: SignIn, run_jobs: Jobs
) -> None:
    ines, odile = sign_in(INES), sign_in(ODILE)
    a_lock(ines, here)
    told(odile, press(odile, f"{here}/lots/accord", batch=drafts(money), amount="240", password=PASSWORD))
    assert press(ines, f"{here}/lots/fichiers").status_code == 403
    html = plain(told(odile, press(odile, f"{here}/lots/fichiers")))
    assert "0 sur 2 lots ont leur fichier" in html
    press(odile, f"{here}/lots/fichiers")
    run_jobs()
    html = plain(page(odile, f"{here}/lots/etat"))
    assert "hx-get" not in html
    assert "VIR-2026-001.xml" in html
    again = plain(told(odile, press(odile, f"{here}/lots/fichiers")))
    assert "Tous les fichiers sont déjà faits" in again
    card = session.query(SettlementFile).filter_by(name="VIR-2026-001.xml").one()
    key, sha = card.id, card.sha256
    session.rollback()
    for _ in range(2):
        answer = odile.get(f"{here}/fichiers/{key}")
        assert hashlib.sha256(answer.data).hexdigest() == sha
        assert answer.headers["Cache-Control"] == "no-store"
        assert "VIR-2026-001.xml" in answer.headers["Content-Disposition"]
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    html = plain(page(odile, f"{here}/lots/VIR-2026-001"))
    assert sha in html
    assert "Sorti 2 fois" in html
    assert [one.verb for one in audit.entries()[:2]] == ["file_read", "file_read"]
    assert f"{here}/fichiers/" not in page(ines, f"{here}/lots/VIR-2026-001")
    assert ines.get(f"{here}/fichiers/{key}").status_code == 403
    page(odile, f"{here}/fichiers/999", 404)
    for number in ("VIR-2026-999", "%00", "%C3%A9", "x" * 300):
        page(odile, f"{here}/lots/{number}", 404)


def test_what_a_bank_would_refuse_is_told_with_its_batch_and_nothing_of_it_is_made(
    here: str, money: Money, sign_in: SignIn, run_jobs: Jobs
) -> None:
    ines, odile = sign_in(INES), sign_in(ODILE)
    a_lock(ines, here)
    told(odile, press(odile, f"{here}/lots/accord", batch=drafts(money), amount="240", password=PASSWORD))
    change("UPDATE money_house SET bic = ''")
    press(odile, f"{here}/lots/fichiers")
    run_jobs()
    html = plain(page(odile, f"{here}/lots"))
    assert "VIR-2026-001 : Indiquez d’abord" in html
    assert states() == [("VIR-2026-001", "approved"), ("DON-2026-001", "approved")]
    house.set_up(HOUSE, seen_version=house.known().version, by=money.finance)
    press(odile, f"{here}/lots/fichiers")
    run_jobs()
    assert {state for _number, state in states()} == {"exported"}


def test_a_batch_is_noted_as_paid_on_the_day_of_the_statement_or_taken_apart_before_its_file(
    here: str, money: Money, sign_in: SignIn, run_jobs: Jobs
) -> None:
    ines, odile = sign_in(INES), sign_in(ODILE)
    a_lock(ines, here)
    there = f"{here}/lots/DON-2026-001"
    assert press(odile, f"{there}/paye", on="2026-12-11").status_code == 409
    assert "DON-2026-001 est défait" in plain(told(odile, press(odile, f"{there}/defaire")))
    told(ines, press(ines, f"{here}/lots"))
    told(odile, press(odile, f"{here}/lots/accord", batch=drafts(money), amount="240", password=PASSWORD))
    press(odile, f"{here}/lots/fichiers")
    run_jobs()
    there = f"{here}/lots/VIR-2026-001"
    for day in ("", "hier", "2020-01-01", "2099-01-01"):
        sent = press(odile, f"{there}/paye", on=day)
        assert sent.status_code == 422
        assert 'id="f-on-e"' in text(sent)
        assert f'value="{day}"' in text(sent)
    assert press(ines, f"{there}/paye", on="2026-12-11").status_code == 403
    day = re.findall(r'name="on" type="date" value="([^"]+)"', page(odile, there))[0]
    assert "120,00 € sont réglés" in plain(told(odile, press(odile, f"{there}/paye", on=day)))
    assert press(odile, f"{there}/paye", on=day).status_code == 409
    assert press(odile, f"{there}/defaire").status_code == 409


def test_an_agent_sees_nothing_of_it_and_an_open_campaign_has_no_money_yet(
    here: str, money: Money, sign_in: SignIn
) -> None:
    karim, odile = sign_in(KARIM), sign_in(ODILE)
    assert here not in page(karim, here.removesuffix("/argent"))
    for place in ("", "/examen", "/lots", "/lots/VIR-2026-001"):
        page(karim, f"{here}{place}", 403)
    page(odile, "/regie/annulations/99/argent", 404)
    change("UPDATE campaign SET state = 'open'")
    assert odile.get(here).headers["Location"].endswith(here.removesuffix("/argent"))
