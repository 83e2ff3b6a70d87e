"""Words that mean the same, at the desk; and the word of a colleague that an article answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel.db import session
from app.search import service
from app.search.models import SearchClick
from tests.cast import KARIM, PAUL, Character
from tests.doors.desk.steps import page, press, told
from tests.doors.desk.writing import an_article

SignIn = Callable[[Character], FlaskClient]
HERE = "/regie/base/mots"


@pytest.fixture
def paul(app: Flask, noon: datetime, sign_in: SignIn) -> FlaskClient:
    """The editor, with an article that search knows."""
    an_article()
    service.refresh()
    return sign_in(PAUL)


def test_a_group_is_tried_kept_changed_and_taken_away(paul: FlaskClient) -> None:
    given = {"lang": "fr", "words": "zibeline, spectacle annulé"}
    tried = press(paul, HERE, then="try", **given).get_data(as_text=True)
    assert "Mon spectacle est annulé" in tried
    assert "Pas encore de groupe" in tried
    html = told(paul, press(paul, HERE, then="keep", **given))
    assert f"{HERE}?groupe=1" in html
    assert "zibeline" in page(paul, f"{HERE}?groupe=1")
    told(paul, press(paul, HERE, then="keep", id="1", lang="fr", words="zibeline, remboursement"))
    assert "spectacle annulé" not in page(paul, HERE)
    assert "zibeline" not in told(paul, press(paul, f"{HERE}/1/retrait"))


def test_bad_words_are_told_beside_the_field_and_kept(paul: FlaskClient) -> None:
    refused = press(paul, HERE, lang="fr", words="seul", then="keep")
    assert refused.status_code == 422
    assert 'href="#f-words"' in refused.get_data(as_text=True)
    assert "seul</textarea>" in refused.get_data(as_text=True)
    page(paul, f"{HERE}?groupe=9", 404)
    assert press(paul, HERE, id="9", lang="fr", words="zibeline, hermine", then="keep").status_code == 404


def test_a_colleague_says_that_an_article_answered(paul: FlaskClient, sign_in: SignIn) -> None:
    karim = sign_in(KARIM)
    page(karim, HERE, 403)
    assert "/regie/recherche/reponse" in page(karim, "/regie/recherche?q=annul%C3%A9")
    told(karim, press(karim, "/regie/recherche/reponse", q="tout est annulé", slug="show-cancelled"))
    session.rollback()
    assert [(row.words, row.slug, row.weight) for row in session.query(SearchClick)] == [
        ("tout est annulé", "show-cancelled", 3)
    ]
    assert press(karim, "/regie/recherche/reponse", q="x", slug="nothing").status_code == 404
    assert press(paul, "/regie/recherche/reponse", q="x", slug="show-cancelled").status_code == 403
