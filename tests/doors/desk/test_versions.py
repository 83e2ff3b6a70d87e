"""Versions of an article beside each other, and old ones taken up again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from app.kernel.access import Actor
from app.knowledge.editing import draft, drafts
from tests.cast import KARIM, PAUL, Character
from tests.doors.desk.steps import page, press, told
from tests.doors.desk.writing import a_draft_of, an_article

SignIn = Callable[[Character], FlaskClient]
Act = Callable[[Character], Actor]
HERE = "/regie/base/show-cancelled/fr"


@pytest.fixture
def paul(noon: datetime, sign_in: SignIn) -> FlaskClient:
    """The editor, with an article of three versions."""
    an_article(body="Le remboursement arrive sous 10 jours.\n")
    an_article(body="Le remboursement arrive sous 7 jours ouvrés.\n", base=1)
    an_article(body="Le remboursement arrive sous 5 jours ouvrés.\n", base=2)
    return sign_in(PAUL)


def test_a_version_shows_what_it_changed(paul: FlaskClient) -> None:
    html = page(paul, f"{HERE}/versions/2")
    assert "<del>10</del><ins>7</ins>" in html


def test_any_two_versions_can_be_compared(paul: FlaskClient) -> None:
    html = page(paul, f"{HERE}/versions/3?avec=1")
    assert "<del>10</del><ins>5</ins>" in html


def test_a_version_beside_itself_is_the_same(paul: FlaskClient) -> None:
    html = page(paul, f"{HERE}/versions/1")
    assert "<ins>" not in html
    assert 'class="alert info"' in html


@pytest.mark.parametrize("address", ["versions/9", "versions/2?avec=9", "versions/999999999999", "brouillons/99"])
def test_versions_nobody_made_do_not_exist(paul: FlaskClient, address: str) -> None:
    page(paul, f"{HERE}/{address}", 404)


def test_who_writes_no_articles_may_not_compare(paul: FlaskClient, sign_in: SignIn) -> None:
    karim = sign_in(KARIM)
    page(karim, f"{HERE}/versions/2", 403)
    assert press(karim, f"{HERE}/versions/1/reprise").status_code == 403


def test_an_old_version_is_taken_up_again_as_a_draft(paul: FlaskClient, actor: Act) -> None:
    html = told(paul, press(paul, f"{HERE}/versions/1/reprise", at=HERE))
    (card,) = drafts(by=actor(PAUL))
    assert card.origin == "version"
    assert "10 jours" in draft(card.id, by=actor(PAUL)).source
    assert "10 jours" in html


def test_a_draft_is_shown_beside_what_people_read(paul: FlaskClient, actor: Act) -> None:
    draft_id = a_draft_of(by=actor(PAUL), base=2, body="Le remboursement arrive sous 6 jours ouvrés.\n")
    html = page(paul, f"{HERE}/brouillons/{draft_id}")
    assert "<del>5</del><ins>6</ins>" in html
    assert 'class="alert warn"' in html
    assert f"brouillon={draft_id}&amp;vu=3" in html


def test_a_draft_of_another_article_is_not_shown_here(paul: FlaskClient, actor: Act) -> None:
    draft_id = a_draft_of(by=actor(PAUL), slug="lost-ticket")
    page(paul, f"{HERE}/brouillons/{draft_id}", 404)
