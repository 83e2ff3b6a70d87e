"""pretix hints over real HTTP that something changed: it is asked soon, seldom, and never believed."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest

from app.boxoffice import pulling
from app.boxoffice.models import Order
from app.kernel.db import session
from app.kernel.jobs import Slot
from tests.faults.house import House, until

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
pytestmark = pytest.mark.parametrize("app", BOTH, indirect=True)
LIES = b'{"organizer": "maison", "event": "saison", "code": "FORGED", "action": "pretix.event.order.canceled"}'


class Ticketing(ThreadingHTTPServer):
    """A pretix without orders, which notes when it is asked for them."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Asked)
        self.asked: list[float] = []


class _Asked(BaseHTTPRequestHandler):
    server: Ticketing

    def do_GET(self) -> None:
        if "/orders/" in self.path:
            self.server.asked.append(time.monotonic())
        content = b'{"results": [], "next": null}'
        self.send_response(200)
        self.send_header("X-Page-Generated", "2026-12-01T10:00:00Z")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_words: Any) -> None:
        """Say nothing: the tests look at what was asked."""


@contextmanager
def ticketing() -> Iterator[Ticketing]:
    with Ticketing() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


def hint(base: str, path: str, body: bytes = LIES, method: str = "POST") -> int:
    line = http.client.HTTPConnection(urlsplit(base).netloc, timeout=20)
    try:
        line.request(method, path, body, {"Content-Type": "application/json"})
        return line.getresponse().status
    finally:
        line.close()


def test_a_hint_makes_us_ask_soon_and_a_flood_of_them_seldom(house: House) -> None:
    path = f"/api/v1/billetterie/pretix/{pulling.hook('pretix')}"
    with ticketing() as office:
        linked = {
            "PRETIX_URL": f"http://127.0.0.1:{office.server_address[1]}", "PRETIX_ORGANIZER": "maison",
            "PRETIX_TOKEN": "secret",
        }  # fmt: skip
        with house.web(**linked) as (_web, base), house.worker(**linked):
            until(lambda: len(office.asked) == 1)  # its turn of the minute
            begun = time.monotonic()
            assert [hint(base, path) for _ in range(30)] == [204] * 30
            until(lambda: len(office.asked) >= 2, 10)
            told, before = time.monotonic(), len(office.asked)
            assert {hint(base, path) for _ in range(10)} == {204}  # what changed while we asked is asked for too
            until(lambda: len(office.asked) > before, 25)
            assert told - begun < 8 < office.asked[before] - begun < 25
            assert hint(base, f"{path}X") == hint(base, "/api/v1/billetterie/autre/x") == 404
            assert hint(base, path, b"\xff" * 100_000) == 204
            assert hint(base, path, b"", "GET") == 405
        assert len(office.asked) <= before + 2
    session.rollback()
    assert session.query(Order).count() == 0


def test_without_a_link_nobody_is_heard(house: House) -> None:
    path = f"/api/v1/billetterie/pretix/{pulling.hook('pretix')}"
    with house.web() as (_web, base):
        assert hint(base, path) == 404
    session.rollback()
    assert session.query(Slot).filter(Slot.name.contains("ticketing")).count() == 0
