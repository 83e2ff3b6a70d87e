"""Corrections of readers and comments of colleagues, as editors meet them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from app.kernel.access import SYSTEM
from app.kernel.db import session
from app.knowledge import commenting, correcting
from app.knowledge.correcting import CorrectionInput
from tests.cast import KARIM, PAUL, SAMI, Character
from tests.doors.desk.steps import page, press, told
from tests.doors.desk.test_editing import HERE, sent
from tests.doors.desk.writing import an_article

SignIn = Callable[[Character], FlaskClient]
LIST = "/regie/base/corrections"
WORDS = "Le délai est de trente jours."


@pytest.fixture
def paul(noon: datetime, sign_in: SignIn) -> FlaskClient:
    an_article()
    return sign_in(PAUL)


@pytest.fixture
def key(paul: FlaskClient) -> int:
    return correcting.propose(CorrectionInput(slug="show-cancelled", lang="fr", text=WORDS), by=SYSTEM)


def states() -> list[str]:
    session.rollback()
    return [one.state for one in correcting.listed(by=SYSTEM)]


def test_the_list_says_when_it_is_empty(paul: FlaskClient) -> None:
    assert "Aucune correction ici" in page(paul, LIST)
    assert "Corrections (" not in page(paul, "/regie/base")


def test_what_is_taken_up_stands_beside_the_text_and_is_undone(paul: FlaskClient, key: int) -> None:
    assert "Corrections (1)" in page(paul, "/regie/base")
    assert WORDS in page(paul, LIST)
    html = told(paul, press(paul, f"{LIST}/{key}/reprise", at=LIST))
    assert WORDS in html
    assert "elle est à côté du texte" in html
    assert f"{LIST}/{key}/annulation" in html
    assert states() == ["accepted"]
    assert WORDS in page(paul, f"{LIST}?etat=accepted")
    told(paul, press(paul, f"{LIST}/{key}/annulation", at=LIST))
    assert states() == ["waiting"]


def test_a_correction_stays_beside_the_text_while_one_saves(paul: FlaskClient, key: int) -> None:
    html = sent(paul, "publication", correction=str(key), address="Pas Valable").get_data(as_text=True)
    assert f'name="correction" value="{key}"' in html
    assert WORDS in html


def test_a_refusal_asks_why_and_keeps_what_was_typed(paul: FlaskClient, key: int) -> None:
    answer = press(paul, f"{LIST}/{key}/refus", at=LIST, reason="x" * 1_001)
    assert answer.status_code == 422
    assert "x" * 1_001 in answer.get_data(as_text=True)
    assert states() == ["waiting"]
    told(paul, press(paul, f"{LIST}/{key}/refus", at=LIST, reason="Déjà dit."))
    assert "Déjà dit." in page(paul, f"{LIST}?etat=refused")
    again = press(paul, f"{LIST}/{key}/reprise", at=LIST)
    assert again.status_code == 409
    assert "entre-temps" in again.get_data(as_text=True)


def test_what_is_not_there_is_not_found(paul: FlaskClient) -> None:
    for deed in ("reprise", "annulation"):
        assert press(paul, f"{LIST}/999/{deed}", at=LIST).status_code == 404


@pytest.mark.parametrize("who", [KARIM, SAMI])
def test_only_editors_decide(paul: FlaskClient, key: int, sign_in: SignIn, who: Character) -> None:
    browser = sign_in(who)
    page(browser, LIST, 403)
    for address in (f"{LIST}/{key}/reprise", f"{LIST}/{key}/refus", f"{LIST}/{key}/annulation", f"{HERE}/commentaire"):
        assert press(browser, address).status_code == 403
    assert states() == ["waiting"]


def test_a_comment_is_kept_beside_the_text_that_was_typed(paul: FlaskClient) -> None:
    answer = sent(paul, "commentaire", comment="À voir avec Inès.", title="Un titre à moitié")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "À voir avec Inès." in html
    assert 'value="Un titre à moitié"' in html
    assert "À voir avec Inès." in page(paul, HERE)
    assert "À voir avec Inès." not in page(paul, "/aide/annulations/show-cancelled")


def test_an_empty_comment_is_refused_beside_its_field(paul: FlaskClient) -> None:
    answer = sent(paul, "commentaire", comment=" ", title="Gardé")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Écrivez quelque chose" in html.split('id="f-comment-e"')[1][:300]
    assert 'value="Gardé"' in html
    assert commenting.comments("show-cancelled", by=SYSTEM) == []
