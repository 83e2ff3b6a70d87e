"""A second reader at the desk, publications taken back, what is to be looked at, both languages side by side."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.desk.article_form import opened
from app.kernel import clock
from app.kernel.access import SYSTEM, Actor
from app.knowledge.editing import drafts
from app.venue import service as venue
from tests.cast import ADELE, KARIM, PAUL, Character
from tests.doors.desk.steps import page, press, told
from tests.doors.desk.writing import a_draft_of, a_source, an_article

SignIn = Callable[[Character], FlaskClient]
Act = Callable[[Character], Actor]
BASE, HERE = "/regie/base", "/regie/base/show-cancelled/fr"


@pytest.fixture
def paul(app: Flask, noon: datetime, sign_in: SignIn) -> FlaskClient:
    """The editor, with an article online."""
    an_article()
    return sign_in(PAUL)


def typed(**changed: str) -> dict[str, object]:
    return {**opened(a_source()).values, "base": "1", **changed}


def test_a_text_is_read_by_somebody_else_before_it_goes_online(paul: FlaskClient, sign_in: SignIn, actor: Act) -> None:
    venue.ask_two_for_articles(asked=True, by=SYSTEM)
    refused = press(paul, f"{HERE}/publication", **typed(title="Le titre neuf"))
    assert refused.status_code == 422
    assert "Le titre neuf" in refused.get_data(as_text=True)
    assert 'href="#f-review"' in refused.get_data(as_text=True)
    html = told(paul, press(paul, f"{HERE}/relecture", **typed(title="Le titre neuf", review="Le titre va-t-il ?")))
    assert "Le titre va-t-il ?" in html
    (card,) = drafts(by=actor(PAUL))
    place = f"{HERE}/brouillons/{card.id}"
    assert press(paul, f"{place}/accord", revision=card.revision).status_code == 422
    adele = sign_in(ADELE)
    assert place in page(adele, f"{BASE}/a-revoir")
    assert press(adele, f"{place}/renvoi").status_code == 422
    assert press(adele, f"{place}/accord", revision=99).status_code == 409
    assert press(adele, f"{place}/accord", revision="9" * 5_000).status_code == 409
    stale = press(adele, f"{place}/renvoi", revision=99, review="Plus court, le titre.")
    assert stale.status_code == 409
    assert "Plus court, le titre." in stale.get_data(as_text=True)
    assert {one.review for one in drafts(by=actor(PAUL))} == {"asked"}
    told(adele, press(adele, f"{place}/accord", revision=card.revision))
    fields = typed(title="Le titre neuf", draft_id=str(card.id), revision=str(card.revision))
    html = told(paul, press(paul, f"{HERE}/publication", **fields))
    assert "relu par Adèle Roux" in html


def test_words_about_a_draft_that_is_gone_are_kept(paul: FlaskClient, sign_in: SignIn, actor: Act) -> None:
    told(paul, press(paul, f"{HERE}/relecture", **typed(title="Le titre neuf", review="Va-t-il ?")))
    (card,) = drafts(by=actor(PAUL))
    fields = typed(title="Le titre neuf", draft_id=str(card.id), revision=str(card.revision))
    told(paul, press(paul, f"{HERE}/publication", **fields))
    adele = sign_in(ADELE)
    for step in ("renvoi", "accord"):
        gone = press(
            adele, f"{HERE}/brouillons/{card.id}/{step}", revision=card.revision, review="Plus court, le titre."
        )
        assert gone.status_code == 404
        html = gone.get_data(as_text=True)
        assert "Plus court, le titre." in html
        assert "n’est plus là" in html


def test_a_publication_is_undone_with_one_press(paul: FlaskClient) -> None:
    html = told(paul, press(paul, f"{HERE}/publication", **typed(title="Trop tôt")))
    assert f'action="{HERE}/publication/reprise"' in html
    html = told(paul, press(paul, f"{HERE}/publication/reprise", version="2"))
    assert "Trop tôt" in html
    assert "Version 3 en ligne" in html
    told(paul, press(paul, f"{HERE}/publication/reprise", version="2"))


def test_a_translation_is_seen_beside_the_text_it_follows(paul: FlaskClient) -> None:
    an_article(lang="en", title="My show is cancelled", address="my-show-is-cancelled")
    clock.advance(timedelta(hours=1))
    an_article(body="Attendez une lettre.\n", base=1)
    html = page(paul, f"{BASE}/show-cancelled/cote-a-cote")
    assert "<del>" in html
    assert "My show is cancelled" in html
    assert f"{BASE}/show-cancelled/cote-a-cote" in page(paul, f"{BASE}/a-revoir")
    html = told(paul, press(paul, f"{BASE}/show-cancelled/en/verification"))
    assert "cote-a-cote" not in html
    page(paul, f"{BASE}/nothing-here/cote-a-cote", 404)


def test_the_rule_of_two_is_set_by_who_sets_the_house_up(paul: FlaskClient, sign_in: SignIn) -> None:
    assert press(paul, f"{BASE}/a-revoir", two="1").status_code == 403
    adele = sign_in(ADELE)
    told(adele, press(adele, f"{BASE}/a-revoir", two="1"))
    assert venue.house().articles_need_two
    told(adele, press(adele, f"{BASE}/a-revoir"))
    assert not venue.house().articles_need_two


def test_who_writes_no_articles_sees_nothing_of_it(paul: FlaskClient, sign_in: SignIn, actor: Act) -> None:
    draft = a_draft_of(by=actor(PAUL), base=1)
    karim = sign_in(KARIM)
    page(karim, f"{BASE}/a-revoir", 403)
    assert press(karim, f"{HERE}/brouillons/{draft}/accord", revision="1").status_code == 403


def test_a_successor_that_is_not_there_is_refused_and_nothing_typed_is_lost(paul: FlaskClient) -> None:
    refused = press(paul, f"{HERE}/retrait", **typed(title="Le titre neuf", successor="nulle-part"))
    assert refused.status_code == 422
    assert "Le titre neuf" in refused.get_data(as_text=True)
    assert "nulle-part" in refused.get_data(as_text=True)
    an_article(slug="other-one")
    told(paul, press(paul, f"{HERE}/retrait", **typed(successor="other-one")))
    assert paul.get("/aide/annulations/show-cancelled").headers["Location"] == "/aide/annulations/other-one"
