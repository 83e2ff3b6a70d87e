"""The mark of an address that could not be reached, where agents write; the button that lifts it, and its undoing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.kernel import clock
from app.kernel.access import Actor
from app.people import service as people
from app.tickets.cases import Mailbox
from app.tickets.opening import Opened
from tests.cast import HUGO, KARIM, LEA, ODILE, STRANGER, Character
from tests.doors.desk.steps import page, press, seen, told
from tests.makers import a_ticket

Act = Callable[[Character], Actor]
SignIn = Callable[[Character], FlaskClient]


@pytest.fixture
def marked(ticket: Opened) -> Opened:
    people.mark_undeliverable(LEA, "5.1.1")
    return ticket


def box(actor: Act, ticket: Opened) -> Mailbox:
    return seen(actor(KARIM), ticket.number).requester.mailboxes[0]


def door(actor: Act, ticket: Opened) -> str:
    return f"/regie/spectateurs/{seen(actor(KARIM), ticket.number).requester.id}"


def test_the_mark_stands_with_its_date_and_cause_where_one_writes_and_where_one_looks(
    marked: Opened, karim: FlaskClient, address: str, actor: Act
) -> None:
    html = page(karim, address)
    composer = html.partition('id="reply"')[2].partition("</form>")[0]
    panel = html.partition("<aside")[2]
    for part in (composer, panel, page(karim, door(actor, marked))):
        assert "non distribués depuis le" in part
        assert "(5.1.1)" in part
        assert "n’existe pas" in part
    assert box(actor, marked).since == clock.now()


@pytest.mark.parametrize("from_request", [True, False])
def test_an_agent_lifts_it_and_undoes_that(
    marked: Opened, karim: FlaskClient, address: str, actor: Act, from_request: bool
) -> None:
    fields = {"email": LEA, "request": str(marked.number) if from_request else ""}
    at, since = address if from_request else door(actor, marked), box(actor, marked).since
    html = told(karim, press(karim, f"{door(actor, marked)}/adresse", at=at, **fields))
    assert "de nouveau joignable" in html
    assert 'name="do" value="mark"' in html
    assert box(actor, marked).undeliverable is None
    told(karim, press(karim, f"{door(actor, marked)}/adresse", at=at, **fields, do="mark"))
    assert (box(actor, marked).undeliverable, box(actor, marked).since) == ("5.1.1", since)
    past = page(karim, f"{address}/historique")
    assert ("de nouveau les courriels" in past) == from_request


def test_it_is_lifted_once_and_what_was_not_lifted_does_not_come_back(
    marked: Opened, karim: FlaskClient, address: str, actor: Act
) -> None:
    place = f"{door(actor, marked)}/adresse"
    for _ in range(2):
        told(karim, press(karim, place, at=address, email=LEA, request=str(marked.number)))
    assert page(karim, f"{address}/historique").count("de nouveau les courriels") == 1
    people.mark_undeliverable(LEA, "5.2.2")
    told(karim, press(karim, place, at=address, email=LEA, do="mark"))
    assert box(actor, marked).undeliverable == "5.2.2"
    other = a_ticket(email=STRANGER)
    html = told(karim, press(karim, f"{door(actor, other)}/adresse", at=address, email=STRANGER, do="mark"))
    assert "n’était pas" in html
    assert box(actor, other).undeliverable is None


def test_addresses_and_requests_of_others_are_not_touched(
    marked: Opened, karim: FlaskClient, address: str, actor: Act, sign_in: SignIn
) -> None:
    other = a_ticket(email=STRANGER)
    place = f"{door(actor, other)}/adresse"
    assert press(karim, place, at=address, email=LEA).status_code == 404
    assert press(karim, place, at=address, email=STRANGER, request=str(marked.number)).status_code == 404
    assert press(sign_in(HUGO), f"{door(actor, marked)}/adresse", email=LEA).status_code == 404
    assert press(sign_in(ODILE), f"{door(actor, marked)}/adresse", email=LEA).status_code == 403
    assert box(actor, marked).undeliverable == "5.1.1"
