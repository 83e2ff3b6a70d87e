"""Whoever tells the ticketing system of a batch is killed: it goes on where it was, and nothing is done there twice."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from app.boxoffice import pulling
from app.boxoffice.models import Admission, Order, Payment
from app.cancellations.models import Campaign
from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import session
from app.settlements import batching, mark_runs
from app.settlements.models import MarkRun, OfficeMark
from tests.cast import INES, KARIM, ODILE, Character
from tests.domains.settlements.world import Money, banked, begun, choose, closed, exported, locked
from tests.faults.house import House, until

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
pytestmark = pytest.mark.parametrize("app", BOTH, indirect=True)
COUNT = 4


class Ticketing(ThreadingHTTPServer):
    """Orders as pretix keeps them, over real HTTP: a writing call repeated under its key is answered, not done."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Asked)
        self.orders: dict[str, dict[str, Any]] = {}
        self.answers: dict[str, tuple[int, Any]] = {}
        self.done: Counter[str] = Counter()
        self.turn = threading.Lock()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def sold(self, code: str, seats: list[int], paid: list[tuple[str, int]]) -> None:
        self.orders[code] = {
            "code": code, "event": "saison", "status": "p", "refunds": [],
            "positions": [{"id": seat, "canceled": False} for seat in seats],
            "payments": [
                {"local_id": place, "state": "confirmed", "provider": provider, "amount": f"{cents / 100:.2f}"}
                for place, (provider, cents) in enumerate(paid, start=1)
            ],
        }  # fmt: skip

    def told(self, method: str, path: str, asked: dict[str, list[str]], body: Any) -> tuple[int, Any]:
        where = path.split("/organizers/maison", 1)[1]
        if where == "/orders/":
            found = [one for one in self.orders.values() if one["code"] == asked["code"][0]]
            return 200, {"results": found, "next": None}
        if where.startswith("/orderpositions/"):
            seat = int(where.split("/")[2])
            codes = [code for code, one in self.orders.items() if any(seat == at["id"] for at in one["positions"])]
            return (200, {"order": codes[0]}) if codes else (404, {"detail": "Nicht gefunden."})
        parts = where.strip("/").split("/")  # events/saison/orders/CODE/verb…
        order, verb = self.orders[parts[3]], parts[4:]
        self.done["/".join([parts[3], *verb])] += 1
        if verb == ["mark_canceled"]:
            order["status"] = "c"
            return 200, order
        if verb == ["change"]:
            gone = {one["position"] for one in body["cancel_positions"]}
            for seat in order["positions"]:
                seat["canceled"] = seat["canceled"] or seat["id"] in gone
            return 200, {}
        if verb == ["refunds"]:
            one = {**body, "local_id": len(order["refunds"]) + 1}
            order["refunds"].append(one)
            return 201, one
        order["refunds"][int(verb[1]) - 1]["state"] = "done"
        return 200, order["refunds"][int(verb[1]) - 1]


class _Asked(BaseHTTPRequestHandler):
    server: Ticketing

    def do_GET(self) -> None:
        parts, key = urlsplit(self.path), self.headers.get("X-Idempotency-Key", "")
        data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with self.server.turn:
            known = self.server.answers.get(key) if key else None
            status, said = known or self.server.told(
                self.command, parts.path, parse_qs(parts.query), json.loads(data) if data else None
            )
            if key:
                self.server.answers[key] = status, said
            content = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_GET  # noqa: N815 - the name http.server looks for

    def log_message(self, *_words: Any) -> None:
        """Say nothing: the tests look at what was done."""


@contextmanager
def ticketing() -> Iterator[Ticketing]:
    with Ticketing() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


@pytest.fixture
def money(house: House, actor: Callable[[Character], Actor]) -> Money:
    """Households that each have one card refunded, up to the file of the batch."""
    names: dict[str, dict[str, int]] = {f"Foyer{place}": {} for place in range(COUNT)}
    found = begun(actor(INES), actor(ODILE), actor(KARIM), names)
    for name in names:
        choose(found, name, {"refund_card": 12_000})
    banked(found.finance)
    campaign = session.get_one(Campaign, found.campaign_id)
    campaign.deadline_at = clock.now()
    session.commit()
    closed(found)
    locked(found)
    exported(found)
    return found


def sold_there(office: Ticketing) -> None:
    """What the house mirrors was sold by this pretix."""
    for number, admission in enumerate(session.query(Admission).order_by(Admission.id), start=1):
        admission.system, admission.external_id = "pretix", str(1000 + number)
    for order in session.query(Order):
        order.system = "pretix"
        seats = [int(one.external_id) for one in session.query(Admission).filter_by(order_id=order.id)]
        paid = [("stripe", one.amount_cents) for one in session.query(Payment).filter_by(order_id=order.id)]
        office.sold(order.code, seats, paid)
    session.commit()


@pytest.mark.parametrize(("point", "times"), [("line told", 1), ("line told", 4), ("line noted", 3)])
def test_who_tells_is_killed_and_another_goes_on(house: House, money: Money, point: str, times: int) -> None:
    with ticketing() as office:
        sold_there(office)
        (batch,) = [one for one in batching.cards(money.campaign_id, by=money.finance) if one.kind == "card"]
        house.settings |= {
            "PRETIX_URL": office.address, "PRETIX_ORGANIZER": "maison", "PRETIX_TOKEN": "secret",
            "PRETIX_TENDERS": "stripe=card",
        }  # fmt: skip
        asked(money, batch.id)
        house.dies_at(point, "work", times=times)
        session.rollback()
        assert session.query(OfficeMark).count() == times - (point == "line told")
        assert session.query(MarkRun).one().ended_at is None
        house.leases_end()
        with house.worker():
            until(lambda: all_ended() == 1, why=lambda: str(office.done))
        assert (session.query(OfficeMark).count(), session.query(OfficeMark).filter(OfficeMark.refused != "").count()) == (
            batch.lines, 0,
        )  # fmt: skip
        given = {code: sum(float(one["amount"]) for one in order["refunds"]) for code, order in office.orders.items()}
        assert sum(given.values()) * 100 == batch.cents
        assert {count for verb, count in office.done.items() if verb.endswith(("mark_canceled", "change"))} == {1}
        assert all(one["state"] == "done" for order in office.orders.values() for one in order["refunds"])
        assert [len(order["refunds"]) for order in office.orders.values()] == [1] * len(office.orders)


def all_ended() -> int:
    session.rollback()
    return session.query(MarkRun).filter(MarkRun.ended_at.is_not(None)).count()


def asked(money: Money, batch_id: int) -> None:
    """Somebody at the desk has it told; this process is linked to nothing, so its verb is asked as the desk asks it."""
    kept, pulling._Linked.account = pulling._Linked.account, object()  # type: ignore[assignment]
    try:
        mark_runs.ask(batch_id, by=money.finance)
    finally:
        pulling._Linked.account = kept
    session.remove()
