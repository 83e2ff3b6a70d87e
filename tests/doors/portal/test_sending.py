"""Making a request, second step: check, send once, hear what happens next."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient

from app.kernel import clock
from app.kernel.db import session
from app.mail import queries as letters
from app.tickets import message_queries
from app.tickets.models import Ticket
from tests.cast import LEA
from tests.doors.portal.scenery import PDF, a_form, text_of
from tests.makers import a_ticket

pytestmark = pytest.mark.usefixtures("shelf", "season")

CHECK, SEND = "/en/requests/check", "/en/requests/send"


def _carried(page: str) -> dict[str, object]:
    """What the page of the second step would send."""
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {name: value.replace("&#34;", '"').replace("&amp;", "&") for name, value in pairs}


def _tickets() -> list[Ticket]:
    return session.query(Ticket).order_by(Ticket.id).all()


def test_the_second_step_shows_everything_and_sends_nothing(client: FlaskClient):
    form = a_form(commande="val-7k3qd") | {"own-seats": "B 14"}
    page = client.post(CHECK, data=form).get_data(as_text=True)
    assert "Nothing has been sent yet." in page
    assert "B 14" in page
    assert "VAL-7K3QD" in page
    assert LEA in page
    assert not _tickets()


def test_what_the_second_step_carries_opens_the_request(client: FlaskClient):
    form = a_form(commande="val-7k3qd", files=[(BytesIO(PDF), "billet.pdf")]) | {"own-wished_date": "2026-12-01"}
    answer = client.post(SEND, data=_carried(client.post(CHECK, data=form).get_data(as_text=True)))
    assert answer.status_code == 303
    [ticket] = _tickets()
    assert (ticket.subject, ticket.type, ticket.order_code) == ("Exchange my seats", "exchange_date", "VAL-7K3QD")
    assert ticket.language == "en"
    assert ticket.answers == {"wished_date": "2026-12-01"}
    assert ticket.performance_id is not None
    [file] = message_queries.public_messages(ticket.id)[0].attachments
    assert file.name == "billet.pdf"


def test_the_page_after_tells_number_and_promise_but_no_link(client: FlaskClient):
    answer = client.post(SEND, data=a_form())
    page = text_of(client, answer.headers["Location"])
    [ticket] = _tickets()
    assert f"Request no. {ticket.number}" in page
    assert "We will answer before Thursday 12\u00a0November, 2:30\u00a0pm" in page
    assert "/d/" not in page


def test_pressing_twice_sends_once(client: FlaskClient):
    form = a_form()
    first, second = client.post(SEND, data=form), client.post(SEND, data=form)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(_tickets()) == 1


def test_changing_an_answer_keeps_all_the_others(client: FlaskClient):
    form = a_form(files=[(BytesIO(PDF), "billet.pdf")]) | {"own-seats": "B 14"}
    carried = _carried(client.post(CHECK, data=form).get_data(as_text=True))
    page = client.post("/en/requests/new", data=carried).get_data(as_text=True)
    for words in ('value="B 14"', "billet.pdf", "Bonjour, je voudrais venir", f'value="{LEA}"'):
        assert words in page


def test_coming_to_the_second_step_without_the_first_leads_back(client: FlaskClient):
    answer = client.get(CHECK)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/en/requests/new")


def test_a_wrong_order_code_is_only_noted(client: FlaskClient):
    client.post(SEND, data=a_form(commande="val zz zz"))
    [ticket] = _tickets()
    assert (ticket.order_code, ticket.performance_id) == ("VAL-ZZZZ", None)


def test_a_form_nobody_made_sends_nothing(client: FlaskClient):
    answer = client.post(SEND, data=a_form(form="abc.def.ghi"))
    assert answer.status_code == 422
    assert "This page stayed open too long" in answer.get_data(as_text=True)
    assert not _tickets()


def test_a_form_open_since_yesterday_is_renewed_with_its_text(client: FlaskClient, noon: datetime):
    form = a_form()
    with clock.frozen_at(noon + timedelta(hours=13)):
        page = client.post(SEND, data=form).get_data(as_text=True)
        fresh = re.search(r'name="form" value="([^"]+)"', page)
        assert fresh
        assert "je voudrais venir la semaine suivante" in page
    with clock.frozen_at(noon + timedelta(hours=13, seconds=30)):
        assert client.post(SEND, data=form | {"form": fresh[1]}).status_code == 303


def test_a_machine_that_fills_every_field_is_stopped(client: FlaskClient):
    answer = client.post(SEND, data=a_form(site="https://achat.example"))
    assert answer.status_code == 422
    assert not _tickets()


def test_sending_is_slowed_down(client: FlaskClient):
    answers = [client.post(SEND, data=a_form(email=f"lea{n}@exemple.fr")).status_code for n in range(11)]
    assert answers == [303] * 10 + [429]


def test_who_has_a_request_open_on_the_order_is_offered_its_link(client: FlaskClient):
    there = a_ticket(order_code="VAL-7K3QD")
    page = client.post(CHECK, data=a_form(commande="VAL-7K3QD")).get_data(as_text=True)
    assert "you already have a request open about this order" in page
    assert str(there.number) not in page
    answer = client.post("/en/requests/already-open", data=a_form(commande="VAL-7K3QD"))
    assert "Look at your mail" in answer.get_data(as_text=True)
    assert [row.ticket_id for row in letters.last_out(10, None)] == [there.ticket_id]


def test_a_stranger_learns_nothing_of_a_request_on_an_order(client: FlaskClient):
    a_ticket(order_code="VAL-7K3QD")
    page = client.post(CHECK, data=a_form(commande="VAL-7K3QD", email="autre@exemple.fr")).get_data(as_text=True)
    assert "already have a request" not in page
    client.post("/en/requests/already-open", data=a_form(commande="VAL-7K3QD", email="autre@exemple.fr"))
    assert not letters.last_out(10, None)


@pytest.mark.parametrize("key", ["", "inconnu", "x" * 4_000])
def test_a_receipt_nobody_got_does_not_exist(client: FlaskClient, key: str):
    assert client.get(f"/demandes/envoyee?f={key}").status_code == 404


def test_the_french_addresses_do_the_same(client: FlaskClient):
    answer = client.post("/demandes/envoi", data=a_form())
    assert answer.headers["Location"].startswith("/demandes/envoyee?f=")
    assert _tickets()[0].language == "fr"
