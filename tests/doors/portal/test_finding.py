"""Finding a request again."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from app.mail import queries as letters
from app.tickets.opening import Opened
from tests.cast import LEA, STRANGER
from tests.doors.portal.scenery import text_of


@pytest.mark.parametrize("address", ["/retrouver", "/en/find", "/mes-demandes", "/en/my-requests"])
def test_the_way_to_ones_requests_needs_an_address_only(client: FlaskClient, address: str):
    page = text_of(client, address)
    assert 'type="email"' in page
    assert 'type="password"' not in page


def test_known_and_unknown_addresses_hear_the_same(client: FlaskClient, ticket: Opened):
    known = client.post("/retrouver", data={"email": LEA.upper()})
    unknown = client.post("/retrouver", data={"email": STRANGER})
    assert known.status_code == unknown.status_code == 200
    assert known.get_data() == unknown.get_data()
    assert [row.to_email for row in letters.last_out(5, None)] == [LEA]


def test_no_address_is_asked_for_in_place(client: FlaskClient):
    answer = client.post("/en/find", data={"email": " "})
    assert answer.status_code == 422
    assert answer.get_data(as_text=True).count("Give your e-mail address.") == 2


def test_what_cannot_be_an_address_is_kept_to_be_corrected(client: FlaskClient):
    answer = client.post("/en/find", data={"email": "lea.exemple"})
    assert answer.status_code == 422
    assert 'value="lea.exemple"' in answer.get_data(as_text=True)


def test_asking_over_and_over_is_slowed_down(client: FlaskClient):
    answers = [client.post("/retrouver", data={"email": STRANGER}).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]
