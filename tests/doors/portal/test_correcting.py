"""Readers correct an article from its page, in either language; editors alone read it."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from app.kernel.access import SYSTEM
from app.knowledge import correcting
from tests.cast import LEA
from tests.doors.portal.scenery import text_of

pytestmark = pytest.mark.usefixtures("shelf")

ARTICLE = "/aide/annulations/mon-spectacle-est-annule"
ENGLISH = "/en/help/cancellations/my-show-is-cancelled"
WORDS = "Le délai est de trente jours, et non de dix."


def test_the_form_stands_on_the_page_and_by_itself(client: FlaskClient):
    assert f'action="{ARTICLE}/correction"' in text_of(client, ARTICLE)
    assert "Proposer une correction" in text_of(client, f"{ARTICLE}/correction")
    assert "Propose a correction" in text_of(client, f"{ENGLISH}/correction")


@pytest.mark.parametrize(
    ("address", "thanks", "once"), [(ARTICLE, "Merci", "Nous vous écrirons"), (ENGLISH, "Thank you", "We will write")]
)
def test_it_is_thanked_for_and_waits(client: FlaskClient, address: str, thanks: str, once: str):
    html = client.post(f"{address}/correction", data={"text": WORDS, "email": LEA}).get_data(as_text=True)
    assert thanks in html
    assert once in html
    (one,) = correcting.listed(by=SYSTEM)
    assert (one.slug, one.text, one.state) == ("show-cancelled", WORDS, "waiting")
    assert WORDS not in text_of(client, address)


@pytest.mark.parametrize(
    ("text", "email", "words"),
    [
        (" ", LEA, "Écrivez quelque chose"), ("x" * 2_001, "", "trop long"),
        (WORDS, "pas-une-adresse", "Écrivez l’adresse"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_said_beside_it_and_kept(client: FlaskClient, text: str, email: str, words: str):
    answer = client.post(f"{ARTICLE}/correction", data={"text": text, "email": email})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert words in html
    assert text in html
    assert f'value="{email}"' in html
    assert correcting.listed(by=SYSTEM) == []


def test_robots_leave_nothing_behind(client: FlaskClient):
    client.post(f"{ARTICLE}/correction", data={"text": WORDS, "website": "http://spam.example"})
    assert correcting.listed(by=SYSTEM) == []


def test_a_page_that_is_not_there_takes_no_correction(client: FlaskClient):
    assert client.post("/aide/annulations/nulle-part/correction", data={"text": WORDS}).status_code == 404
    assert client.get("/aide/annulations/nulle-part/correction").status_code == 404
