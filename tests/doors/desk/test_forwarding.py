"""Files of a message are ticked beside it, and the form keeps them when something is not right."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from app.kernel.access import spectator
from app.mail import queries as letters
from app.tickets import conversation
from app.tickets import queries as tickets
from app.tickets.conversation import Word
from app.tickets.files import store
from app.tickets.opening import Opened
from tests.doors.desk.steps import page, press, told


@pytest.fixture
def form(karim: FlaskClient, ticket: Opened, address: str) -> str:
    row = tickets.card(ticket.ticket_id)
    assert row is not None
    kept = store("facture.pdf", "application/pdf", b"%PDF-1.4 deux places")
    lea = spectator(row.requester_id, door="portal", ticket_id=row.id)
    conversation.write_again(row.id, Word(body="Voici la facture.", files=(kept,)), by=lea)
    return f"{address}/transfert"


def ticked(html: str, field: str) -> list[str]:
    return re.findall(rf'name="{field}" value="(\d+)" checked', html)


def test_the_newest_message_and_its_files_are_ticked_and_sent_once(karim: FlaskClient, form: str) -> None:
    html = page(karim, form)
    chosen = {"messages": ticked(html, "messages"), "files": ticked(html, "files")}
    assert [len(some) for some in chosen.values()] == [1, 1]
    key = re.search(r'name="submission" value="([^"]+)"', html)
    assert key is not None
    for _ in range(2):
        html = told(karim, press(karim, form, at=form, email="technique@exemple.fr", submission=key[1], **chosen))
    sent = [row for row in letters.last_out() if row.kind == "forward"]
    assert [[file["name"] for file in row.values["files"]] for row in sent] == [["facture.pdf"]]
    assert "Envoi en cours" in html


def test_a_file_without_its_message_is_answered_with_the_choice_kept(karim: FlaskClient, form: str) -> None:
    html = page(karim, form)
    files, messages = ticked(html, "files"), re.findall(r'name="messages" value="(\d+)"', html)
    answer = press(karim, form, at=form, email="technique@exemple.fr", messages=messages[:1], files=files)
    assert answer.status_code == 422
    html = answer.get_data(as_text=True)
    assert 'id="f-files"' in html
    assert ticked(html, "files") == files
