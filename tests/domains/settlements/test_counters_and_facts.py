"""Cash belongs to a counter and is listed by it; figures of laws and accounts are said anew, and nothing said is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import DatabaseError

from app.cancellations import choosing, counters
from app.cancellations.choosing import Wish
from app.kernel.access import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Invalid
from app.settlements import batching, exporting, house, legal
from app.settlements.bookkeeping import today
from app.settlements.files import tables
from app.settlements.models import AccountWord, MoneyFact, SettlementFile
from tests.cast import INES, KARIM, ODILE, Character
from tests.domains.settlements.world import Money, banked, begun, closed, exported, locked


@pytest.fixture
def money(app: Flask, noon: datetime, actor: Callable[[Character], Actor]) -> Money:
    """Three households that have not chosen yet."""
    found = begun(actor(INES), actor(ODILE), actor(KARIM), {"Fontanel": {}, "Blanc": {}, "Roux": {}})
    banked(found.finance)
    return found


def in_cash(money: Money, name: str, counter_id: int | None) -> None:
    credit_id = money.credits[name]
    wish = Wish(lines={"refund_cash": 12_000}, form=f"f{credit_id}", counter_id=counter_id)
    choosing.choose_for(credit_id, wish, channel="counter", by=money.agent)


def test_cash_is_listed_by_the_counter_that_was_chosen(money: Money) -> None:
    hall, shop = (counters.name(name, "", by=money.finance) for name in ("Grand hall", "Boutique"))
    with pytest.raises(Invalid) as found:
        in_cash(money, "Fontanel", None)
    assert found.value.fields == {"counter": "counter_none"}
    for name, where in (("Fontanel", hall), ("Blanc", shop), ("Roux", hall)):
        in_cash(money, name, where)
    assert {one.name: one.answers for one in counters.cards(by=money.finance)} == {"Grand hall": 2, "Boutique": 1}
    closed(money)
    locked(money)
    files = {file.kind: file for file in exported(money) if file.name.startswith("ESP")}
    rows = tables.read(exporting.read(files["list"].id, by=money.finance)[1])
    at = rows[0].index("Guichet")
    assert sorted((row[3], row[at]) for row in rows[1:]) == [
        ("Blanc", "Boutique"), ("Fontanel", "Grand hall"), ("Roux", "Grand hall")
    ]  # fmt: skip
    _, paper = exporting.read(files["sheet"].id, by=money.finance)
    assert paper.count(b"/Type /Page\n") == 2


def test_the_only_counter_need_not_be_chosen_and_a_closed_one_cannot(money: Money) -> None:
    shop = counters.name("Boutique", "", by=money.finance)
    in_cash(money, "Blanc", None)
    counters.change(shop, "Boutique", "", is_open=False, seen_version=1, by=money.finance)
    with pytest.raises(Invalid) as found:
        in_cash(money, "Roux", shop)
    assert found.value.fields == {"counter": "counter_closed"}
    with pytest.raises(Conflict):
        counters.change(shop, "Boutique", "", is_open=True, seen_version=1, by=money.finance)
    with pytest.raises(Invalid):
        counters.name(" boutique ", "", by=money.finance)
    with pytest.raises(Forbidden):
        counters.name("Autre", "", by=money.agent)
    assert [(one.name, one.answers, one.open) for one in counters.cards(by=money.finance)] == [("Boutique", 1, False)]


def test_a_figure_is_said_anew_with_its_source_and_the_old_one_stays(money: Money) -> None:
    before = legal.card("account_kept_days", by=money.finance)
    assert (before.now.value, before.now.validated, before.now.by_id) == (90, False, None)
    legal.say("account_kept_days", 60, "DPO", today(), validated=True, seen_version=before.version, by=money.finance)
    after = legal.card("account_kept_days", by=money.finance)
    assert [one.value for one in after.sayings] == [60, 90]
    assert after.now.by_id == money.finance.person_id
    assert legal.value("account_kept_days") == 60
    with pytest.raises(Conflict):
        legal.say("account_kept_days", 61, "DPO", today(), validated=True, seen_version=0, by=money.finance)
    with pytest.raises(Invalid) as found:
        legal.say(
            "vat_shows_bp", 10_001, " ", today() + timedelta(days=1), validated=False, seen_version=0, by=money.finance
        )
    assert set(found.value.fields) == {"value", "source", "looked_up"}
    session.rollback()
    with pytest.raises(DatabaseError):
        session.query(MoneyFact).update({"value": 1})
    session.rollback()


def test_an_account_that_was_taken_out_stops_lock_and_export_and_every_word_is_kept(money: Money) -> None:
    for name in money.credits:
        in_cash(money, name, None)
    closed(money)
    house.withdraw_code("owed", "", by=money.finance)
    with pytest.raises(Conflict, match="account_missing"):
        locked(money)
    house.set_code("owed", "", "467200", "Avoirs", source="Courriel du comptable", by=money.finance)
    house.validate_code("owed", "", by=money.finance)
    locked(money)
    house.withdraw_code("settled", "refund_cash", by=money.finance)
    (draft,) = batching.cards(money.campaign_id, by=money.finance)
    batching.approve([draft.id], "360,00", by=money.finance)
    with pytest.raises(Conflict, match="account_missing") as found:
        exporting.export(money.campaign_id, by=money.finance)
    assert found.value.values == {"purpose": "settled", "key": "refund_cash"}
    session.rollback()
    assert session.query(SettlementFile).filter(SettlementFile.batch_id.is_not(None)).count() == 0
    house.set_code("settled", "refund_cash", "531000", "Caisse", by=money.finance)
    assert any(file.kind == "sheet" for file in exporting.export(money.campaign_id, by=money.finance))
    said = house.words("owed", "", by=money.finance)
    assert [(one.code, one.source, one.validated) for one in said] == [
        ("467200", "", True), ("467200", "Courriel du comptable", False), ("", "", False)
    ]  # fmt: skip
    session.rollback()
    with pytest.raises(DatabaseError):
        session.query(AccountWord).delete()
    session.rollback()
