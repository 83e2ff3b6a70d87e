"""A ticketing system that fails in every way is told by a code of ours, and a writing call is made once."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from app.boxoffice.connectors.calling import Wire
from app.boxoffice.connectors.port import Trouble

Said = tuple[int, dict[str, str], bytes]
FINE: Said = (200, {}, b'{"fine": true}')
GERMAN: Said = (500, {}, b"<h1>Interner Serverfehler</h1>")
HANGS: Said = (0, {}, b"")


class _Office(ThreadingHTTPServer):
    """Answers what it was told to, in turn, and remembers what it was asked."""

    daemon_threads = True

    def __init__(self, *answers: Said) -> None:
        super().__init__(("127.0.0.1", 0), _Asked)
        self.answers = list(answers)
        self.asked: list[tuple[str, str, str]] = []
        self.released = threading.Event()


class _Asked(BaseHTTPRequestHandler):
    server: _Office

    def do_GET(self) -> None:
        self.server.asked.append((self.command, self.path, self.headers.get("X-Idempotency-Key", "")))
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, headers, body = self.server.answers.pop(0) if self.server.answers else FINE
        if not status:
            self.server.released.wait(10)
            return
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 - the name http.server looks for

    def log_message(self, *_words: Any) -> None:
        """Say nothing: the tests look at what was asked."""


@contextmanager
def office(*answers: Said) -> Iterator[tuple[_Office, Wire, list[float]]]:
    waited: list[float] = []
    with _Office(*answers) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/api"
        yield server, Wire(url, {"Authorization": "Token t"}, patience=0.3, sleep=waited.append), waited
        server.released.set()
        server.shutdown()


def code_of(wire: Wire) -> str:
    with pytest.raises(Trouble) as found:
        wire.get("/orders/")
    return found.value.code


@pytest.mark.parametrize(("answer", "code"), [
    (GERMAN, "office_broken"), ((200, {}, b"<html>"), "office_broken"),
    ((200, {}, b"[" * 200_000), "office_broken"), ((401, {}, b"{}"), "office_denied"),
    ((403, {}, b"{}"), "office_denied"), ((302, {"Location": "http://169.254.169.254/"}, b""), "office_elsewhere"),
])  # fmt: skip
def test_what_a_server_does_wrong_is_a_code_of_ours(answer: Said, code: str) -> None:
    with office(answer) as (server, wire, _):
        assert code_of(wire) == code
        assert server.asked == [("GET", "/api/orders/", "")]


def test_a_server_that_hangs_is_silent_and_nothing_waits_for_ever() -> None:
    with office(HANGS, HANGS) as (_, wire, _waited):
        assert code_of(wire) == "office_silent"


def test_a_server_that_is_gone_is_silent() -> None:
    with office() as (_, wire, _waited):
        pass
    assert code_of(wire) == "office_silent"


def test_a_server_that_asks_for_time_is_asked_again_after_it() -> None:
    busy: Said = (429, {"Retry-After": "7"}, b"{}")
    with office(busy, busy, FINE) as (_, wire, waited):
        assert wire.get("/orders/", page=2).said == {"fine": True}
        assert waited == [7.0, 7.0]


def test_a_server_that_always_asks_for_time_is_left_in_peace() -> None:
    with office(*[(503, {"Retry-After": "3600"}, b"{}")] * 9) as (server, wire, waited):
        assert code_of(wire) == "office_busy"
        assert (len(server.asked), waited) == (4, [60.0] * 3)


def test_a_writing_call_that_was_met_with_silence_asks_again_with_its_key() -> None:
    with office(HANGS, (201, {}, json.dumps({"local_id": 1}).encode())) as (server, wire, _):
        assert wire.send("POST", "/refunds/", {"amount": "1.00"}, key="k1").said == {"local_id": 1}
        assert server.asked == [("POST", "/api/refunds/", "k1")] * 2


def test_a_secret_never_crosses_a_network_in_the_open() -> None:
    with pytest.raises(Trouble) as found:
        Wire("http://pretix.example/api", {})
    assert found.value.code == "office_plain"
