"""The knowledge base as editors see it: the list, a new article, the folder of files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel import clock
from app.kernel.access import Actor
from app.knowledge import editing, folder
from app.knowledge.editing import drafts
from app.search import gaps, steps
from tests.cast import INES, KARIM, PAUL, SAMI, Character
from tests.conftest import counted
from tests.doors.desk.steps import page, press, told
from tests.doors.desk.writing import a_draft_of, a_source, an_article

SignIn = Callable[[Character], FlaskClient]
Act = Callable[[Character], Actor]
BASE = "/regie/base"


@pytest.fixture
def paul(noon: datetime, sign_in: SignIn) -> FlaskClient:
    """The editor."""
    return sign_in(PAUL)


@pytest.fixture
def files(app: Flask, tmp_path: Path) -> Iterator[Path]:
    """A folder of articles, the house's own."""
    before, own = folder.own(), tmp_path / "articles"
    own.mkdir()
    folder.keep_in(own)
    yield own
    folder.keep_in(before)


def slugs(html: str) -> list[str]:
    found = re.findall(r'<th scope="row" role="rowheader"><a href="/regie/base/([a-z-]+)/', html)
    return list(dict.fromkeys(found))


def test_articles_stand_under_their_topics(paul: FlaskClient) -> None:
    an_article()
    an_article(slug="lost-ticket", title="Billet perdu", category="billets")
    html = page(paul, BASE)
    assert slugs(html) == ["show-cancelled", "lost-ticket"]
    assert html.count('scope="rowgroup"') == 2


@pytest.mark.parametrize("who", [INES, KARIM, SAMI])
def test_who_writes_no_articles_may_not_enter(sign_in: SignIn, who: Character) -> None:
    browser = sign_in(who)
    for address in (BASE, f"{BASE}/nouveau", f"{BASE}/fichiers", f"{BASE}/show-cancelled"):
        page(browser, address, 403)


def test_a_stranger_is_asked_to_sign_in(client: FlaskClient) -> None:
    assert client.get(BASE).headers["Location"].startswith("/regie/connexion")


def test_words_narrow_the_list_without_accents(paul: FlaskClient) -> None:
    an_article()
    an_article(slug="lost-ticket", title="Billet perdu", category="billets")
    assert slugs(page(paul, f"{BASE}?q=ANNULE")) == ["show-cancelled"]
    assert slugs(page(paul, f"{BASE}?q=rien+du+tout")) == []


def test_the_list_can_show_what_needs_something(paul: FlaskClient, actor: Act) -> None:
    an_article()
    an_article(slug="lost-ticket", title="Billet perdu")
    an_article(slug="lost-ticket", lang="en", title="Lost ticket")
    a_draft_of(by=actor(PAUL), base=1, slug="lost-ticket", title="Billet égaré")
    assert slugs(page(paul, f"{BASE}?etat=draft")) == ["lost-ticket"]
    assert slugs(page(paul, f"{BASE}?etat=missing")) == ["show-cancelled"]


def test_a_translation_older_than_its_source_is_to_review(paul: FlaskClient) -> None:
    an_article()
    an_article(lang="en", title="My show is cancelled")
    clock.advance(timedelta(hours=1))
    an_article(base=1, body="Attendez une lettre.\n")
    assert slugs(page(paul, f"{BASE}?etat=review")) == ["show-cancelled"]


def test_drafts_and_withdrawn_articles_are_not_lost_from_sight(paul: FlaskClient, actor: Act) -> None:
    draft = a_draft_of(by=actor(PAUL), slug="new-one")
    an_article()
    editing.withdraw("show-cancelled", "fr", by=actor(PAUL))
    html = page(paul, BASE)
    assert f"/regie/base/new-one/fr?brouillon={draft}" in html
    assert "/regie/base/show-cancelled/fr" in html


def test_an_article_begins_as_a_draft(paul: FlaskClient, actor: Act) -> None:
    fields = {"title": "Où est l’entrée ?", "lang": "fr", "category": "venir", "audience": "public"}
    answer = press(paul, f"{BASE}/nouveau", at=f"{BASE}/nouveau", **fields)
    assert "Où est l’entrée ?" in told(paul, answer)
    (draft,) = drafts(by=actor(PAUL))
    assert (draft.slug, draft.lang) == ("ou-est-l-entree", "fr")


def test_two_articles_of_one_title_get_two_names(paul: FlaskClient, actor: Act) -> None:
    an_article(slug="entree", title="Entrée")
    fields = {"title": "Entrée", "lang": "fr", "category": "venir"}
    told(paul, press(paul, f"{BASE}/nouveau", at=f"{BASE}/nouveau", **fields))
    assert [draft.slug for draft in drafts(by=actor(PAUL))] == ["entree-2"]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"title": "  ", "lang": "fr", "category": "venir"}, "title"),
        ({"title": "x" * 201, "lang": "fr", "category": "venir"}, "title"),
        ({"title": "Entrée", "lang": "de", "category": "venir"}, "lang"),
        ({"title": "Entrée", "lang": "fr", "category": ""}, "category"),
        ({"title": "Entrée", "lang": "fr", "category": "venir", "audience": "everybody else"}, "audience"),
    ],
)
def test_a_beginning_that_cannot_be_says_why(paul: FlaskClient, fields: dict[str, str], wrong: str) -> None:
    answer = press(paul, f"{BASE}/nouveau", at=f"{BASE}/nouveau", **fields)
    assert answer.status_code == 422
    assert f'href="#f-{wrong}"' in answer.get_data(as_text=True)


def test_an_address_without_a_language_leads_to_the_houses_own(paul: FlaskClient) -> None:
    an_article()
    assert paul.get(f"{BASE}/show-cancelled").headers["Location"] == "/regie/base/show-cancelled/fr"


def test_broken_files_are_named_with_line_and_reason(paul: FlaskClient, files: Path) -> None:
    (files / "show-cancelled.fr.md").write_text(a_source(), encoding="utf-8")
    (files / "broken.fr.md").write_text("---\nslug: broken\nlang: fr\nreviewed: hier\n---\n", encoding="utf-8")
    html = page(paul, f"{BASE}/fichiers")
    assert re.search(r'<th scope="row">broken\.fr\.md</th><td class="r">4</td><td>Écrivez la date', html)
    assert "/regie/base/fichiers" in page(paul, BASE)


def test_the_folder_is_taken_in_on_a_press(paul: FlaskClient, files: Path) -> None:
    (files / "show-cancelled.fr.md").write_text(a_source(), encoding="utf-8")
    told(paul, press(paul, f"{BASE}/fichiers", at=f"{BASE}/fichiers"))
    assert slugs(page(paul, BASE)) == ["show-cancelled"]


def test_more_articles_cost_no_more_statements(paul: FlaskClient, actor: Act) -> None:
    an_article()
    page(paul, BASE)
    with counted() as few:
        page(paul, BASE)
    for number in range(20):
        an_article(slug=f"article-{number}", title=f"Article {number}")
        a_draft_of(by=actor(PAUL), base=1, slug=f"article-{number}")
    page(paul, BASE)
    with counted() as many:
        page(paul, BASE)
    assert len(many) == len(few)


def looked_for(words: str, times: int, lang: str = "fr") -> None:
    for _ in range(times):
        gaps.note(words, lang)


def test_what_was_looked_for_in_vain_begins_an_article_or_leaves_the_list(paul: FlaskClient) -> None:
    looked_for("fauteuil <roulant>", 3)
    looked_for("cloakroom", 1, "en")
    html = unescape(page(paul, BASE))
    assert html.index("fauteuil <roulant>") < html.index("cloakroom")
    assert "la dernière fois mar. 10" in html
    address = unescape(re.findall(r'href="(/regie/base/nouveau\?titre=fauteuil[^"]*)"', page(paul, BASE))[0])
    form = unescape(page(paul, address))
    assert 'value="fauteuil <roulant>"' in form
    assert re.search(r'value="fr"[^>]*checked', form)
    back = told(paul, press(paul, f"{BASE}/manques", lang="fr", words="fauteuil <roulant>"))
    assert "Ces mots sont retirés de la liste." in back
    assert "fauteuil" not in back
    again = told(paul, press(paul, f"{BASE}/manques", lang="fr", words="fauteuil <roulant>"))
    assert "Ces mots ne sont plus dans la liste." in again


def test_what_came_before_a_request_is_listed_and_charged_to_the_article(paul: FlaskClient) -> None:
    an_article()
    assert "Avant une demande" not in page(paul, BASE)
    for visitor in ("a" * 32, "b" * 32):
        steps.searched(visitor, "mes <sous>", "fr")
        steps.read(visitor, "mes <sous>", "show-cancelled", "fr")
        steps.asked(visitor)
    clock.advance(steps.SETTLED + timedelta(seconds=1))
    assert steps.settle() == 2
    before = unescape(page(paul, BASE)).partition("Avant une demande")[2]
    assert before.count("mes <sous>") >= 2
    assert "/regie/base/nouveau?titre=mes" in before
    assert re.search(r'href="/regie/base/show-cancelled/fr"[^>]*>Mon spectacle est annulé', before)
    assert before.count('<td class="r">2</td>') == 2


@pytest.mark.parametrize("words", ["x" * 5_000, "\x00", ""])
def test_words_that_are_on_no_list_are_no_trouble(paul: FlaskClient, words: str) -> None:
    told(paul, press(paul, f"{BASE}/manques", lang="z" * 500, words=words))


def test_only_editors_take_words_off(sign_in: SignIn, noon: datetime) -> None:
    assert press(sign_in(KARIM), f"{BASE}/manques", lang="fr", words="a").status_code == 403


def test_a_new_article_begins_with_what_the_address_says_if_it_can(paul: FlaskClient) -> None:
    form = page(paul, f"{BASE}/nouveau?titre={'a' * 900}&langue=zz")
    assert f'value="{"a" * 200}"' in form
    assert re.search(r'value="fr"[^>]*checked', form)
