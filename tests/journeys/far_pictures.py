"""A server of pictures somewhere on the internet, real and with TLS, that remembers who asked for what; no story is here."""

from __future__ import annotations

import base64
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.dovecot import certify

#: A name that browsers of these stories find on this machine.
HOST = "images.lointaines.example"
_PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAE0lEQVR4nGP4z8DAwMDA8J+BgQEAFvwC/yPdpvcAAAAASUVORK5CYII="
)


@dataclass
class FarServer:
    """Where it listens, and every request: its path and its headers."""

    port: int
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def address(self, path: str) -> str:
        """Where something lies there."""
        return f"https://{HOST}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [path for path, _headers in self.asked]


@contextmanager
def far_server(folder: Path) -> Iterator[FarServer]:
    """It answers every address with the same picture and a cookie that comes along everywhere."""
    kept = FarServer(0)

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path != "/favicon.ico":  # a browser looks for it by itself when somebody visits
                kept.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.send_header("Set-Cookie", "who=karim; SameSite=None; Secure; Path=/")
            self.send_header("Cache-Control", "no-store")
            self.send_header("Content-Length", str(len(_PICTURE)))
            self.end_headers()
            self.wfile.write(_PICTURE)

        def log_message(self, *_given: object) -> None:
            """Stay silent."""

    certificate, key = folder / "far.pem", folder / "far.key"
    certify(certificate, key)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    kept.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
