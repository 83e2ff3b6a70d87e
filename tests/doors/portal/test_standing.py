"""Pages that stand still, and what every public page has in common."""

from __future__ import annotations

import gzip
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.doors.portal.scenery import text_of

pytestmark = pytest.mark.usefixtures("shelf")

ARTICLE = "/aide/annulations/mon-spectacle-est-annule"
PAGES = ["/", "/recherche?q=annulé", "/aide", "/aide/annulations", ARTICLE, "/demandes/nouvelle", "/retrouver",
         "/mes-demandes", "/contact", "/accessibilite", "/donnees", "/plan"]  # fmt: skip
TWINS = [("/contact", "/en/contact"), ("/accessibilite", "/en/accessibility"), ("/donnees", "/en/your-data"),
         ("/plan", "/en/site-plan"), ("/mes-demandes", "/en/my-requests"), ("/retrouver", "/en/find"),
         ("/demandes/nouvelle", "/en/requests/new"), ("/aide", "/en/help"), ("/recherche", "/en/search")]  # fmt: skip


@pytest.mark.parametrize(("french", "english"), TWINS)
def test_every_page_has_its_twin_and_links_to_it(client: FlaskClient, french: str, english: str):
    assert f'href="{english}" lang="en"' in text_of(client, french)
    assert f'href="{french}" lang="fr"' in text_of(client, english)


@pytest.mark.parametrize("address", PAGES)
def test_a_public_page_needs_no_cookie_and_no_inline_code(client: FlaskClient, address: str):
    answer = client.get(address)
    page = answer.get_data(as_text=True)
    assert "Set-Cookie" not in answer.headers
    assert " style=" not in page
    assert " onclick=" not in page
    assert page.count("<h1") == 1
    assert page.count('<main id="main"') == 1


@pytest.mark.parametrize("address", PAGES)
def test_a_public_page_with_its_sheet_and_script_weighs_little(app: Flask, client: FlaskClient, address: str):
    static = Path(app.static_folder or "")
    parts = [client.get(address).get_data(), *((static / name).read_bytes() for name in ("portal.css", "portal.js"))]
    assert sum(len(gzip.compress(part, 6)) for part in parts) <= 25_000


def test_robots_are_told_where_not_to_go(client: FlaskClient):
    page = text_of(client, "/robots.txt")
    assert "Disallow: /d/" in page
    assert "Disallow: /c/" in page
    assert "Sitemap: http://localhost/sitemap.xml" in page


def test_the_sitemap_names_every_public_page_with_its_twin(client: FlaskClient):
    root = ElementTree.fromstring(text_of(client, "/sitemap.xml"))
    places = [place.text for place in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert "http://localhost/aide/annulations/mon-spectacle-est-annule" in places
    assert "http://localhost/en/" in places
    assert len(places) == len(set(places))


def test_every_address_of_the_sitemap_opens(client: FlaskClient):
    root = ElementTree.fromstring(text_of(client, "/sitemap.xml"))
    for place in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc"):
        assert client.get((place.text or "").removeprefix("http://localhost")).status_code == 200


def test_the_sign_of_the_house_is_a_drawing(client: FlaskClient):
    assert client.get("/favicon.svg").mimetype == "image/svg+xml"


def test_a_page_that_does_not_exist_leads_on(client: FlaskClient):
    answer = client.get("/en/nowhere")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 404
    assert 'action="/en/search"' in page
    assert 'href="/en/requests/new"' in page
