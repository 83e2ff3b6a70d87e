"""What a linked system said before is not brought in anew; what it says late is."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app.boxoffice import import_queries as queries
from app.boxoffice import pulling
from app.boxoffice.connectors.calling import Answer
from app.boxoffice.connectors.port import Trouble
from app.boxoffice.connectors.pretix import Account, Pretix
from app.boxoffice.models import Admission, OfficePull
from app.kernel import clock
from app.kernel.access import SYSTEM
from app.kernel.db import session
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


def test_what_was_brought_in_is_known_after_a_restart(app: Flask) -> None:
    office, wire = a_pretix(an_order(a_seat(1)))
    assert pulling.pull(office, by=SYSTEM)
    session.rollback()
    known = session.query(OfficePull).one().known
    assert len(known) == 1
    line = next(Pretix(Account("http://localhost", "maison", "t"), wire).pull())
    # The digest is that of another process too: it hangs on no seed of this one.
    script = (
        "import sys; sys.path.insert(0, '.'); from tests.domains.boxoffice.test_pulling import digest; print(digest())"
    )
    other = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert other.stdout.strip() == digest() == pulling._told(line)
    assert list(known) == [digest()]


def digest() -> str:
    """What is remembered of one order that never changes."""
    office, _ = a_pretix(an_order(a_seat(1)))
    return pulling._told(next(office.pull()))


def test_only_what_the_next_pull_looks_back_to_is_remembered(app: Flask) -> None:
    office, _ = a_pretix(
        an_order(a_seat(1)), an_order(a_seat(2), code="CMD02", last_modified="2026-09-02T11:00:00+02:00")
    )
    pulling.pull(office, by=SYSTEM)
    session.rollback()
    assert list(session.query(OfficePull).one().known.values()) == ["2026-09-02T09:00:00+00:00"]


def test_one_pull_runs_at_a_time_and_a_turn_that_was_left_ends(app: Flask, noon: datetime) -> None:
    office, wire = a_pretix(an_order(a_seat(1)))
    codes: list[str] = []

    class Meanwhile(FakeWire):
        def get(self, path: str, **asked: object) -> Answer:
            if path == "/orders/" and not codes:
                with pytest.raises(Trouble) as found:
                    pulling.pull(office, by=SYSTEM)
                codes.append(found.value.code)
            return super().get(path, **asked)

    busy: Any = Meanwhile()
    busy.orders = wire.orders
    assert pulling.pull(Pretix(Account("http://localhost", "maison", "t"), busy), by=SYSTEM)
    assert codes == ["office_asked"]
    row = session.query(OfficePull).one()
    assert (row.held_until, row.fence) == (None, 1)
    row.held_until = clock.now() + pulling.HELD  # its worker was killed
    session.commit()
    with pytest.raises(Trouble):
        pulling.pull(office, by=SYSTEM)
    clock.advance(pulling.HELD + timedelta(seconds=1))
    assert pulling.pull(office, by=SYSTEM) is None


def test_a_long_pull_keeps_its_turn_and_one_that_lost_it_stops(app: Flask, noon: datetime) -> None:
    orders = [an_order(a_seat(n), code=f"CMD{n:02}") for n in range(1, 5)]

    def slowly(then: Callable[[], object]) -> Pretix:
        office, wire = a_pretix(*orders)
        series = wire.get

        def get(path: str, **asked: object) -> Answer:
            if path == "/customers/":
                return series(path, **asked)
            if path == "/orders/":
                then()
            return series(path, **asked)

        wire.get = get
        return office

    def late() -> None:
        clock.advance(pulling.HELD * 3 / 4)

    assert pulling.pull(slowly(late), by=SYSTEM)

    def lost() -> None:
        late()
        queries.pull_held("pretix").fence += 1
        session.commit()

    with pytest.raises(Trouble) as found:
        pulling.pull(slowly(lost), whole=True, by=SYSTEM)
    assert found.value.code == "office_asked"


def test_a_pull_that_fails_gives_its_turn_back(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    office, wire = a_pretix(an_order(a_seat(1)))
    good = wire.get
    monkeypatch.setattr(wire, "get", lambda _path, **_asked: Answer(404, {}, None))
    with pytest.raises(Trouble):
        pulling.pull(office, by=SYSTEM)
    monkeypatch.setattr(wire, "get", good)
    assert pulling.pull(office, by=SYSTEM)


def states() -> list[tuple[str, str]]:
    session.rollback()
    return [tuple(row) for row in session.query(Admission.external_id, Admission.status).order_by(Admission.id)]


def test_an_order_that_waits_for_its_payment_anew_opens_no_door(app: Flask) -> None:
    unpaid = {
        "status": "n",
        "payments": [{"local_id": 1, "state": "refunded", "amount": "41.50", "provider": "manual"}],
    }
    office, wire = a_pretix(an_order(a_seat(1)), an_order(a_seat(2), code="CMD02", **{**unpaid, "payments": []}))
    pulling.pull(office, by=SYSTEM)
    assert states() == [("1", "valid")]  # what was never sold is nobody's
    wire.orders = FakeWire(an_order(a_seat(1), last_modified="2026-09-03T10:00:00+02:00", **unpaid)).orders
    assert pulling.pull(office, by=SYSTEM)
    assert states() == [("1", "cancelled")]
    wire.orders = FakeWire(an_order(a_seat(1), last_modified="2026-09-04T10:00:00+02:00")).orders
    assert pulling.pull(office, by=SYSTEM)
    assert states() == [("1", "valid")]


def test_an_unpaid_order_without_any_payment_is_cancelled_too(app: Flask) -> None:
    office, wire = a_pretix(an_order(a_seat(1)))
    pulling.pull(office, by=SYSTEM)
    wire.orders = FakeWire(
        an_order(a_seat(1), last_modified="2026-09-03T10:00:00+02:00", status="n", payments=[])
    ).orders
    report = pulling.pull(office, by=SYSTEM)
    assert report
    assert report.errors == 0
    assert states() == [("1", "cancelled")]
