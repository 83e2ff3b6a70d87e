"""TRUST S35: what anybody can write into a request says neither who they are, nor where from, nor where we live."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.factory import create_app
from app.kernel.db import session
from app.mail.models import LetterOut
from tests.cast import ADELE, LEA, STRANGER
from tests.conftest import settings_for
from tests.makers import a_ticket

pytestmark = pytest.mark.usefixtures("noon")


@pytest.mark.parametrize("name", ["X-Remote-User", "Remote-User", "X-Forwarded-User", "X-Auth-Request-Email", "From"])
def test_nobody_is_who_a_header_says(client: FlaskClient, name: str) -> None:
    answer = client.get("/regie/reglages/equipe", headers={name: ADELE.email})
    assert (answer.status_code, "/regie/connexion" in answer.headers["Location"]) == (303, True)


def asked(client: FlaskClient, *forwarded: str) -> list[int]:
    return [
        client.post("/retrouver", data={"email": STRANGER}, headers={"X-Forwarded-For": one}).status_code
        for one in forwarded
    ]


def test_without_a_proxy_nobody_comes_from_elsewhere_by_saying_so(client: FlaskClient) -> None:
    assert asked(client, *[f"203.0.113.{place}" for place in range(6)]) == [200] * 5 + [429]


def test_behind_a_proxy_only_its_own_word_counts(app: Flask, tmp_path: Path) -> None:
    behind = create_app(settings_for(tmp_path / "data", TRUSTED_PROXIES="1")).test_client()
    assert asked(behind, *[f"198.51.100.{place}, 203.0.113.7" for place in range(6)]) == [200] * 5 + [429]
    assert asked(behind, "203.0.113.7, 203.0.113.8") == [200]


def test_a_request_for_another_house_is_refused(client: FlaskClient) -> None:
    a_ticket()
    assert client.post("/retrouver", data={"email": LEA}, headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("name", ["X-Forwarded-Host", "Forwarded", "X-Original-URL"])
def test_links_in_letters_lead_to_us_wherever_one_says_we_live(
    client: FlaskClient, run_jobs: Callable[[], int], name: str
) -> None:
    a_ticket()
    value = "host=evil.example" if name == "Forwarded" else "evil.example"
    assert client.post("/retrouver", data={"email": LEA}, headers={name: value}).status_code == 200
    run_jobs()
    letters = session.query(LetterOut).filter_by(to_email=LEA).all()
    assert "link" in {row.kind for row in letters}
    assert all("evil" not in row.text and "http://localhost/d/" in row.text for row in letters)
