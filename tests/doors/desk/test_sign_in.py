"""Signing in and out."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel import clock, keys
from app.kernel.access import Actor
from app.mail import outgoing
from app.people import entry_queries
from tests.cast import ADELE, INES, KARIM, PASSWORD, PAUL, SAMI, STRANGER, Character
from tests.doors.desk.steps import page, press

SignIn = Callable[[Character], FlaskClient]


@pytest.mark.parametrize(
    ("who", "where"),
    [(KARIM, "/regie/file/todo"), (INES, "/regie/pilotage"), (PAUL, "/regie/base"), (SAMI, "/regie/interne")],
)
def test_everybody_lands_where_they_work(client: FlaskClient, who: Character, where: str) -> None:
    answer = client.post("/regie/connexion", data={"email": who.email, "password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (303, where)


def test_the_wished_page_comes_after_signing_in(client: FlaskClient) -> None:
    asked = client.get("/regie/file/late?priority=high")
    form = page(client, asked.headers["Location"])
    there = re.search(r'name="next" value="([^"]+)"', form)
    assert there is not None
    answer = client.post("/regie/connexion", data={"email": KARIM.email, "password": PASSWORD, "next": there[1]})
    assert answer.headers["Location"] == "/regie/file/late?priority=high"


@pytest.mark.parametrize(
    "there", ["https://ailleurs.example/", "//ailleurs.example/", "/\\ailleurs.example", "regie", "/regie\r\nX: y"]
)
def test_nobody_is_sent_to_another_site(client: FlaskClient, there: str) -> None:
    answer = client.post("/regie/connexion", data={"email": KARIM.email, "password": PASSWORD, "next": there})
    assert answer.headers["Location"] == "/regie/file/todo"


def test_a_wrong_password_is_said_in_place_and_the_address_stays(client: FlaskClient) -> None:
    answer = client.post("/regie/connexion", data={"email": KARIM.email, "password": "faux"})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'value="{KARIM.email}"' in html
    assert 'aria-describedby="f-password-e"' in html
    assert 'href="#f-password"' in html


def test_a_known_and_an_unknown_address_read_the_same(client: FlaskClient, noon: datetime) -> None:
    def words(email: str) -> str:
        html = client.post("/regie/connexion", data={"email": email, "password": "faux"}).get_data(as_text=True)
        return html.replace(email, "")

    assert words(KARIM.email) == words(STRANGER)


def test_an_address_that_is_none_is_said(client: FlaskClient) -> None:
    answer = client.post("/regie/connexion", data={"email": "karim", "password": PASSWORD})
    assert answer.status_code == 422
    assert 'href="#f-email"' in answer.get_data(as_text=True)


def test_too_many_tries_only_wait(client: FlaskClient, noon: datetime) -> None:
    for _ in range(10):
        client.post("/regie/connexion", data={"email": KARIM.email, "password": "faux"})
    answer = client.post("/regie/connexion", data={"email": KARIM.email, "password": PASSWORD})
    assert answer.status_code == 422


def test_the_doors_are_limited_for_one_origin(client: FlaskClient) -> None:
    statuses = {client.post("/regie/connexion/lien", data={"email": STRANGER}).status_code for _ in range(12)}
    assert statuses == {200, 429}


def test_a_link_by_letter_signs_in_once_and_only_when_pressed(
    client: FlaskClient, noon: datetime, run_jobs: Callable[[], int]
) -> None:
    client.post("/regie/connexion/lien", data={"email": KARIM.email})
    run_jobs()
    token = _token_of(KARIM)
    page(client, f"/regie/connexion/{token}")
    assert client.get("/regie/file/todo").status_code == 303
    assert client.post(f"/regie/connexion/{token}").headers["Location"] == "/regie/file/todo"
    page(client, "/regie/file/todo")
    assert press(client, f"/regie/connexion/{token}", at=f"/regie/connexion/{token}").status_code == 410


def test_an_old_link_has_expired(client: FlaskClient, noon: datetime) -> None:
    client.post("/regie/connexion/lien", data={"email": KARIM.email})
    with clock.frozen_at(noon + timedelta(minutes=16)):
        assert client.post(f"/regie/connexion/{_token_of(KARIM)}").status_code == 410


def test_an_invented_link_is_unknown(client: FlaskClient) -> None:
    assert client.post(f"/regie/connexion/{keys.link_token('sign-in', keys.nonce(), 1)}").status_code == 404


def test_asking_for_a_link_tells_nothing_about_the_address(client: FlaskClient, app: Flask) -> None:
    known, unknown = (
        client.post("/regie/connexion/lien", data={"email": email}).get_data(as_text=True).replace(email, "")
        for email in (KARIM.email, STRANGER)
    )
    assert known == unknown


def test_signing_out_ends_the_session(sign_in: SignIn) -> None:
    browser = sign_in(KARIM)
    assert press(browser, "/regie/deconnexion").headers["Location"] == "/regie/connexion"
    assert browser.get("/regie/file/todo").status_code == 303


def test_signing_out_needs_the_proof_of_the_page(sign_in: SignIn) -> None:
    browser = sign_in(KARIM)
    assert browser.post("/regie/deconnexion").status_code == 400
    page(browser, "/regie/file/todo")


def test_a_sign_in_link_leaves_by_letter(
    client: FlaskClient, noon: datetime, run_jobs: Callable[[], int], actor: Callable[[Character], Actor]
) -> None:
    client.post("/regie/connexion/lien", data={"email": KARIM.email})
    run_jobs()
    letters = outgoing.latest(by=actor(ADELE))
    assert [letter.kind for letter in letters] == ["sign_in"]


def _token_of(who: Character) -> str:
    account = entry_queries.account_by_email(who.email)
    assert account is not None
    (link,) = entry_queries.sign_in_links(range(1, 5)).values()
    return keys.link_token("sign-in", link.nonce, link.generation)
