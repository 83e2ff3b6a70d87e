"""Readers propose articles; editors read them first, and nobody can flood them."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from app.kernel.access import SYSTEM
from app.knowledge import beginning, editing, reviewing
from tests.doors.portal.scenery import text_of

pytestmark = pytest.mark.usefixtures("shelf")

WORDS = "Le vestiaire ferme vingt minutes après. Appelez Léa au 06 12 34 56 78."


def test_a_proposal_waits_for_an_editor_and_nobody_else_reads_it(client: FlaskClient):
    assert "Propose an answer" in text_of(client, "/en/help/propose")
    answer = client.post("/aide/proposer", data={"title": "Le vestiaire ferme quand ?", "text": WORDS})
    assert answer.status_code == 200
    assert "Merci" in answer.get_data(as_text=True)
    (card,) = reviewing.waiting(by=SYSTEM)
    source = editing.draft(card.id, by=SYSTEM).source
    assert (card.origin, card.author_id, card.lang) == ("reader", None, "fr")
    assert "vingt minutes" in source
    assert "06 12" not in source
    assert "audience: staff" in source
    assert "vestiaire ferme" not in text_of(client, "/aide")


@pytest.mark.parametrize(
    ("title", "text"), [("", WORDS), ("Quand ?", " "), ("x" * 201, WORDS), ("Quand ?", "x" * 4_001)]
)
def test_what_cannot_be_taken_is_said_and_kept(client: FlaskClient, title: str, text: str):
    answer = client.post("/aide/proposer", data={"title": title, "text": text})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert title in page
    assert text in page
    assert reviewing.waiting(by=SYSTEM) == []


def test_robots_leave_nothing_behind(client: FlaskClient):
    client.post("/aide/proposer", data={"title": "Buy", "text": WORDS, "website": "http://spam.example"})
    assert reviewing.waiting(by=SYSTEM) == []


def test_a_flood_does_not_bury_what_editors_have_to_read(client: FlaskClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(beginning, "WAITING", 1)
    sent = {"title": "Quand ?", "text": WORDS}
    assert client.post("/aide/proposer", data=sent).status_code == 200
    full = client.post("/aide/proposer", data=sent)
    assert full.status_code == 422
    assert "Trop de propositions" in full.get_data(as_text=True)
    assert len(reviewing.waiting(by=SYSTEM)) == 1
