"""Whoever changes a locked line is killed at every statement: the line is as it was, or followed by one that pays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func

from app.cancellations import counters
from app.kernel.access import Actor
from app.kernel.db import session
from app.settlements import changing, reconciling
from app.settlements.changing import Instead
from app.settlements.models import (
    LedgerEntry,
    LedgerLine,
    SettlementBatch,
    SettlementChange,
    SettlementFate,
    SettlementLine,
    SettlementPlace,
)
from tests.cast import INES, KARIM, ODILE, Character
from tests.domains.settlements.world import IBANS, Money, all_paid, banked, begun, choose, closed, exported, locked
from tests.faults.dying import struck
from tests.faults.house import House

ELSEWHERE = {"option": "refund_transfer", "iban": IBANS[2], "holder": "Fontanel"}


def state() -> tuple[int, ...]:
    """Changes asked and decided, lines, fates, entries, lines in a batch, batches taken apart."""
    session.rollback()
    asked = session.query(SettlementChange)
    counts = [session.query(model).count() for model in (SettlementLine, SettlementFate, LedgerEntry)]
    return (
        asked.count(), asked.filter(SettlementChange.decided_at.is_not(None)).count(), *counts,
        session.query(SettlementPlace).filter_by(live=True).count(),
        session.query(SettlementBatch).filter_by(state="discarded").count(),
    )  # fmt: skip


@pytest.mark.parametrize("way", ["transfer", "cash"])
@pytest.mark.parametrize("first", [1, 3, 5])
def test_a_line_is_changed_whole_or_not_at_all(
    house: House, actor: Callable[[Character], Actor], noon: object, way: str, first: int
) -> None:
    money = begun(actor(INES), actor(ODILE), actor(KARIM), {"Fontanel": {}, "Blanc": {}})
    choose(money, "Fontanel", {"refund_transfer": 12_000} if way == "transfer" else {"donation": 12_000})
    choose(money, "Blanc", {"voucher": 12_000})
    banked(money.finance)
    closed(money)
    locked(money)
    if way == "cash":  # it was entered as given: what was entered is entered back
        exported(money)
        all_paid(money)
    given: dict[str, Any] = ELSEWHERE if way == "transfer" else {"option": "refund_cash", "counter_id": counter()}
    line = session.query(SettlementLine.id).filter_by(credit_id=money.credits["Fontanel"]).scalar()
    instead = Instead(reason="account" if way == "transfer" else "mistake", note="Appel du 3 mars", **given)
    session.remove()

    def once(act: Callable[[], object], after: Callable[[tuple[int, ...]], tuple[int, ...]]) -> None:
        before = state()

        def either() -> None:
            assert state() in (before, after(before))
            assert balanced(money)

        session.remove()
        assert struck(act, either, first=first)
        assert state() == after(before)

    once(lambda: changing.ask(line, instead, by=money.maker), lambda was: (was[0] + 1, *was[1:]))
    change = session.query(SettlementChange.id).scalar()
    entered = int(way == "cash")
    once(
        lambda: changing.agree(change, by=money.finance),
        lambda was: (
            was[0], was[1] + 1, was[2] + 1, was[3] + 1, was[4] + entered, was[5] - (not entered),
            was[6] + (not entered),
        ),
    )  # fmt: skip
    follower = session.query(SettlementLine).filter_by(attempt=2).one()
    assert (follower.option, follower.amount_cents, follower.supersedes_id) == (given["option"], 12_000, line)
    house.well()


def counter() -> int | None:
    return next((one.id for one in counters.open_ones()), None)


def balanced(money: Money) -> bool:
    session.rollback()
    debit, credit = session.query(func.sum(LedgerLine.debit_cents), func.sum(LedgerLine.credit_cents)).one()
    return bool(debit == credit and reconciling.reconcile(money.campaign_id, by=money.finance).agrees)
