"""Numbers of accounts are forgotten to the day, never before everything is paid, and may be given again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.cancellations import accounts, page
from app.cancellations.models import Payee
from app.kernel import audit, clock
from app.kernel.access import Actor
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.settlements import batching, correcting, exporting, forgetting, reconciling, rejecting
from app.settlements.models import SettlementFile, SettlementLine
from tests.cast import INES, KARIM, ODILE, Character
from tests.domains.settlements.world import IBANS, Money, all_paid, banked, begun, choose, closed, exported, locked


@pytest.fixture
def money(app: Flask, noon: datetime, actor: Callable[[Character], Actor]) -> Money:
    """Two households whose transfers left."""
    found = begun(actor(INES), actor(ODILE), actor(KARIM), {"Petit": {}, "Roux": {}})
    choose(found, "Petit", {"refund_transfer": 12_000})
    choose(found, "Roux", {"refund_transfer": 12_000}, iban=IBANS[2])
    banked(found.finance)
    closed(found)
    locked(found)
    exported(found)
    return found


def kept() -> set[int]:
    """Households whose number is kept."""
    session.rollback()
    return {row[0] for row in session.query(Payee.credit_id).filter(Payee.iban_sealed != "")}


def test_a_number_is_forgotten_ninety_days_after_everything_is_paid(money: Money) -> None:
    petit, roux = (money.credits[name] for name in ("Petit", "Roux"))
    clock.advance(timedelta(days=200))
    assert forgetting.forget_accounts() == 0  # nothing is paid yet
    all_paid(money)
    reference = session.query(SettlementLine.reference).filter_by(credit_id=roux).scalar()
    rejecting.take(f"reference;motif\n{reference};MS03\n".encode(), by=money.finance)
    session.rollback()
    before = session.query(SettlementFile.sha256).order_by(SettlementFile.id).all()
    clock.advance(timedelta(days=90))
    assert (forgetting.due(), forgetting.forget_accounts(), kept()) == (0, 0, {petit, roux})
    clock.advance(timedelta(seconds=1))
    assert (forgetting.due(), forgetting.forget_accounts(), kept()) == (1, 1, {roux})
    assert forgetting.forget_accounts() == 0
    payee = session.query(Payee).filter_by(credit_id=petit).one()
    assert (payee.iban_masked, payee.account_print != "", payee.name) == ("DE89 •••• 000", True, "Petit")
    session.rollback()
    assert session.query(SettlementFile.sha256).order_by(SettlementFile.id).all() == before
    order = next(card for card in exporting.files(money.campaign_id, by=money.finance) if "pain" in card.kind)
    assert IBANS[1].encode() in exporting.read(order.id, by=money.finance)[1]
    assert reconciling.reconcile(money.campaign_id, by=money.finance).agrees
    assert audit.verify().ok


def test_what_comes_back_later_is_paid_to_a_number_that_is_given_again(money: Money) -> None:
    petit = money.credits["Petit"]
    all_paid(money)
    clock.advance(timedelta(days=91))
    assert forgetting.forget_accounts() == 2
    reference = session.query(SettlementLine.reference).filter_by(credit_id=petit).scalar()
    rejecting.take(f"reference;motif\n{reference};MS03\n".encode(), by=money.finance)
    assert page.page_for(petit, by=money.agent).accounts == ()
    forgotten = session.query(Payee.id).filter_by(credit_id=petit).scalar()
    session.rollback()
    with pytest.raises(Invalid):
        correcting.correct_for(petit, forgotten, by=money.agent)
    card = accounts.give_for(petit, IBANS[1], "Petit", by=money.agent)
    assert (card.id, kept()) == (forgotten, {petit})
    assert correcting.correct_for(petit, card.id, by=money.agent) == 1
    batching.gather(money.campaign_id, by=money.maker)
    exported(money)
    all_paid(money)
    assert reconciling.reconcile(money.campaign_id, by=money.finance).agrees
