"""Finding by what somebody has in hand."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.knowledge import loading
from app.search import desk
from app.tickets.opening import Opened
from tests.cast import HUGO, PAUL, SAMI, Character
from tests.conftest import ARTICLES
from tests.doors.desk.steps import page, statements
from tests.makers import a_ticket

SignIn = Callable[[Character], FlaskClient]
WHERE = "/regie/recherche?q="


@pytest.fixture
def found(ticket: Opened) -> Opened:
    """A request with an order, an accent in its subject, among others."""
    a_ticket(email="autre@exemple.fr", name="Autre Personne", subject="Parking")
    opened = a_ticket(subject="Échange de date", order_code="VAL-7K3QD")
    desk.read_due()
    return opened


@pytest.mark.parametrize("words", ["val 7k3qd", "VAL-7K3QD", "échange", "lea.fontanel@", "fontanel", "Léa", "fontanél"])
def test_it_is_found_by(words: str, found: Opened, karim: FlaskClient) -> None:
    assert f'data-row="{found.number}"' in page(karim, WHERE + words)


def test_others_are_not(found: Opened, karim: FlaskClient) -> None:
    assert "Parking" not in page(karim, WHERE + "fontanel")


@pytest.mark.parametrize("sign", ["", "%23"])
def test_a_number_leads_straight_there(sign: str, ticket: Opened, karim: FlaskClient) -> None:
    answer = karim.get(f"{WHERE}{sign}{ticket.number}")
    assert answer.headers["Location"] == f"/regie/demandes/{ticket.number}"


@pytest.mark.parametrize("words", ["%25", "_", "' OR 1=1 --", "%00", "é" * 5_000, "AND NOT (", "99999999999999999999"])
def test_hostile_words_find_nothing_and_break_nothing(words: str, ticket: Opened, karim: FlaskClient) -> None:
    assert "data-row" not in page(karim, WHERE + words)


def test_requests_out_of_sight_are_not_found(found: Opened, sign_in: SignIn) -> None:
    assert "data-row" not in page(sign_in(HUGO), WHERE + "fontanel")
    assert "data-row" not in page(sign_in(HUGO), f"{WHERE}{found.number}")


def test_who_handles_no_requests_finds_articles_only(found: Opened, sign_in: SignIn) -> None:
    assert "data-row" not in page(sign_in(PAUL), WHERE + "fontanel")


def test_nothing_asked_shows_what_can_be(karim: FlaskClient) -> None:
    assert 'class="empty"' in page(karim, "/regie/recherche")


def test_one_found_and_many_cost_the_same(karim: FlaskClient, ticket: Opened) -> None:
    desk.read_due()
    one = statements(karim, WHERE + "fontanel")
    for _ in range(10):
        a_ticket()
    desk.read_due()
    assert statements(karim, WHERE + "fontanel") == one


def test_the_palette_asks_for_lines_only(karim: FlaskClient, ticket: Opened) -> None:
    html = page(karim, f"/regie/recherche/articles?q=remboursement&langue=fr&demande={ticket.number}")
    assert "<html" not in html
    assert re.search(r"<script", html) is None


def test_before_a_word_the_palette_offers_what_fits_the_reason(
    karim: FlaskClient, ticket: Opened, sign_in: SignIn, tmp_path: Path
) -> None:
    for name in ("show-cancelled.fr.md", "cancellation-night.fr.md"):
        shutil.copy(ARTICLES / name, tmp_path)
    loading.load_folder(tmp_path)
    address = f"/regie/recherche/articles?q=&langue=fr&demande={ticket.number}"
    html = page(karim, address)
    assert f"/regie/demandes/{ticket.number}/articles/show-cancelled" in html
    assert "cancellation-night" not in html
    page(sign_in(HUGO), address, 404)


def test_an_article_is_inserted_with_its_public_address(karim: FlaskClient, ticket: Opened, tmp_path: Path) -> None:
    shutil.copy(ARTICLES / "show-cancelled.fr.md", tmp_path)
    loading.load_folder(tmp_path)
    answer = karim.get(f"/regie/demandes/{ticket.number}/articles/show-cancelled").json
    assert answer is not None
    assert answer["text"].endswith("http://localhost/aide/annulations/mon-spectacle-est-annule")


LINES = "/regie/recherche/lignes?q="


def test_lines_lead_to_requests_and_people(found: Opened, karim: FlaskClient) -> None:
    html = page(karim, LINES + "fontanel")
    assert "<html" not in html
    assert f'data-href="/regie/demandes/{found.number}"' in html
    assert 'data-href="/regie/spectateurs/' in html
    assert 'data-href="/regie/recherche?q=fontanel"' in html


def test_before_a_word_the_lines_are_the_places_of_the_desk(found: Opened, karim: FlaskClient) -> None:
    html = page(karim, LINES)
    assert 'data-href="/regie/file/todo"' in html
    assert "/regie/reglages" not in html
    assert "/regie/demandes/nouvelle" in page(karim, LINES + "nouvelle demande")


def test_lines_are_empty_where_nothing_fits(found: Opened, karim: FlaskClient) -> None:
    assert 'role="option"' not in page(karim, LINES + "xyzzyq")


@pytest.mark.parametrize("who", [HUGO, PAUL, SAMI])
def test_lines_tell_nothing_of_requests_out_of_sight(who: Character, found: Opened, sign_in: SignIn) -> None:
    html = page(sign_in(who), LINES + "fontanel")
    assert str(found.number) not in html
    assert "fontanel@" not in html


def test_strangers_get_no_lines(client: FlaskClient) -> None:
    assert client.get(LINES + "fontanel").status_code in {302, 303}


@pytest.mark.parametrize("words", ["%25", "' OR 1=1 --", "%00", "é" * 5_000, "AND NOT (", "9" * 40, "%22*"])
def test_hostile_words_break_no_lines(words: str, found: Opened, karim: FlaskClient) -> None:
    assert 'data-href="/regie/demandes/' not in page(karim, LINES + words).replace("/regie/demandes/nouvelle", "")


def test_a_number_that_is_none_is_not_found(karim: FlaskClient) -> None:
    page(karim, "/regie/recherche/articles?q=a&demande=abc", 404)


def test_who_answers_nobody_may_not_ask_the_palette(sign_in: SignIn, ticket: Opened) -> None:
    page(sign_in(SAMI), "/regie/recherche/articles?q=a", 403)
