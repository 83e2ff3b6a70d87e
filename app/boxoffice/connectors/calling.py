"""Calling the web interface of a ticketing system: one server, named by the operator, and no other."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from app.boxoffice.connectors.port import Trouble

#: Seconds until a server that says nothing counts as silent; canceling an order takes pretix several.
PATIENCE: Final = 30.0
#: How many times that long a whole answer may take.
LONGEST_ANSWER: Final = 4
#: Most bytes of an answer; a page of fifty orders has about 300,000.
LARGEST: Final = 16_000_000
#: How often a server that asks for time is asked again, and for how long it may ask. Units: calls, seconds.
TRIES, LONGEST_WAIT = 4, 60.0
_BUSY: Final = frozenset({409, 429, 503})


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said; `said` is None where its body was no JSON."""

    status: int
    headers: Mapping[str, str]
    said: Any

    @property
    def good(self) -> bool:
        """Whether it did what was asked."""
        return 200 <= self.status < 300


class Wire:
    """One server. Redirections are never followed and addresses in answers never called."""

    def __init__(
        self, url: str, headers: Mapping[str, str], *, patience: float = PATIENCE,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        """`url` begins every address; plain HTTP is spoken to this machine only.

        Raises:
            Trouble: `office_plain`, the secret would cross a network unencrypted.
        """
        parts = urlsplit(url)
        self._host, self._port, self._start = parts.hostname or "", parts.port, parts.path.rstrip("/")
        self._secure = parts.scheme == "https"
        if not self._secure and not _own_machine(self._host):
            raise Trouble("office_plain")
        self._headers, self._patience, self._sleep = dict(headers), patience, sleep

    def get(self, path: str, **asked: object) -> Answer:
        """Read; a server that asks for time is asked again.

        Raises:
            Trouble: `office_silent`, `office_busy`, or what `_checked` says.
        """
        target = f"{path}?{urlencode(asked)}" if asked else path
        return _checked(self._patient("GET", target, None, {}))

    def send(self, method: str, path: str, body: object, *, key: str) -> Answer:
        """Write under a key; the server repeats its first answer to the same key, so that asking again is safe.

        Raises:
            Trouble: as in `get`; what the server did meanwhile is not known.
        """
        return _checked(self._patient(method, path, json.dumps(body).encode(), {"X-Idempotency-Key": key}))

    def _patient(self, method: str, target: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        for left in reversed(range(TRIES)):
            answer = self._once(method, target, body, headers)
            if answer.status not in _BUSY or (answer.status == 409 and "retry-after" not in answer.headers):
                return answer
            if left:
                self._sleep(_asked_wait(answer.headers))
        raise Trouble("office_busy")

    def _once(self, method: str, target: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        try:
            return self._spoken(method, target, body, headers)
        except (OSError, HTTPException):
            # Silence says nothing of what was done. Asked again with the same key, the server answers what it did
            # the first time; only reading is repeated.
            try:
                return self._spoken(method, target, body, headers)
            except (OSError, HTTPException):
                raise Trouble("office_silent") from None

    def _spoken(self, method: str, target: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        kind = HTTPSConnection if self._secure else HTTPConnection
        line = kind(self._host, self._port, timeout=self._patience)
        told = {"Accept": "application/json", "Connection": "close", **self._headers, **headers}
        if body is not None:
            told["Content-Type"] = "application/json"
        try:
            line.request(method, f"{self._start}{target}", body, told)
            with line.getresponse() as response:
                content = _content(response, time.monotonic() + LONGEST_ANSWER * self._patience)
                return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, _json(content))
        finally:
            line.close()


def _checked(answer: Answer) -> Answer:
    """Only what a caller can make sense of; words of the server are never read, it speaks its own language.

    Raises:
        Trouble: `office_denied` (token or rights), `office_elsewhere` (it sends us away), `office_broken` (500, or an
            answer that is none).
    """
    if answer.status in (401, 403):
        raise Trouble("office_denied")
    if 300 <= answer.status < 400:
        raise Trouble("office_elsewhere")
    if answer.status >= 500 or (answer.good and answer.status != 204 and answer.said is None):
        raise Trouble("office_broken")
    return answer


def _content(response: HTTPResponse, until: float) -> bytes:
    content = bytearray()
    while part := response.read1(65_536):
        content += part
        if len(content) > LARGEST or time.monotonic() > until:
            raise HTTPException("too much, or too slow")
    if response.length:
        raise HTTPException("broken off")
    return bytes(content)


def _json(content: bytes) -> Any:  # noqa: ANN401 - JSON is whatever it is
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _asked_wait(headers: Mapping[str, str]) -> float:
    said = headers.get("retry-after", "")
    return min(LONGEST_WAIT, float(said)) if said.isascii() and said.isdecimal() else 2.0


def _own_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
