"""The pages of mailboxes: a form that answers beside its fields, a secret never shown, a test that tells nothing more."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel.access import SYSTEM
from app.kernel.db import session
from app.mail import destinations, fetching, mailboxes, oauth, probing
from app.mail.calling import Trouble
from app.mail.mailboxes import MailboxCard
from app.mail.oauth import Provider
from app.people import service as people
from tests.cast import ADELE, KARIM, PAUL, Character
from tests.doors.desk.steps import page, press, told

SignIn = Callable[[Character], FlaskClient]
ROOT = "/regie/reglages/boites"
NEW = f"{ROOT}/nouvelle"


@pytest.fixture
def adele(noon: datetime, sign_in: SignIn) -> Iterator[FlaskClient]:
    """The administrator."""
    destinations.allow([])
    yield sign_in(ADELE)
    destinations.allow([])
    oauth.use({})


def fields(**more: object) -> dict[str, object]:
    given: dict[str, object] = {
        "name": "Groupes", "department_id": people.department("billetterie").id, "language": "fr",
        "host": "imap.example.org", "port": "993", "security": "tls", "user": "groupes@valmorin.example",
        "auth": "password", "secret": "rideau-pourpre-9", "folder": "INBOX", "after": "seen", "move_to": "",
    }  # fmt: skip
    return {**given, **more}


def added(browser: FlaskClient, **more: object) -> MailboxCard:
    answer = press(browser, NEW, at=NEW, **fields(**more))
    assert answer.status_code == 303, answer.get_data(as_text=True)[:3000]
    return card(int(answer.headers["Location"].rpartition("/")[2]))


def card(mailbox_id: int) -> MailboxCard:
    session.rollback()
    return mailboxes.card(mailbox_id, by=SYSTEM)


def at(found: MailboxCard) -> str:
    return f"{ROOT}/{found.id}"


def test_a_mailbox_is_added_off_and_switched_on(adele: FlaskClient) -> None:
    found = added(adele)
    assert (found.state, found.draft.port, found.has_secret) == ("off", 993, True)
    told(adele, press(adele, f"{at(found)}/etat", at=at(found), on="1"))
    assert card(found.id).state == "on"
    told(adele, press(adele, f"{at(found)}/etat", at=at(found), on="0"))
    assert card(found.id).state == "off"


def test_no_page_ever_shows_the_secret(adele: FlaskClient) -> None:
    found = added(adele)
    refused = press(adele, at(found), at=at(found), **fields(name="", secret="rideau-pourpre-9")).get_data(as_text=True)
    for html in (page(adele, at(found)), page(adele, ROOT), page(adele, "/regie/reglages/journal"), refused):
        assert "rideau-pourpre-9" not in html


def test_an_empty_secret_keeps_the_one_there_is(adele: FlaskClient) -> None:
    found = added(adele)
    told(adele, press(adele, at(found), at=at(found), **fields(name="Groupes et écoles", secret="")))
    assert (card(found.id).draft.name, card(found.id).has_secret) == ("Groupes et écoles", True)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"), ({"host": "127.0.0.1", "port": "22"}, "host"), ({"port": "abc"}, "port"),
        ({"port": "99999"}, "port"), ({"security": "plain"}, "security"), ({"department_id": "x"}, "department_id"),
        ({"after": "move"}, "move_to"), ({"secret": ""}, "secret"), ({"user": "x\r\nA1 LOGOUT"}, "user"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_beside_its_field_with_the_rest_kept(
    adele: FlaskClient, change: dict[str, object], field: str
) -> None:
    answer = press(adele, NEW, at=NEW, **fields(**{"name": "Théâtre", **change}))
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="f-{field}-e"' in html
    assert 'value="imap.example.org"' in html or "host" in change


def test_a_mailbox_without_a_secret_is_not_switched_on(adele: FlaskClient) -> None:
    oauth.use({"google": Provider("id", "x", "https://a.example/", "https://t.example/", "mail")})
    found = added(adele, auth="google", secret="")
    answer = press(adele, f"{at(found)}/etat", at=at(found), on="1")
    assert (answer.status_code, card(found.id).state) == (409, "off")


def test_the_list_says_in_words_how_each_fares(adele: FlaskClient) -> None:
    found = added(adele)
    mailboxes.switch(found.id, on=True, by=SYSTEM)
    assert "Premier contact à venir" in page(adele, ROOT)
    fetching.failed(found.id, "no_answer", "")
    assert "Nouvel essai en cours" in page(adele, ROOT)
    fetching.failed(found.id, "sign_in", "<script>alert(1)</script>")
    html = page(adele, ROOT)
    assert "est arrêtée" in html
    assert "<script>alert" not in html + page(adele, at(found))
    told(adele, press(adele, f"{at(found)}/vu", at=ROOT))
    assert "est arrêtée" not in page(adele, ROOT)
    assert "Arrêtée" in page(adele, ROOT)


def test_only_who_edits_settings_may_enter(sign_in: SignIn, noon: datetime) -> None:
    for who in (KARIM, PAUL):
        browser = sign_in(who)
        for address in (ROOT, NEW, f"{ROOT}/1", f"{ROOT}/1/connexion", f"{ROOT}/retour"):
            page(browser, address, 403)
        for address in (NEW, f"{ROOT}/1", f"{ROOT}/1/essai", f"{ROOT}/1/etat", f"{ROOT}/1/vu", f"{ROOT}/1/retrait"):
            assert press(browser, address).status_code == 403


def test_a_mailbox_that_is_not_there_is_not_found(adele: FlaskClient) -> None:
    page(adele, f"{ROOT}/99", 404)
    for verb in ("", "/essai", "/etat", "/vu", "/retrait"):
        assert press(adele, f"{ROOT}/99{verb}", **fields()).status_code == 404


@contextmanager
def listening(answer: bytes = b"") -> Iterator[tuple[int, list[int]]]:
    """A port where somebody listens and counts who calls. Shape: (port, calls)."""
    calls: list[int] = []
    lines: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    line, _from = server.accept()
                except OSError:
                    return
                calls.append(1)
                lines.append(line)
                line.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1], calls
        server.shutdown(socket.SHUT_RDWR)
        for line in lines:
            line.close()


def test_a_private_server_is_refused_before_anybody_calls_it_open_or_not(adele: FlaskClient) -> None:
    answers = []
    with listening() as (port, calls):
        for address in ("10.0.0.1", "127.0.0.1", "169.254.169.254", "::1"):
            found = added(adele, name=f"A{address}", host="mail.example.org")
            names = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]
            with patch.object(socket, "getaddrinfo", return_value=names):
                html = press(adele, f"{at(found)}/essai", at=at(found)).get_data(as_text=True)
            answers.append(html.split('class="alert bad"')[1].split("</div>")[0])
        with patch.object(socket, "getaddrinfo", side_effect=socket.gaierror):
            html = press(adele, f"{at(found)}/essai", at=at(found)).get_data(as_text=True)
        answers.append(html.split('class="alert bad"')[1].split("</div>")[0])
        assert calls == []
    assert len(set(answers)) == 1
    assert "introuvable" in answers[0]


def test_a_name_that_changes_between_look_and_call_is_called_where_it_was_looked_at(adele: FlaskClient) -> None:
    destinations.allow(["127.0.0.1:1143", "mail.example.org"])
    called: list[object] = []

    def connect(address: tuple[str, int], *_rest: object) -> socket.socket:
        called.append(address)
        raise ConnectionRefusedError

    answers = iter([[(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 993))]])
    found = added(adele, host="mail.example.org")
    with (
        patch.object(socket, "getaddrinfo", side_effect=lambda *_a, **_k: next(answers)),
        patch.object(socket, "create_connection", side_effect=connect),
    ):
        assert probing.probe(found.id, by=SYSTEM).code == "no_answer"
    assert called == [("93.184.216.34", 993)]


def test_a_server_that_says_a_byte_now_and_then_does_not_hold_the_page(
    adele: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probing, "SECONDS", 0.4)
    with listening(b"* ") as (port, calls):
        destinations.allow([f"127.0.0.1:{port}"])
        found = added(adele, host="127.0.0.1", port=str(port), security="plain")
        html = press(adele, f"{at(found)}/essai", at=at(found)).get_data(as_text=True)
        assert "ne répond pas" in html
        assert calls == [1]


def test_a_mailbox_that_brought_nothing_is_deleted(adele: FlaskClient) -> None:
    found = added(adele)
    told(adele, press(adele, f"{at(found)}/retrait", at=at(found)))
    page(adele, at(found), 404)


@pytest.fixture
def google(adele: FlaskClient) -> MailboxCard:
    """A mailbox that asks for consent."""
    oauth.use(
        {"google": Provider("the-id", "the-secret", "https://a.example/consent", "https://t.example/token", "mail")}
    )
    return added(adele, auth="google", secret="", host="imap.gmail.com")


def asked(browser: FlaskClient, found: MailboxCard) -> dict[str, list[str]]:
    answer = browser.get(f"{at(found)}/connexion")
    assert answer.headers["Location"].startswith("https://a.example/consent?")
    return parse_qs(urlsplit(answer.headers["Location"]).query)


def test_consent_comes_back_to_the_mailbox_that_asked(adele: FlaskClient, google: MailboxCard) -> None:
    query = asked(adele, google)
    assert query["redirect_uri"] == ["http://localhost/regie/reglages/boites/retour"]
    assert query["code_challenge_method"] == ["S256"]
    with patch.object(oauth, "consented", return_value="refresh-me") as consented:
        told(adele, adele.get(f"{ROOT}/retour?code=c0de&state={query['state'][0]}"))
    assert consented.call_args.kwargs["code"] == "c0de"
    assert card(google.id).has_secret


@pytest.mark.parametrize("state", ["", "another", None])
def test_consent_with_another_state_is_not_taken(adele: FlaskClient, google: MailboxCard, state: str | None) -> None:
    if state is not None:
        asked(adele, google)
    with patch.object(oauth, "consented", return_value="refresh-me") as consented:
        html = told(adele, adele.get(f"{ROOT}/retour?code=c0de&state={state or ''}"))
    assert not consented.called
    assert "Recommencez la connexion" in html
    assert not card(google.id).has_secret


def test_a_state_is_used_once(adele: FlaskClient, google: MailboxCard) -> None:
    state = asked(adele, google)["state"][0]
    with patch.object(oauth, "consented", side_effect=Trouble("consent")):
        told(adele, adele.get(f"{ROOT}/retour?error=access_denied&state={state}"))
    with patch.object(oauth, "consented", return_value="refresh-me") as consented:
        told(adele, adele.get(f"{ROOT}/retour?code=c0de&state={state}"))
    assert not consented.called
    assert not card(google.id).has_secret


def test_a_provider_that_is_not_set_up_is_said(adele: FlaskClient, google: MailboxCard, app: Flask) -> None:
    oauth.use({})
    assert "plus configuré" in told(adele, adele.get(f"{at(google)}/connexion"))
