"""The connector keeps the contract of every connector on a real pretix, and its own caps."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.boxoffice.connectors.port import BoxOffice, RefundLine, Trouble
from app.boxoffice.connectors.pretix import Account, Pretix
from app.kernel.errors import Invalid
from tests.boxoffice_contract import Contract
from tests.pretix.season import Season


class TestPretix(Contract):
    ORDER = "CMD01"

    @pytest.fixture
    def office(self, season: Season, pretix: Pretix) -> BoxOffice:
        order = season.order(self.ORDER)
        season.refund(self.ORDER, "41.50")
        season.enter(order["positions"][0]["secret"])
        return pretix

    @pytest.fixture
    def readonly(self, account: Account) -> BoxOffice:
        return Pretix(replace(account, writes=False))

    @pytest.fixture
    def performance_at(self) -> datetime:
        return datetime(2027, 1, 10, 19, tzinfo=UTC)


def test_who_bought_what_is_read(season: Season, pretix: Pretix) -> None:
    season.order("CMD02", seats=3, price="20.01")
    sales = [line.sale for line in pretix.pull() if line.sale]
    assert [(one.price_cents, one.vat_bp, one.status, dict(one.tenders)) for one in sales] == [
        (2001, 550, "valid", {"card": 6003})
    ] * 3
    assert {(one.customer.given, one.customer.family, one.customer.email) for one in sales} == {
        ("Marie", "Roy", "marie@exemple.fr")
    }


def test_a_pull_brings_what_changed_since_and_the_whole_finds_lone_refunds(
    season: Season, pretix: Pretix, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.boxoffice.connectors.pretix.LOOK_BACK", timedelta(0))
    first = season.order("CMD03")
    season.order("CMD04")
    last = max(line.changed_at for line in pretix.pull() if line.changed_at)
    season.enter(first["positions"][0]["secret"])
    assert {(line.sale.order_code, line.sale.status) for line in pretix.pull(last) if line.sale} == {
        ("CMD03", "used"), ("CMD03", "valid"), ("CMD04", "valid")
    }  # fmt: skip
    last = max(line.changed_at for line in pretix.pull() if line.changed_at)
    # A refund that is noted alone is no change of its order to pretix.
    season.refund("CMD04", "10.00")
    assert not any(line.sale.already_refunded_cents for line in pretix.pull(last) if line.sale)
    assert sum(line.sale.already_refunded_cents for line in pretix.pull() if line.sale) == 1000


def test_some_seats_go_and_the_others_stay(season: Season, pretix: Pretix) -> None:
    season.order("CMD05", seats=3)
    numbers = [line.sale.external_id for line in pretix.pull() if line.sale]
    pretix.cancel(numbers[:1], key="AV-2027-000005")
    pretix.cancel(numbers[:2], key="AV-2027-000006")
    assert [line.sale.status for line in pretix.pull() if line.sale] == ["cancelled", "cancelled", "valid"]
    pretix.cancel(numbers, key="AV-2027-000007")
    assert {line.sale.status for line in pretix.pull() if line.sale} == {"cancelled"}


def test_a_refund_is_capped_by_us_as_pretix_takes_any_amount(season: Season, pretix: Pretix) -> None:
    season.order("CMD06")
    with pytest.raises(Invalid):
        pretix.record_refund(RefundLine("AV-2027-000008/1", "CMD06", "card", 8301))
    pretix.record_refund(RefundLine("AV-2027-000008/2", "CMD06", "card", 8300))
    with pytest.raises(Invalid):
        pretix.record_refund(RefundLine("AV-2027-000008/3", "CMD06", "card", 1))
    assert season.refunds("CMD06") == [("83.00", "done")]


def test_a_refund_that_was_begun_and_not_ended_is_ended(season: Season, pretix: Pretix) -> None:
    season.order("CMD07")
    path = f"/events/{season.event}/orders/CMD07/refunds/"
    season.organizer.call("POST", path, {
        "state": "created", "source": "admin", "amount": "12.00", "payment": 1, "provider": "manual",
        "comment": "[AV-2027-000009/1]", "mark_canceled": False,
    })  # fmt: skip
    pretix.record_refund(RefundLine("AV-2027-000009/1", "CMD07", "card", 1200))
    assert season.refunds("CMD07") == [("12.00", "done")]


def test_a_wrong_token_is_told_by_its_code(account: Account) -> None:
    with pytest.raises(Trouble) as found:
        next(Pretix(replace(account, token="0" * 64)).pull())
    assert found.value.code == "office_denied"


def test_an_order_that_pretix_does_not_know_is_told_by_its_code(pretix: Pretix) -> None:
    with pytest.raises(Trouble) as found:
        pretix.record_refund(RefundLine("AV-2027-000010/1", "NEVER", "card", 1))
    assert found.value.code == "office_unknown"
