"""A locked line that must change is ended by two people and followed by another; what is at the bank is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, text
from sqlalchemy.exc import IntegrityError

from app.cancellations import counters
from app.cancellations.details import Postal
from app.kernel import audit
from app.kernel.access import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.settlements import batching, changing, reconciling, vouchers
from app.settlements.changing import Instead
from app.settlements.models import (
    LedgerEntry,
    LedgerLine,
    SettlementBatch,
    SettlementChange,
    SettlementFate,
    SettlementLine,
    Voucher,
)
from tests.cast import INES, KARIM, ODILE, Character
from tests.domains.settlements.world import (
    IBANS,
    Money,
    all_paid,
    banked,
    begun,
    choose,
    closed,
    exported,
    locked,
)

ELSEWHERE = Instead(
    reason="account", note="Appel du 3 mars", option="refund_transfer", iban=IBANS[2], holder="Fontanel"
)
CHEQUE = Instead(
    reason="mistake", note="Don coché par erreur", option="refund_cheque",
    address=Postal(name="Blanc", line1="3, rue des Arts", postcode="33000", city="Valmorin"),
)  # fmt: skip


@pytest.fixture
def money(app: Flask, noon: datetime, actor: Callable[[Character], Actor]) -> Money:
    """Three households that chose a transfer, a gift and a voucher; locked."""
    found = begun(actor(INES), actor(ODILE), actor(KARIM), {"Fontanel": {}, "Blanc": {}, "Roux": {}})
    choose(found, "Fontanel", {"refund_transfer": 12_000})
    choose(found, "Blanc", {"donation": 12_000})
    choose(found, "Roux", {"voucher": 12_000})
    banked(found.finance)
    closed(found)
    locked(found)
    return found


def line_of(option: str) -> SettlementLine:
    session.rollback()
    return session.query(SettlementLine).filter_by(option=option, attempt=1).one()


def agrees(money: Money) -> bool:
    session.rollback()
    found = reconciling.reconcile(money.campaign_id, by=money.finance)
    debit, credit = session.query(func.sum(LedgerLine.debit_cents), func.sum(LedgerLine.credit_cents)).one()
    return found.agrees and debit == credit and audit.verify().ok


def test_a_line_whose_account_changed_the_day_before_is_paid_to_the_other(money: Money) -> None:
    line = line_of("refund_transfer")
    before = session.query(SettlementBatch.number).filter_by(kind="transfer").scalar()
    change = changing.ask(line.id, ELSEWHERE, by=money.maker)
    with pytest.raises(Conflict, match="batch_doubted"):
        exported(money)
    with pytest.raises(Forbidden, match="change_second_person"):
        changing.agree(change, by=money.maker)
    after = changing.agree(change, by=money.finance)
    assert after == f"{line.reference[:-1]}2"
    with pytest.raises(Conflict, match="change_decided"):
        changing.agree(change, by=money.finance)
    assert session.query(SettlementBatch.state).filter_by(number=before).scalar() == "discarded"
    batching.gather(money.campaign_id, by=money.maker)
    files = exported(money)
    assert any(file.kind.startswith("pain") and file.cents == 12_000 for file in files)
    all_paid(money)
    assert agrees(money)
    assert session.query(SettlementFate.state).filter_by(line_id=line.id).one() == ("cancelled",)


def test_a_gift_made_by_mistake_is_entered_back_and_refunded(money: Money) -> None:
    exported(money)
    all_paid(money)
    line = line_of("donation")
    entries = session.query(LedgerEntry).count()
    changing.agree(changing.ask(line.id, CHEQUE, by=money.maker), by=money.finance)
    assert agrees(money)
    session.rollback()
    back = session.query(LedgerEntry).filter_by(line_id=line.id, kind="return").one()
    paid = session.query(LedgerEntry).filter_by(line_id=line.id, kind="settle").one()
    sides = {
        entry.id: {(one.account, one.debit_cents, one.credit_cents)
                   for one in session.query(LedgerLine).filter_by(entry_id=entry.id)}
        for entry in (paid, back)
    }  # fmt: skip
    assert sides[back.id] == {(account, credit, debit) for account, debit, credit in sides[paid.id]}
    assert session.query(LedgerEntry).count() == entries + 1
    batching.gather(money.campaign_id, by=money.maker)
    exported(money)
    all_paid(money)
    assert agrees(money)


def test_what_is_at_the_bank_is_refused_with_its_batch(money: Money) -> None:
    exported(money)
    line = line_of("refund_transfer")
    for _ in range(2):
        with pytest.raises(Conflict, match="line_at_bank") as found:
            changing.ask(line.id, ELSEWHERE, by=money.maker)
        assert str(found.value.values["number"]).startswith("VIR-")
        all_paid(money)
    assert session.query(SettlementChange).count() == 0


def test_a_change_that_was_asked_before_the_file_left_is_not_agreed_to_after(money: Money) -> None:
    change = changing.ask(line_of("refund_transfer").id, ELSEWHERE, by=money.maker)
    changing.refuse(change, by=money.maker)
    exported(money)
    with pytest.raises(Conflict, match="change_decided"):
        changing.agree(change, by=money.finance)
    assert agrees(money)


def test_a_voucher_that_was_spent_stays_and_one_that_was_ended_opens_nothing(money: Money) -> None:
    exported(money)
    all_paid(money)
    line = line_of("voucher")
    voucher = session.query(Voucher).one()
    code = vouchers._code(voucher)
    instead = Instead(
        reason="deceased", note="Acte du 2 mars", option="refund_transfer", iban=IBANS[3], holder="Notaire"
    )
    change = changing.ask(line.id, instead, by=money.maker)
    vouchers.use(code, 500, "CMD-1", by=money.agent)
    with pytest.raises(Conflict, match="voucher_spent"):
        changing.agree(change, by=money.finance)
    changing.refuse(change, by=money.finance)
    assert agrees(money)


def test_an_ended_voucher_is_no_voucher(money: Money) -> None:
    exported(money)
    all_paid(money)
    code = vouchers._code(session.query(Voucher).one())
    instead = Instead(
        reason="deceased", note="Acte du 2 mars", option="refund_transfer", iban=IBANS[3], holder="Notaire"
    )
    changing.agree(changing.ask(line_of("voucher").id, instead, by=money.maker), by=money.finance)
    with pytest.raises(NotFound):
        vouchers.use(code, 500, "CMD-1", by=money.agent)
    assert agrees(money)


def test_bad_input_is_told_by_field_and_nothing_is_kept(money: Money) -> None:
    line = line_of("refund_transfer")
    wrong = Instead(reason="x", note=" ", option="refund_transfer", iban="FR00", holder="")
    with pytest.raises(Invalid) as found:
        changing.ask(line.id, wrong, by=money.maker)
    assert set(found.value.fields) == {"reason", "note", "iban", "holder"}
    with pytest.raises(Invalid) as found:
        changing.ask(line.id, Instead(reason="mistake", note="x", option="donation"), by=money.maker)
    assert set(found.value.fields) == {"option"}
    for place in ("Grand foyer", "Billetterie"):
        counters.name(place, "", by=money.finance)
    with pytest.raises(Invalid) as found:
        changing.ask(line.id, Instead(reason="mistake", note="x", option="refund_cash"), by=money.maker)
    assert found.value.fields == {"counter": "counter_none"}
    assert session.query(SettlementChange).count() == 0


def test_the_database_knows_the_second_person_too(money: Money) -> None:
    change = changing.ask(line_of("refund_transfer").id, ELSEWHERE, by=money.maker)
    session.rollback()
    with pytest.raises(IntegrityError):
        session.execute(text(
            "UPDATE settlement_change SET decision = 'agreed', decided_by = asked_by, decided_at = asked_at, "
            f"after_id = line_id WHERE id = {change}"
        ))  # fmt: skip
    session.rollback()
