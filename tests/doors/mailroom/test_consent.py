"""Consent instead of a password: tokens from a provider's own address, a sign-in by XOAUTH2 on a line of ours."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
from flask import Flask

from app.kernel import sealing
from app.kernel.access import SYSTEM
from app.kernel.db import session
from app.mail import destinations, mailbox_queries, mailboxes, oauth
from app.mail.calling import Trouble
from app.mail.mailbox_draft import MailboxDraft
from app.mail.oauth import Provider
from app.people import service as people
from tests.doors.mailroom.conftest import look
from tests.doors.mailroom.fake_imap import FakeServer
from tests.makers import a_letter

BACK = "http://localhost/regie/reglages/boites/retour"


class Tokens:
    """A provider's token address: what was asked, and what it answers next."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.answers: list[tuple[int, dict[str, Any]]] = []
        self.url = ""

    def answer(self, body: str) -> tuple[int, dict[str, Any]]:
        self.asked.append({key: values[0] for key, values in parse_qs(body).items()})
        return self.answers.pop(0)


@pytest.fixture
def tokens() -> Iterator[Tokens]:
    kept = Tokens()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status, said = kept.answer(body)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(said).encode())

        def log_message(self, *_given: object) -> None:
            """Stay silent."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        kept.url = f"http://127.0.0.1:{server.server_port}/token"
        oauth.use({"custom": Provider("the-id", "the-secret", "http://127.0.0.1/consent", kept.url, "mail offline")})
        yield kept
        server.shutdown()
    oauth.use({})


@pytest.fixture
def server() -> FakeServer:
    return FakeServer({1: a_letter()})


@pytest.fixture
def mailbox(app: Flask, tokens: Tokens, server: FakeServer) -> Iterator[int]:
    """A mailbox that was consented to, on a server that knows one token."""
    with server.listening() as port:
        destinations.allow([f"127.0.0.1:{port}"])
        draft = MailboxDraft(
            name="Groupes", department_id=people.department("billetterie").id, language="fr", host="127.0.0.1",
            port=port, security="plain", user="groupes@valmorin.example", auth="custom", folder="INBOX", after="seen",
            take_old=True,
        )  # fmt: skip
        made = mailboxes.add(draft, secret="", by=SYSTEM)
        mailboxes.consent(made, f"refresh-{made}-1", by=SYSTEM)
        mailboxes.switch(made, on=True, by=SYSTEM)
        server.script = knows("good")
        yield made


def knows(token: str):  # type: ignore[no-untyped-def]
    """A server that asks for XOAUTH2 and lets one token in."""
    waiting: list[bool] = []

    def script(command: str, rest: str) -> bytes | None:
        if command == "AUTHENTICATE":
            assert rest == "XOAUTH2"
            waiting.append(True)
            return b"+ \r\n"
        return None

    def credentials(said: bytes) -> bytes:
        user, auth = base64.b64decode(said).decode().split("\x01")[:2]
        right = (user, auth) == ("user=groupes@valmorin.example", f"auth=Bearer {token}")
        return b"OK welcome" if right else b"NO [AUTHENTICATIONFAILED] no"

    script.credentials = credentials  # type: ignore[attr-defined]
    return script


def secret_of(mailbox_id: int) -> str:
    session.rollback()
    row = mailbox_queries.mailbox(mailbox_id)
    assert row is not None
    return sealing.opened(row.secret, bound=mailboxes.seal_of(mailbox_id))


def granted(token: str, **more: object) -> tuple[int, dict[str, Any]]:
    return 200, {"access_token": token, "token_type": "Bearer", "expires_in": 3600, **more}


def test_a_code_becomes_a_refresh_token(app: Flask, tokens: Tokens) -> None:
    tokens.answers = [granted("a", refresh_token="r")]
    asking = oauth.asked("custom", BACK, user="x@y.example")
    assert oauth.consented("custom", BACK, code="c0de", verifier=asking.verifier) == "r"
    (asked,) = tokens.asked
    assert asked["grant_type"] == "authorization_code"
    assert (asked["code"], asked["redirect_uri"], asked["code_verifier"]) == ("c0de", BACK, asking.verifier)
    assert (asked["client_id"], asked["client_secret"]) == ("the-id", "the-secret")


@pytest.mark.parametrize(
    "answer", [(400, {"error": "invalid_grant"}), granted("a")], ids=["refused", "nothing to keep"]
)
def test_consent_that_gives_nothing_to_keep_is_none(tokens: Tokens, answer: tuple[int, dict[str, Any]]) -> None:
    tokens.answers = [answer]
    with pytest.raises(Trouble, match="consent"):
        oauth.consented("custom", BACK, code="c0de", verifier="v" * 43)


def test_a_mailbox_signs_in_with_a_token_and_uses_it_until_it_ends(
    tokens: Tokens, server: FakeServer, mailbox: int
) -> None:
    tokens.answers = [granted("good")]
    assert [look(mailbox)["error"], look(mailbox)["error"]] == ["", ""]
    (asked,) = tokens.asked
    assert (asked["grant_type"], asked["refresh_token"]) == ("refresh_token", f"refresh-{mailbox}-1")


def test_a_new_refresh_token_takes_the_place_of_the_old(tokens: Tokens, server: FakeServer, mailbox: int) -> None:
    tokens.answers = [granted("good", refresh_token=f"refresh-{mailbox}-2")]
    assert look(mailbox)["error"] == ""
    assert secret_of(mailbox) == f"refresh-{mailbox}-2"


def test_a_token_that_ended_early_is_asked_for_anew_once(tokens: Tokens, server: FakeServer, mailbox: int) -> None:
    tokens.answers = [granted("stale"), granted("good")]
    assert look(mailbox)["error"] == ""
    assert len(tokens.asked) == 2


def test_consent_taken_back_stops_the_mailbox(tokens: Tokens, server: FakeServer, mailbox: int) -> None:
    tokens.answers = [(400, {"error": "invalid_grant"})]
    assert look(mailbox)["error"] == "sign_in"
    assert (mailboxes.duties(), server.calls) == ([], 0)
    card = mailboxes.card(mailbox, by=SYSTEM)
    assert (card.state, card.alarm, card.error) == ("stopped", "sign_in", "sign_in")
    assert mailboxes.alarms(by=SYSTEM) == 1


def test_a_provider_in_trouble_stops_nothing(tokens: Tokens, server: FakeServer, mailbox: int) -> None:
    tokens.answers = [(503, {"error": "temporarily_unavailable"})]
    assert look(mailbox)["error"] == "no_answer"
    assert len(mailboxes.duties()) == 1
