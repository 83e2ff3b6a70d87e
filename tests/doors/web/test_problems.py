"""Refusals and faults: a clear sentence, never a trace."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from unittest.mock import patch

import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg.errors import UndefinedColumn
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from app.kernel.db import db
from app.tickets import links
from app.venue import queries as venue_rows
from app.venue import service as venue
from app.web import doors
from tests.cast import KARIM, Character


def test_an_unknown_page_says_so_in_the_language_of_its_address(client: FlaskClient) -> None:
    french, english = client.get("/nulle-part"), client.get("/en/nowhere")
    assert (french.status_code, english.status_code) == (404, 404)
    assert "n’existe pas" in french.get_data(as_text=True)
    assert "does not exist" in english.get_data(as_text=True)


def test_a_fault_of_ours_shows_a_reference_and_no_trace(client: FlaskClient) -> None:
    with patch.object(venue_rows, "opening_slots", side_effect=KeyError("secret-detail")):
        venue.calendar.forget()
        answer = client.get("/")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert "secret-detail" not in text
    assert "Traceback" not in text


def test_a_database_that_does_not_answer_is_said_plainly(client: FlaskClient) -> None:
    trouble = OperationalError("SELECT", {}, Exception("no route to host 10.0.0.9"))
    with patch.object(venue_rows, "house_row", side_effect=trouble):
        venue.house.forget()
        answer = client.get("/")
    assert answer.status_code == 503
    assert "10.0.0.9" not in answer.get_data(as_text=True)
    assert answer.headers["Retry-After"] == "60"


def test_a_version_whose_tables_are_not_made_yet_says_so_in_the_log_and_try_again_to_readers(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    lacking = ProgrammingError("SELECT", {}, UndefinedColumn("column house.motto does not exist"))
    with patch.object(venue_rows, "house_row", side_effect=lacking):
        venue.house.forget()
        answer = client.get("/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "run flask db upgrade" in caplog.text


TROUBLE = OperationalError("INSERT", {}, Exception("no route to host 10.0.0.9"))


def test_what_was_typed_can_be_sent_again_when_the_database_is_back(client: FlaskClient) -> None:
    typed = {"body": "Deux <b>places</b>", "kept": ["un", "deux"]}
    with patch.object(doors, "door_of", side_effect=TROUBLE):
        answer = client.post("/demandes/envoi?lang=fr", data=typed)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 503
    assert '<form method="post" action="/demandes/envoi?lang=fr">' in text
    assert 'name="body" value="Deux &lt;b&gt;places&lt;/b&gt;"' in text
    assert 'name="kept" value="un"' in text
    assert 'name="kept" value="deux"' in text
    assert "Réessayer</button>" in text


def test_a_password_is_never_written_into_a_page(client: FlaskClient) -> None:
    with patch.object(doors, "door_of", side_effect=TROUBLE):
        answer = client.post("/regie/connexion", data={"email": KARIM.email, "password": "secret-words"})
    assert answer.status_code == 503
    assert "secret-words" not in answer.get_data(as_text=True)


def test_files_are_said_to_be_left_out_of_a_second_try(client: FlaskClient) -> None:
    with patch.object(doors, "door_of", side_effect=TROUBLE):
        sent = client.post("/demandes/envoi", data={"body": "Oui", "files": (BytesIO(b"x"), "a.txt")})
    assert "Réessayer sans les fichiers</button>" in sent.get_data(as_text=True)


def test_a_page_that_was_only_read_offers_nothing_to_send(client: FlaskClient) -> None:
    with patch.object(doors, "door_of", side_effect=TROUBLE):
        assert "<form" not in client.get("/demandes/nouvelle?body=Oui").get_data(as_text=True)


def test_words_from_another_site_are_not_offered_to_be_sent(client: FlaskClient) -> None:
    with patch.object(doors, "door_of", side_effect=TROUBLE):
        answer = client.post("/demandes/envoi", data={"body": "Oui"}, headers={"Origin": "https://evil.example"})
    assert "<form" not in answer.get_data(as_text=True)


def test_a_fault_of_ours_keeps_what_was_typed(client: FlaskClient) -> None:
    with patch.object(doors, "door_of", side_effect=KeyError("secret-detail")):
        answer = client.post("/demandes/envoi", data={"body": "Deux places"})
    assert answer.status_code == 500
    assert 'name="body" value="Deux places"' in answer.get_data(as_text=True)


def test_every_answer_carries_the_headers_of_safety(client: FlaskClient) -> None:
    for path in ("/", "/nulle-part", "/regie/connexion", "/demandes/nouvelle"):
        headers = client.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Referrer-Policy" in headers


def test_a_post_from_another_site_is_refused(sign_in: Callable[[Character], FlaskClient]) -> None:
    karim = sign_in(KARIM)
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://["}):
        assert karim.post("/regie/deconnexion", headers=headers).status_code == 403


def test_a_post_without_its_token_is_refused(sign_in: Callable[[Character], FlaskClient]) -> None:
    assert sign_in(KARIM).post("/regie/moi", data={"language": "en"}).status_code == 400


def test_an_unknown_host_is_refused(client: FlaskClient) -> None:
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400


def test_health_says_ok_and_the_description_lists_it(client: FlaskClient) -> None:
    assert client.get("/health").get_json() == {
        "status": "ok",
        "checks": {"database": True, "mail": True, "worker": True},
    }
    assert "/health" in client.get("/api/v1/").get_json()["paths"]


def test_health_says_when_the_database_is_gone(client: FlaskClient) -> None:
    trouble = OperationalError("SELECT 1", {}, Exception("gone"))
    with patch("app.health.service.queries.answers", side_effect=trouble):
        answer = client.get("/health")
    assert answer.status_code == 503


@pytest.mark.parametrize("path", ["/.git/config", "/.env", "/console", "/debug", "/metrics", "/static/../config.py"])
def test_nothing_lies_about(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_permission_table_is_json_for_the_terminal(app: Flask) -> None:
    table = json.loads(app.test_cli_runner().invoke(args=["permissions", "--json"]).output)
    assert {"rule", "endpoint", "methods", "door", "who"} <= set(table[0])
    assert not [row for row in table if row["door"] == "closed"]


def test_the_log_of_a_fault_holds_neither_a_private_address_nor_what_was_written(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    fault = IntegrityError("INSERT", {"body": "secret-words"}, Exception("taken"), hide_parameters=True)
    with patch.object(links, "opened", side_effect=fault):
        assert client.get("/d/secret-token").status_code == 500
    assert "/d/<token>" in caplog.text
    assert "secret" not in caplog.text


def test_errors_of_the_database_keep_what_was_written_to_themselves(app: Flask) -> None:
    assert db.engine.hide_parameters
