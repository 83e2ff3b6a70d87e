"""The season answered in every way, small, taken to settled; everything added up again by somebody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask

from app.cancellations import accounts, closing
from app.cancellations.models import Campaign, Credit
from app.demo.answered import answer_season, crew
from app.kernel import audit, clock
from app.kernel.access import Actor
from app.kernel.db import session
from app.settlements import batching, correcting, exporting, reconciling, rejecting, reviewing
from app.settlements.models import SettlementLine
from tests.cast import ODILE, Character
from tests.domains.demo.test_answered import ANSWERS, sold
from tests.domains.settlements.world import IBANS, Money, all_paid, banked, exported, locked
from tests.reckoner import reckon


def test_a_season_is_settled_and_agrees_to_the_cent(
    app: Flask, noon: datetime, actor: Callable[[Character], Actor], tmp_path: Path
) -> None:
    sold()
    campaign_id = answer_season(ANSWERS, system="test")["campaign"]
    people = crew()
    finance = actor(ODILE)
    money = Money(campaign_id, people.maker, finance, people.agent)
    banked(finance)
    clock.advance(session.query(Campaign.deadline_at).scalar() - clock.now() + timedelta(days=1))
    assert closing.close_due() == 1
    closing.decide_silent(campaign_id, 0)
    locked(money)
    for one in reviewing.queue(by=finance):
        reviewing.release(one.line_id, "vu", by=finance)
    batching.gather(campaign_id, by=people.maker)
    exported(money)
    all_paid(money)
    sent_back(money)
    batching.gather(campaign_id, by=people.maker)
    exported(money)
    all_paid(money)
    exporting.export(campaign_id, by=finance)
    exporting.write_to(tmp_path, campaign_id, by=finance)
    session.rollback()
    assert reckon(session.connection(), tmp_path) == []
    found = reconciling.reconcile(campaign_id, by=finance)
    assert (found.agrees, found.sums.pending) == (True, 0)
    assert {row[0] for row in session.query(Credit.state)} == {"settled", "unclaimed"}
    assert audit.verify().ok
    # One cent more in one file, and neither batch nor ticketing system agrees.
    path = next(tmp_path.glob("CHQ-*[0-9].csv"))
    path.write_text(path.read_text("utf-8-sig").replace(",00", ",01", 1), "utf-8-sig")
    assert len(reckon(session.connection(), tmp_path)) == 2


def sent_back(money: Money) -> None:
    """Two transfers come back; their households give another account."""
    rows = session.query(SettlementLine.reference, SettlementLine.credit_id)
    some = rows.filter_by(option="refund_transfer").order_by(SettlementLine.id).limit(2).all()
    lines = "".join(f"{reference};AC04\r\n" for reference, _ in some)
    assert rejecting.take(f"reference;motif\r\n{lines}".encode(), by=money.finance).lines == len(some) == 2
    for _, credit_id in some:
        card = accounts.give_for(credit_id, IBANS[5], "Foyer", by=money.agent)
        assert correcting.correct_for(credit_id, card.id, by=money.agent) == 1
