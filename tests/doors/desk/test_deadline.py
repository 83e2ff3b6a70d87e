"""A new deadline is set on the page of a late request, and told once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app.kernel import clock
from app.mail import queries as letters
from app.tickets.opening import Opened
from tests.cast import KARIM
from tests.doors.desk.steps import page, press, told


@pytest.fixture
def late(karim: FlaskClient, ticket: Opened, sign_in: object) -> FlaskClient:
    clock.advance(timedelta(days=5))
    return sign_in(KARIM)  # type: ignore[operator, no-any-return]


def test_the_form_stands_on_late_requests_only(karim: FlaskClient, address: str) -> None:
    assert "Fixer une nouvelle échéance" not in page(karim, address)


def test_a_new_deadline_is_set_told_and_explained(late: FlaskClient, address: str) -> None:
    assert "Fixer une nouvelle échéance" in page(late, address)
    fields = {"new_date": "2026-11-17", "new_time": "16 h 30", "new_words": "Le guichet était fermé."}
    html = told(late, press(late, f"{address}/echeance", at=address, **fields))
    assert "La nouvelle échéance est fixée, et le spectateur est prévenu." in html
    assert "Nouvelle échéance\u00a0:" in html
    assert "Envoi en cours" in html
    assert [row.kind for row in letters.last_out(1)] == ["late"]
    assert "la première reste manquée" in page(late, f"{address}/promesses")
    assert "a fixé une nouvelle échéance" in page(late, f"{address}/historique")


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"new_date": "", "new_time": "16:30"}, "new_date"), ({"new_date": "2026-11-17", "new_time": "tôt"}, "new_time"),
        ({"new_date": "2026-11-10", "new_time": "16:30"}, "new_date"),
        ({"new_date": "9999-12-31", "new_time": "24:00"}, "new_date"),
        ({"new_date": "0001-01-01", "new_time": "00:00"}, "new_date"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_answered_beside_its_field_with_the_text_kept(
    late: FlaskClient, address: str, fields: dict[str, str], wrong: str
) -> None:
    answer = press(late, f"{address}/echeance", at=address, new_words="Mes mots.", **fields)
    assert answer.status_code == 422
    html = answer.get_data(as_text=True)
    assert f'id="f-{wrong}-e"' in html
    assert "Mes mots." in html
    assert [row for row in letters.last_out() if row.kind == "late"] == []
