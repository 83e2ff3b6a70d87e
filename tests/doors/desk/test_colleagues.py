"""Colleagues and rights: accounts given, roles changed, accounts closed; who may do what."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.kernel.access import SYSTEM, Permission, Role
from app.kernel.db import session
from app.people import entry, staff
from app.people import service as people
from app.people.staff import StaffCard
from tests.cast import ADELE, INES, KARIM, PASSWORD, Character
from tests.doors.desk.steps import page, press, told

SignIn = Callable[[Character], FlaskClient]
TEAM, RIGHTS = "/regie/reglages/equipe", "/regie/reglages/droits"
NEW: dict[str, Any] = {
    "name": "Zoé Marchand", "email": "zoe@valmorin.example", "language": "fr", "roles": ["staff", "agent"],
    "departments": ["billetterie"], "password": "une-phrase-de-passe",
}  # fmt: skip


@pytest.fixture
def adele(noon: datetime, sign_in: SignIn) -> FlaskClient:
    """The administrator."""
    return sign_in(ADELE)


def known(email: str) -> StaffCard:
    session.rollback()
    return next(card for card in staff.roster(by=SYSTEM) if card.email == email)


def where(character: Character) -> str:
    return f"{TEAM}/{known(character.email).id}"


def test_everybody_with_an_account_is_listed(adele: FlaskClient) -> None:
    html = page(adele, TEAM)
    assert html.count('href="/regie/reglages/equipe/') == len(staff.roster(by=SYSTEM)) + 1


def test_a_manager_may_not_give_accounts(sign_in: SignIn) -> None:
    ines, karim = sign_in(INES), where(KARIM)
    for address in (TEAM, f"{TEAM}/nouveau", karim, RIGHTS):
        page(ines, address, 403)
    for address in (f"{TEAM}/nouveau", karim, f"{karim}/fermeture", f"{karim}/ouverture", f"{karim}/essais"):
        assert press(ines, address).status_code == 403


def test_a_stranger_is_asked_to_sign_in(client: FlaskClient) -> None:
    for address in (TEAM, RIGHTS):
        assert client.get(address).headers["Location"].startswith("/regie/connexion")


def test_somebody_new_can_sign_in_at_once(adele: FlaskClient) -> None:
    told(adele, press(adele, f"{TEAM}/nouveau", at=f"{TEAM}/nouveau", **NEW))
    card = known("zoe@valmorin.example")
    assert (card.roles, len(card.departments)) == ((Role.AGENT, Role.STAFF), 1)
    assert entry.sign_in("zoe@valmorin.example", "une-phrase-de-passe")


def test_without_a_password_a_link_goes_out(adele: FlaskClient, run_jobs: Callable[[], int]) -> None:
    told(adele, press(adele, f"{TEAM}/nouveau", at=f"{TEAM}/nouveau", **{**NEW, "password": ""}))
    session.rollback()
    assert run_jobs() == 1
    assert "zoe@valmorin.example" in page(adele, "/lettres")


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"email": "zoe"}, "email"),
        ({"email": KARIM.email}, "email"),
        ({"name": ""}, "name"),
        ({"roles": []}, "roles"),
        ({"roles": ["spectator"]}, "roles"),
        ({"roles": ["king"]}, "roles"),
        ({"departments": ["bar"]}, "departments"),
        ({"password": "court"}, "password"),
        ({"language": "de"}, "language"),
    ],
)
def test_an_account_that_cannot_be_says_why(adele: FlaskClient, change: dict[str, Any], wrong: str) -> None:
    answer = press(adele, f"{TEAM}/nouveau", at=f"{TEAM}/nouveau", **{**NEW, **change})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'<a href="#f-{wrong}">' in html
    assert "une-phrase-de-passe" not in html


def test_other_roles_hold_at_once(adele: FlaskClient, sign_in: SignIn) -> None:
    karim = sign_in(KARIM)
    told(adele, press(adele, where(KARIM), at=where(KARIM), roles=["staff", "editor"], departments=[]))
    assert known(KARIM.email).roles == (Role.EDITOR, Role.STAFF)
    assert karim.get("/regie/base").headers["Location"].startswith("/regie/connexion")
    page(sign_in(KARIM), "/regie/base")


def test_the_last_administrator_stays_one(adele: FlaskClient) -> None:
    answer = press(adele, where(ADELE), at=where(ADELE), roles=["staff"])
    assert answer.status_code == 422
    assert '<a href="#f-roles">' in answer.get_data(as_text=True)
    assert known(ADELE.email).roles == (Role.ADMIN,)


def test_a_closed_account_opens_no_door_until_it_is_opened_again(adele: FlaskClient, sign_in: SignIn) -> None:
    karim, here = sign_in(KARIM), where(KARIM)
    html = told(adele, press(adele, f"{here}/fermeture", at=here))
    assert f'action="{here}/ouverture"' in html
    assert karim.get("/regie/file/todo").headers["Location"].startswith("/regie/connexion")
    told(adele, press(adele, f"{here}/ouverture", at=here))
    assert entry.sign_in(KARIM.email, PASSWORD)


def test_nobody_closes_their_own_account(adele: FlaskClient) -> None:
    answer = press(adele, f"{where(ADELE)}/fermeture", at=where(ADELE))
    assert answer.status_code == 422
    assert known(ADELE.email).active


def test_an_administrator_lets_a_colleague_try_again(adele: FlaskClient, client: FlaskClient) -> None:
    here = where(KARIM)
    assert f"{here}/essais" not in page(adele, here)
    for _ in range(10):
        client.post("/regie/connexion", data={"email": KARIM.email, "password": "faux"})
    assert client.post("/regie/connexion", data={"email": KARIM.email, "password": PASSWORD}).status_code == 422
    assert f'action="{here}/essais"' in page(adele, here)
    assert f"{here}/essais" not in told(adele, press(adele, f"{here}/essais", at=here))
    assert client.post("/regie/connexion", data={"email": KARIM.email, "password": PASSWORD}).status_code == 303


def test_spectators_have_no_page_here(adele: FlaskClient) -> None:
    spectator = people.recognise([people.Writer("quelquun@exemple.fr")])["quelquun@exemple.fr"]
    page(adele, f"{TEAM}/{spectator}", 404)


def test_the_matrix_names_every_right_and_every_page(adele: FlaskClient) -> None:
    html = page(adele, RIGHTS)
    assert all(one.value in html for one in Permission)
    assert re.search(r"<code[^>]*>/regie/pilotage</code>", html)
