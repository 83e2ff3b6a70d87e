"""Articles as people read them."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from app.kernel import clock
from app.kernel.access import SYSTEM
from app.kernel.errors import Invalid
from app.knowledge import editing, loading, publishing, voting
from app.knowledge import shelf as articles
from tests.cast import SAMI
from tests.conftest import ARTICLES, counted
from tests.doors.portal.scenery import text_of

pytestmark = pytest.mark.usefixtures("shelf")

FRENCH, ENGLISH = "/aide/annulations/mon-spectacle-est-annule", "/en/help/cancellations/my-show-is-cancelled"


def test_an_article_answers_first_and_leads_to_the_form(client: FlaskClient):
    page = text_of(client, ENGLISH)
    assert "In short" in page
    assert '<h2 id="s-' in page
    assert 'href="/en/requests/new?type=refund_cancelled"' in page
    assert "minutes to read" in page


@pytest.mark.parametrize(("article", "claim"), [(FRENCH, "/spectacle-annule"), (ENGLISH, "/en/cancelled-show")])
def test_whom_no_link_reached_is_led_from_the_article_to_the_page_that_sends_it(
    client: FlaskClient, article: str, claim: str
):
    assert f'href="{claim}"' in text_of(client, article)
    page = text_of(client, claim)
    assert {"/spectacle-annule": "Quatre derniers caractères du code-barres"}.get(
        claim, "Last four signs of the barcode"
    ) in page


def test_the_two_languages_of_an_article_know_each_other(client: FlaskClient):
    assert f'href="{ENGLISH}" lang="en"' in text_of(client, FRENCH)
    assert f'<link rel="alternate" hreflang="fr" href="http://localhost{FRENCH}">' in text_of(client, ENGLISH)


def test_another_topic_in_the_address_moves_to_the_right_one(client: FlaskClient):
    answer = client.get("/aide/billets/mon-spectacle-est-annule")
    assert answer.status_code == 301
    assert answer.headers["Location"] == FRENCH


def test_an_old_address_moves_for_good(client: FlaskClient, tmp_path: Path):
    file = tmp_path / "articles" / "show-cancelled.fr.md"
    file.write_text(file.read_text().replace("address: mon-spectacle-est-annule", "address: annule-que-faire"))
    loading.load_folder(tmp_path / "articles")
    answer = client.get(FRENCH)
    assert (answer.status_code, answer.headers["Location"]) == (301, "/aide/annulations/annule-que-faire")


@pytest.mark.parametrize(
    "address", ["/aide/annulations/rien", "/aide/rien", "/aide/annulations/..%2f..%2fetc", "/aide/a/%00", f"{FRENCH}/x"]
)
def test_what_is_not_on_the_shelf_is_nowhere(client: FlaskClient, address: str):
    assert client.get(address).status_code == 404


def test_articles_for_colleagues_do_not_exist_for_strangers(client: FlaskClient, sign_in, tmp_path: Path):
    for lang in ("fr", "en"):
        shutil.copy(ARTICLES / f"devices-down.{lang}.md", tmp_path / "articles")
    loading.load_folder(tmp_path / "articles")
    card = articles.find(SYSTEM, "devices-down", "fr")
    assert card is not None
    address = f"/aide/interne/{card.address}"
    assert client.get(address).status_code == 404
    assert card.title in text_of(sign_in(SAMI), address)


def test_a_page_already_held_is_not_sent_again(client: FlaskClient):
    first = client.get(FRENCH)
    again = client.get(FRENCH, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")


def test_a_changed_article_is_sent_anew(client: FlaskClient, tmp_path: Path):
    mark = client.get(FRENCH).headers["ETag"]
    file = tmp_path / "articles" / "show-cancelled.fr.md"
    file.write_text(file.read_text() + "\nUne phrase de plus.\n")
    loading.load_folder(tmp_path / "articles")
    again = client.get(FRENCH, headers={"If-None-Match": mark})
    assert again.status_code == 200
    assert "Une phrase de plus." in again.get_data(as_text=True)


def test_an_article_read_before_asks_the_database_nothing(client: FlaskClient):
    text_of(client, FRENCH)
    with counted() as statements:
        text_of(client, FRENCH)
    assert not statements


def test_topics_list_their_articles(client: FlaskClient):
    assert FRENCH in text_of(client, "/aide/annulations")
    page = text_of(client, "/en/help")
    assert ENGLISH in page
    assert 'href="/en/help/cancellations"' in page


def test_a_topic_knows_its_word_in_the_other_language(client: FlaskClient):
    assert 'href="/en/help/cancellations" lang="en"' in text_of(client, "/aide/annulations")


def test_a_reader_says_yes_and_is_thanked(client: FlaskClient, actor):
    answer = client.post(f"{FRENCH}/avis", data={"helpful": "yes"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{FRENCH}?avis=yes#avis")
    assert "Thank you" in text_of(client, f"{ENGLISH}?avis=yes")
    said = voting.opinions("show-cancelled", "fr", by=SYSTEM)
    assert [opinion.helpful for opinion in said] == [True]


def test_not_quite_asks_for_a_reason_and_changes_the_same_vote(client: FlaskClient):
    first = client.post(f"{ENGLISH}/opinion", data={"helpful": "no"})
    assert first.headers["Location"] == f"{ENGLISH}?avis=no#avis"
    assert "What was missing?" in text_of(client, f"{ENGLISH}?avis=no")
    client.post(f"{ENGLISH}/opinion", data={"helpful": "no", "reason": "unclear", "text": "Quel lien ?"})
    said = voting.opinions("show-cancelled", "en", by=SYSTEM)
    assert [(one.reason, one.text) for one in said] == [("unclear", "Quel lien ?")]


def test_the_way_on_carries_the_article(client: FlaskClient):
    assert "/en/requests/new?article=show-cancelled&amp;type=refund_cancelled" in text_of(client, f"{ENGLISH}?avis=why")


def test_a_vote_with_an_unknown_reason_is_refused(client: FlaskClient):
    assert client.post(f"{FRENCH}/avis", data={"helpful": "no", "reason": "hack"}).status_code == 422


def test_a_vote_from_another_site_is_refused(client: FlaskClient):
    answer = client.post(f"{FRENCH}/avis", data={"helpful": "yes"}, headers={"Origin": "https://ailleurs.example"})
    assert answer.status_code == 403


def test_what_search_engines_read_is_the_brief_and_cannot_break_the_page(client: FlaskClient, tmp_path: Path):
    file = tmp_path / "articles" / "show-cancelled.fr.md"
    file.write_text(re.sub(r"(?m)^title: .*$", 'title: "Annulé </script><b>"', file.read_text()))
    loading.load_folder(tmp_path / "articles")
    page = text_of(client, FRENCH)
    (said,) = re.findall(r'<script type="application/ld.json">(.*?)</script>', page, re.S)
    question = json.loads(said)["mainEntity"][0]
    assert json.loads(said)["@type"] == "FAQPage"
    assert question["name"] == "Annulé </script><b>"
    assert question["acceptedAnswer"]["text"]
    assert question["acceptedAnswer"]["url"] == f"http://localhost{FRENCH}"


def test_paper_leads_back_to_the_page(client: FlaskClient):
    page = text_of(client, ENGLISH)
    assert 'class="qr"' in page.split('class="print-only')[1]
    assert f"http://localhost{ENGLISH}</p>" in page
    assert len(gzip.compress(page.encode())) < 14_000


@pytest.mark.parametrize(("address", "first"), [("/nouveautes.xml", FRENCH), ("/en/news.xml", ENGLISH)])
def test_a_feed_tells_what_changed_last(client: FlaskClient, address: str, first: str, tmp_path: Path):
    for lang in ("fr", "en"):
        shutil.copy(ARTICLES / f"devices-down.{lang}.md", tmp_path / "articles")
    loading.load_folder(tmp_path / "articles")
    clock.advance(timedelta(minutes=1))
    for lang in ("fr", "en"):
        file = tmp_path / "articles" / f"show-cancelled.{lang}.md"
        file.write_text(file.read_text() + "\nMore & more.\n")
    loading.load_folder(tmp_path / "articles")
    answer = client.get(address)
    assert answer.mimetype == "application/atom+xml"
    root = ElementTree.fromstring(answer.get_data(as_text=True))
    atom = "{http://www.w3.org/2005/Atom}"
    links = [entry.find(f"{atom}link").get("href") for entry in root.iter(f"{atom}entry")]
    assert links[0] == f"http://localhost{first}"
    assert not [link for link in links if "interne" in link or "internal" in link]
    assert client.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_an_article_that_was_replaced_leads_to_its_successor(client: FlaskClient):
    editing.withdraw("show-cancelled", "fr", successor="lost-property", by=SYSTEM)
    answer = client.get(FRENCH)
    assert (answer.status_code, answer.headers["Location"]) == (301, "/aide/apres/objets-trouves")
    publishing.put_back("show-cancelled", "fr", by=SYSTEM)
    assert client.get(FRENCH).status_code == 200
    for name in ("show-cancelled", "nothing"):
        with pytest.raises(Invalid) as refused:
            editing.withdraw("show-cancelled", "fr", successor=name, by=SYSTEM)
        assert refused.value.fields == {"successor": "unknown_article"}
