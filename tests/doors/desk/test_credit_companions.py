"""At the counter: a companion chooses for themselves, as whoever paid asks; and it is taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from app.cancellations.models import Credit, CreditItem
from app.kernel.access import Actor
from app.kernel.db import session
from tests.cast import INES, KARIM, ODILE, Character
from tests.domains.cancellations.world import a_household, a_plan, bought, cancelled, run
from tests.doors.desk.steps import page, press

SignIn = Callable[[Character], FlaskClient]
HERE = "/regie/avoirs/AV-2026-000001/accompagnant"


@pytest.fixture
def karim(
    noon: datetime, actor: Callable[[Character], Actor], run_jobs: Callable[[], int], sign_in: SignIn
) -> FlaskClient:
    """An agent, in a house that owes 120 euros for two seats."""
    show = cancelled("Tosca")
    bought(a_household("Fontanel"), show)
    run(a_plan(show), actor(INES), actor(ODILE))
    run_jobs()
    return sign_in(KARIM)


def amounts() -> list[tuple[str, int]]:
    session.rollback()
    return [tuple(row) for row in session.query(Credit.state, Credit.amount_cents).order_by(Credit.id)]


def given(**values: object) -> dict[str, object]:
    first = session.query(CreditItem.admission_id).order_by(CreditItem.id).first()
    assert first is not None
    return {"seats": first[0], "name": "Ada Roux", "email": "ada@exemple.fr", "form": "a"} | values


def test_seats_are_handed_over_once_and_taken_back(karim: FlaskClient) -> None:
    assert "/accompagnant" in page(karim, "/regie/avoirs/AV-2026-000001")
    fields = given()
    for _twice in range(2):
        assert press(karim, HERE, at=HERE, **fields).status_code == 303
        assert amounts() == [("invited", 6_000), ("invited", 6_000)]
    html = page(karim, HERE)
    assert "AV-2026-000002" in html
    number = html.split('name="number" value="')[1].split('"')[0]
    for _twice in range(2):
        assert press(karim, f"{HERE}/reprise", at=HERE, number=number).status_code == 303
    assert amounts() == [("invited", 12_000), ("void", 6_000)]


def test_what_is_wrong_is_said_and_kept(karim: FlaskClient) -> None:
    answer = press(karim, HERE, at=HERE, **given(email="pas une adresse"))
    html = answer.get_data(as_text=True)
    assert (answer.status_code, "pas une adresse" in html, "Ada Roux" in html) == (422, True, True)
    answer = press(karim, HERE, at=HERE, **given(email=KARIM.email, form="own"))
    assert answer.status_code == 403
    assert press(karim, f"{HERE}/reprise", at=HERE, number="7").status_code == 404
    assert amounts() == [("invited", 12_000)]


def test_a_credit_that_is_not_there_is_not_found(karim: FlaskClient) -> None:
    assert karim.get("/regie/avoirs/AV-2026-009999/accompagnant").status_code == 404


def test_who_may_not_choose_for_others_may_not_hand_over(karim: FlaskClient, sign_in: SignIn) -> None:
    assert sign_in(ODILE).get(HERE).status_code == 403
