"""The performance an article speaks of, in the editor: found by words, chosen, and what is said of its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.boxoffice.models import Performance
from app.kernel.access import SYSTEM
from app.kernel.db import session
from app.knowledge import editing, whole
from tests.bill import a_performance
from tests.cast import KARIM, PAUL, Character
from tests.doors.desk.steps import page, press, told
from tests.doors.desk.test_editing import HERE, sent
from tests.doors.desk.writing import an_article

SignIn = Callable[[Character], FlaskClient]
EVENING = datetime(2026, 11, 21, 19, 0, tzinfo=UTC)
ENDS = "Se termine avec la représentation le samedi 21\u00a0novembre 2026"


@pytest.fixture
def show(noon: datetime, sign_in: SignIn) -> Performance:
    an_article()
    a_performance("Turandot", "Turandot", EVENING.replace(month=10))
    return a_performance("La Traviata", "La Traviata", EVENING)


def test_words_find_performances_and_what_was_typed_stays(show: Performance, sign_in: SignIn) -> None:
    paul = sign_in(PAUL)
    assert "Turandot" not in page(paul, HERE)
    html = sent(paul, "representation", words="turandot", title="Un titre à moitié").get_data(as_text=True)
    assert "Turandot</option>" in html
    assert 'value="Un titre à moitié"' in html
    assert 'value="turandot"' in html
    assert editing.drafts(by=SYSTEM) == []


def test_words_that_find_nothing_say_so(show: Performance, sign_in: SignIn) -> None:
    answer = sent(sign_in(PAUL), "representation", words="zzyzx\x00")
    assert answer.status_code == 200
    assert "Aucune représentation ne répond à ces mots." in answer.get_data(as_text=True)


def test_the_chosen_one_says_when_the_article_ends(show: Performance, sign_in: SignIn) -> None:
    paul = sign_in(PAUL)
    html = told(paul, sent(paul, "brouillon", performance=show.code))
    assert ENDS in html
    assert f'value="{show.code}" selected' in html
    assert "performance_date (samedi 21" in html


def test_a_written_last_day_and_a_missing_date_are_said(show: Performance, sign_in: SignIn) -> None:
    paul = sign_in(PAUL)
    html = told(paul, sent(paul, "brouillon", performance=show.code, ends="2026-12-24"))
    assert ENDS not in html
    assert "quoi qu’il advienne de la représentation" in html
    session.rollback()
    session.execute(sa.text("UPDATE performance SET status = 'postponed'"))
    session.commit()
    html = sent(paul, "representation", performance=show.code).get_data(as_text=True)
    assert "Sa nouvelle date n’est pas encore connue" in html


def test_a_cancelled_one_is_shown_to_editors(show: Performance, sign_in: SignIn) -> None:
    paul = sign_in(PAUL)
    told(paul, sent(paul, "publication", performance=show.code))
    assert "se termine avec la représentation le sam. 21" in page(paul, "/regie/base/a-revoir")
    session.rollback()
    session.execute(sa.text("UPDATE performance SET status = 'cancelled'"))
    session.commit()
    whole.forget()
    assert "Leur représentation est annulée" in page(paul, "/regie/base/a-revoir")
    assert "La représentation est annulée" in page(paul, HERE)


@pytest.mark.parametrize(
    ("code", "words"),
    [("NOWHERE", "n’a la référence «\u00a0NOWHERE\u00a0»"), ("x" * 41, "40 caractères au plus")],
)
def test_an_unknown_reference_is_refused_beside_its_field(
    show: Performance, sign_in: SignIn, code: str, words: str
) -> None:
    answer = sent(sign_in(PAUL), "publication", performance=code, title="Gardé")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert words in html.split('id="f-performance-e"')[1][:400]
    assert 'value="Gardé"' in html


def test_who_writes_no_articles_looks_for_no_performance(show: Performance, sign_in: SignIn) -> None:
    assert press(sign_in(KARIM), f"{HERE}/representation").status_code == 403
