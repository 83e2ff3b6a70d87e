"""What a linked system said before is not brought in anew; what it says late is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from app.boxoffice import pulling
from app.boxoffice.connectors.calling import Answer
from app.boxoffice.connectors.port import Trouble
from app.boxoffice.connectors.pretix import Account, Pretix
from app.kernel.access import SYSTEM
from tests.rules.boxoffice.test_pretix_words import a_seat, an_order

SERIES = {
    "slug": "traviata", "name": {"fr": "La Traviata"}, "location": {"fr": "Grande salle"}, "currency": "EUR",
    "has_subevents": True,
}  # fmt: skip
DATE = {"id": 7, "name": {"fr": "La Traviata"}, "location": None, "date_from": "2027-01-10T19:00:00Z"}
ITEM = {"id": 1, "name": {"fr": "Plein tarif"}, "admission": True}


class FakeWire:
    """A pretix with one date, whose orders a test writes down."""

    def __init__(self, *orders: dict[str, Any]) -> None:
        self.orders = [{"event": "traviata", "customer": None, "testmode": False, "valid_if_pending": False, **one}
                       for one in orders]  # fmt: skip

    def get(self, path: str, **asked: object) -> Answer:
        if path == "/events/traviata/":
            return Answer(200, {}, SERIES)
        since = datetime.fromisoformat(str(asked.get("modified_since") or "2020-01-01T00:00:00+00:00"))
        found = {
            "/orders/": [one for one in self.orders if datetime.fromisoformat(one["last_modified"]) >= since],
            "/events/traviata/subevents/": [DATE], "/events/traviata/items/": [ITEM], "/customers/": [],
        }[path]  # fmt: skip
        return Answer(200, {"x-page-generated": "2026-12-01T10:00:00Z"}, {"results": found, "next": None})


def a_pretix(*orders: dict[str, Any]) -> tuple[Pretix, Any]:
    wire: Any = FakeWire(*orders)
    return Pretix(Account("http://localhost", "maison", "t"), wire), wire


@pytest.fixture(autouse=True)
def _forgets() -> Iterator[None]:
    pulling.link(None)
    yield
    pulling.link(None)


def test_a_second_pull_of_an_unchanged_house_is_none(app: Flask) -> None:
    office, _ = a_pretix(an_order(a_seat(1), a_seat(2)))
    first = pulling.pull(office, by=SYSTEM)
    assert first
    assert first.ok == 2
    assert pulling.pull(office, by=SYSTEM) is None
    assert pulling.pull(office, whole=True, by=SYSTEM)


def test_a_change_that_was_committed_late_is_brought_in(app: Flask) -> None:
    office, wire = a_pretix(an_order(a_seat(1)))
    pulling.pull(office, by=SYSTEM)
    late = an_order(a_seat(2), code="CMD02", last_modified="2026-09-02T09:59:00+02:00")
    wire.orders += FakeWire(late).orders
    report = pulling.pull(office, by=SYSTEM)
    assert report
    assert (report.ok, report.written["orders_new"]) == (1, 1)
    assert pulling.pull(office, by=SYSTEM) is None


@pytest.mark.parametrize("broken", [an_order(a_seat(2, price=None), code="CMD02"), an_order({}, code="CMD02")])
def test_an_order_that_cannot_be_read_stops_no_other(app: Flask, broken: dict[str, Any]) -> None:
    office, _ = a_pretix(broken, an_order(a_seat(1)))
    report = pulling.pull(office, by=SYSTEM)
    assert report
    assert (report.ok, report.errors, report.flaws[0].value) == (1, 1, "CMD02")


def test_a_page_that_is_none_is_told(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    office, wire = a_pretix()
    monkeypatch.setattr(wire, "get", lambda _path, **_asked: Answer(200, {}, {"results": [], "next": None}))
    with pytest.raises(Trouble) as found:
        list(office.pull(datetime.now().astimezone()))
    assert found.value.code == "office_broken"
