"""Refusals and faults: a clear sentence, never a trace."""

from __future__ import annotations

import json
from collections.abc import Callable
from unittest.mock import patch

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError, OperationalError

from app.kernel.db import db
from app.tickets import links
from app.venue import queries as venue_rows
from app.venue import service as venue
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
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert karim.post("/regie/deconnexion", headers=headers).status_code == 403


def test_a_post_without_its_token_is_refused(sign_in: Callable[[Character], FlaskClient]) -> None:
    assert sign_in(KARIM).post("/regie/moi", data={"language": "en"}).status_code == 400


def test_an_unknown_host_is_refused(client: FlaskClient) -> None:
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400


def test_health_says_ok_and_the_description_lists_it(client: FlaskClient) -> None:
    assert client.get("/health").get_json() == {"status": "ok", "checks": {"database": True}}
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
