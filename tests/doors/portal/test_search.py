"""Search: answers, spelling help, and never a dead end."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from app.kernel.db import session
from app.search import gap_queries
from app.search.models import GivenUp, SearchClick, SearchGap
from tests.doors.portal.scenery import a_form, text_of

pytestmark = pytest.mark.usefixtures("shelf")
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def test_a_question_finds_its_answer_with_the_words_that_fit(client: FlaskClient):
    page = text_of(client, "/en/search?q=my+show+was+cancelled")
    assert "/en/help/cancellations/my-show-is-cancelled" in page
    assert "<mark>" in page
    assert 'role="status"' in page


def test_nothing_found_still_leads_on_with_the_words_kept(client: FlaskClient):
    page = text_of(client, "/en/search?q=xylophone")
    assert "No answer found for “xylophone”." in page
    assert "/en/requests/new?q=xylophone" in page
    assert "/en/help/cancellations" in page


def test_what_found_nothing_is_noted_for_editors_and_nothing_else(client: FlaskClient):
    for words in ("xylophone", "Xylophone", "cancelled", ""):
        text_of(client, f"/en/search?q={words}")
    client.get("/en/search?q=xylophone", headers={"HX-Request": "true"})
    session.rollback()
    assert [(row.lang, row.words, row.count) for row in session.query(SearchGap)] == [("en", "xylophone", 2)]


def test_the_page_is_shown_though_nothing_can_be_noted(client: FlaskClient, monkeypatch: pytest.MonkeyPatch):
    def broken(*_given: object) -> None:
        raise RuntimeError("no room")

    monkeypatch.setattr(gap_queries, "add", broken)
    assert "No answer found for “xylophone”." in text_of(client, "/en/search?q=xylophone")


def test_a_misspelt_word_is_mended(client: FlaskClient):
    assert "Did you mean:" in text_of(client, "/en/search?q=cancelld+show")


def test_an_empty_question_shows_the_topics(client: FlaskClient):
    assert "/aide/annulations" in text_of(client, "/recherche")


def test_an_answer_in_the_other_language_says_so(client: FlaskClient):
    page = text_of(client, "/en/search?q=objet+perdu")
    assert 'lang="fr" hreflang="fr">' in page
    assert "In French" in page


def test_answers_while_typing_come_as_a_list_of_links(client: FlaskClient):
    answer = client.get("/recherche?q=spectacle+annul", headers={"HX-Request": "true"})
    page = answer.get_data(as_text=True)
    assert "data-announce=" in page
    assert "<html" not in page
    assert "mon-spectacle-est-annule" in page
    assert "HX-Request" in answer.headers["Vary"]


@pytest.mark.parametrize(
    "words", ["%00", "x" * 9_000, "AND+OR+(", "%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "%F0%9F%8E%AD"]
)
def test_hostile_words_are_only_words(client: FlaskClient, words: str):
    page = text_of(client, f"/recherche?q={words}")
    assert "<script>alert" not in page


def test_odd_parameters_do_not_reach_the_link_to_the_other_language(client: FlaskClient):
    page = text_of(client, "/recherche?q=a&_scheme=javascript&_external=1&endpoint=x&lang=zz")
    assert 'href="/en/search?q=a&amp;_scheme=javascript' in page
    assert "javascript://" not in page


def test_what_no_article_clearly_answers_is_admitted_and_noted(client: FlaskClient):
    page = text_of(client, "/en/search?q=cancelled+planetarium+xylophone+telescope")
    assert "No article clearly answers" in page
    assert page.index("Ask the box office") < page.index("/en/help/cancellations/my-show-is-cancelled")
    assert "/en/requests/new?q=cancelled+planetarium+xylophone+telescope" in page
    session.rollback()
    assert [row.words for row in session.query(SearchGap)] == ["cancelled planetarium xylophone telescope"]


def test_while_typing_the_way_to_a_person_keeps_the_words(client: FlaskClient):
    for words in ("cancelled", "xylophone"):
        page = client.get(f"/en/search?q={words}", headers={"HX-Request": "true"}).get_data(as_text=True)
        assert f'href="/en/requests/new?q={words}"' in page
    empty = client.get("/en/search?q=", headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "/en/requests/new" not in empty


def test_an_answer_opened_from_results_is_learned_until_it_did_not_help(client: FlaskClient):
    address = "/en/help/cancellations/my-show-is-cancelled"
    led = {"Referer": "http://localhost/en/search?q=Is+it+off%3F+lea@exemple.fr"}
    for browser in ("one", "another that the same person says it is"):
        client.get(address, headers=led | {"User-Agent": browser})
    for place in ("::1", "::2"):  # two addresses of one household
        client.get(address, headers=led, environ_base={"REMOTE_ADDR": f"2001:db8:7:8{place}"})
    client.get(address, headers={"Referer": "http://elsewhere.example/en/search?q=robbery"})
    client.get(address, headers={"Referer": "http://localhost/en/help"})
    session.rollback()
    assert [(row.lang, row.words) for row in session.query(SearchClick)] == [("en", "is it off? …")] * 2
    client.post(f"{address}/opinion", data={"helpful": "no"}, headers={"Origin": "http://localhost"})
    session.rollback()
    assert session.query(SearchClick).count() == 1  # the other household's


@pytest.mark.usefixtures("season")
def test_an_answer_opened_and_then_written_about_is_charged_with_the_words_typed(client: FlaskClient):
    address = "/en/help/cancellations/my-show-is-cancelled"
    led = {"Referer": "http://localhost/en/search?q=Is+it+off%3F+lea@exemple.fr"}
    client.get(address, headers=led)
    client.get(address, headers=led, environ_base={"REMOTE_ADDR": "203.0.113.9"})  # they were content
    form = client.post("/en/requests/check", data=a_form()).get_data(as_text=True)
    carried = {name: unescape(value) for name, value in HIDDEN.findall(form)}
    assert client.post("/en/requests/send", data=carried).status_code == 303
    session.rollback()
    assert [(row.slug, row.words, row.count) for row in session.query(GivenUp)] == [
        ("show-cancelled", "is it off? …", 1)
    ]


def test_an_article_that_did_not_help_is_charged_and_others_are_not(client: FlaskClient):
    address = "/en/help/cancellations/my-show-is-cancelled"
    client.get(address, headers={"Referer": "http://localhost/en/search?q=is+it+off"})
    client.post(f"{address}/opinion", data={"helpful": "no"}, headers={"Origin": "http://localhost"})
    session.rollback()
    assert [(row.words, row.count) for row in session.query(GivenUp)] == [("is it off", 1)]
    client.post(f"{address}/opinion", data={"helpful": "no"}, headers={"Origin": "http://localhost"})
    session.rollback()
    assert session.query(GivenUp).one().count == 1, "said twice, it counts once"
