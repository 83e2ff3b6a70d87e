"""Another key seals from now on: everything is sealed anew under it, nothing is lost, and a missing key is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.cancellations import payees
from app.cancellations.models import Payee
from app.health import resealing
from app.health import service as health
from app.kernel import keys, sealing
from app.kernel.access import Actor
from app.kernel.db import session
from app.settlements import exporting, house
from app.settlements.models import MoneyHouse, SettlementFile, Voucher
from app.web import reading_only
from tests.cast import INES, KARIM, ODILE, Character
from tests.domains.settlements.world import IBANS, all_paid, banked, begun, choose, closed, exported, locked


@pytest.fixture
def folder(app: Flask) -> Iterator[Path]:
    """Where the keys of the house lie; those that a test makes are forgotten after it."""
    found = Path(app.instance_path) / "keys"
    yield found
    for path in found.glob("seal-*"):
        path.unlink()
    keys.unlock(found, production=False)


@pytest.fixture
def files(noon: datetime, actor: Callable[[Character], Actor], folder: Path) -> dict[int, bytes]:
    """A campaign that was paid: accounts, a voucher and files are sealed. Shape: file to its bytes."""
    money = begun(actor(INES), actor(ODILE), actor(KARIM), {"Fontanel": {}, "Roux": {}, "Martin": {}})
    choose(money, "Fontanel", {"refund_transfer": 12_000})
    choose(money, "Roux", {"refund_transfer": 12_000}, iban=IBANS[2])
    choose(money, "Martin", {"refund_cheque": 9_000, "voucher": 3_000})
    banked(money.finance)
    closed(money)
    locked(money)
    made = exported(money)
    all_paid(money)
    return {card.id: exporting.read(card.id, by=money.finance)[1] for card in made}


def numbers() -> list[str]:
    session.rollback()
    session.expire_all()
    return [
        payees.number_of(row.credit_id, row.print, row.iban_sealed)
        for row in session.query(Payee).filter(Payee.iban_sealed != "").order_by(Payee.id)
    ]


def by_key() -> dict[str, int]:
    session.rollback()
    return resealing.standing().rows


def test_everything_is_sealed_anew_and_says_the_same(
    files: dict[int, bytes], folder: Path, actor: Callable[[Character], Actor]
) -> None:
    finance, debtor, before, count = actor(ODILE), house.debtor(), numbers(), by_key()
    assert set(count) == {"1"}
    keys.renew(folder)
    assert oct((folder / "seal-2.key").stat().st_mode & 0o777) == "0o600"
    # Until then both keys open what they sealed.
    assert numbers() == before
    steps = list(resealing.reseal())
    assert by_key() == {"2": count["1"]}
    assert {step.place for step in steps} >= {
        "credit_payee.iban_sealed",
        "voucher.code_sealed",
        "settlement_file.sealed",
    }
    assert (numbers(), house.debtor()) == (before, debtor)
    assert {key: exporting.read(key, by=finance)[1] for key in files} == files
    assert list(resealing.reseal()) == []


def test_the_old_key_is_no_longer_needed_then(files: dict[int, bytes], folder: Path) -> None:
    keys.renew(folder)
    list(resealing.reseal())
    keys.renew(folder)
    list(resealing.reseal())
    (folder / "seal-2.key").unlink()
    keys.unlock(folder, production=False)
    assert set(by_key()) == {"3"}
    assert len(numbers()) == 2


def test_a_missing_key_is_named_and_what_it_sealed_waits_unharmed(files: dict[int, bytes], folder: Path) -> None:
    key = keys.renew(folder)
    list(resealing.reseal())
    away = key.rename(folder / "elsewhere")
    keys.unlock(folder, production=False)
    (check,) = [one for one in health.examine() if one.id == "keys"]
    assert (check.ok, check.found) == (False, "key 2 is missing from DATA_DIR/keys")
    with pytest.raises(sealing.Unreadable):
        numbers()
    found = list(resealing.reseal())
    assert sum(step.done for step in found) == 0
    assert any(step.unreadable for step in found)
    away.rename(key)
    # Nobody need restart anything: it is found where it is missed.
    assert len(numbers()) == 2


def test_a_wrong_key_is_told_from_a_missing_one(files: dict[int, bytes], folder: Path) -> None:
    key = keys.renew(folder)
    list(resealing.reseal())
    right = key.read_bytes()
    key.write_bytes(b"x" * 48)
    keys.unlock(folder, production=False)
    (check,) = [one for one in health.examine() if one.id == "keys"]
    assert check.found == "key 2 is not the one that sealed what is here"
    key.write_bytes(right)
    keys.unlock(folder, production=False)
    assert [one.ok for one in health.examine() if one.id == "keys"] == [True]


def test_a_key_made_meanwhile_is_found_by_those_who_run(files: dict[int, bytes], folder: Path) -> None:
    ring = keys._Ring.sealing
    keys.renew(folder)
    sealed = sealing.seal("FR76", bound="here")
    assert sealing.key_of(sealed) == 2
    keys._Ring.sealing = ring  # another process, which has read its keys before
    assert sealing.opened(sealed, bound="here") == "FR76"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE settlement_file SET sealed = '1.AAAA'", "UPDATE settlement_file SET size = 0",
        "UPDATE voucher SET code_sealed = '1.AAAA'", "UPDATE voucher SET amount_cents = 1",
        "DELETE FROM settlement_file", "UPDATE settlement_file SET sealed = '2.AAAA', lines = 0",
    ],
)  # fmt: skip
def test_what_is_only_ever_added_takes_nothing_but_a_newer_seal(files: dict[int, bytes], change: str) -> None:
    with pytest.raises(DBAPIError):
        session.execute(text(change))
    session.rollback()
    assert session.query(SettlementFile.id).count()
    assert session.query(Voucher.id).count()
    assert session.query(MoneyHouse.id).count() == 1


def test_with_a_wrong_key_the_web_answers_readers_and_takes_nothing(
    files: dict[int, bytes], folder: Path, app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    key = keys.renew(folder)
    list(resealing.reseal())
    right = key.read_bytes()
    reading_only.look(app)
    assert app.config[reading_only.MARK] is False
    key.write_bytes(b"x" * 48)
    keys.unlock(folder, production=False)
    reading_only.look(app)
    assert "seal-2.key in DATA_DIR/keys did not seal what is in this database" in caplog.text
    browser = app.test_client()
    assert browser.get("/").status_code == 200
    for address, words in (
        ("/demandes/nouvelle", "Rien ne peut être envoyé"),
        ("/en/requests/new", "Nothing can be sent"),
    ):
        answer = browser.post(address, data={"body": "x"})
        assert answer.status_code == 503
        assert words in answer.get_data(as_text=True)
    key.write_bytes(right)
    keys.unlock(folder, production=False)
    reading_only.look(app)
    assert browser.post("/demandes/nouvelle", data={"body": "x"}).status_code != 503


def test_a_missing_key_alone_makes_nothing_read_only(files: dict[int, bytes], folder: Path, app: Flask) -> None:
    key = keys.renew(folder)
    list(resealing.reseal())
    away = key.rename(folder / "elsewhere")
    keys.unlock(folder, production=False)
    reading_only.look(app)
    assert app.config[reading_only.MARK] is False
    away.rename(key)
