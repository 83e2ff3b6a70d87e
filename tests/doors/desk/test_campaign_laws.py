"""Laws of a time at the desk: entered, changed and ended by who approves, read by who reads campaigns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from app.cancellations import regimes
from app.cancellations.models import Campaign
from app.kernel.access import Actor
from app.kernel.db import session
from tests.cast import INES, KARIM, ODILE, SAMI, Character
from tests.domains.cancellations.world import a_campaign, cancelled
from tests.doors.desk.steps import page, press

SignIn = Callable[[Character], FlaskClient]
HERE = "/regie/annulations/lois"
LAW = {
    "code": "loi-2027-1", "title_fr": "Loi 2027-1", "title_en": "Law 2027-1", "source": "Loi n° 2027-1, art. 3",
    "scope": "Salles privées", "from_on": "2026-11-01", "to_on": "2027-03-31", "max_validity_months": "18",
    "refund_at_expiry": "1",
}  # fmt: skip


@pytest.fixture
def odile(noon: datetime, sign_in: SignIn) -> FlaskClient:
    """Finance, who approves."""
    return sign_in(ODILE)


def laws(actor: Callable[[Character], Actor]) -> list[regimes.Regime]:
    session.rollback()
    return regimes.listed(by=actor(KARIM))


def test_a_law_is_entered_changed_and_ended(odile: FlaskClient, actor: Callable[[Character], Actor]) -> None:
    assert f"{HERE}/nouvelle" in page(odile, HERE)
    assert press(odile, f"{HERE}/nouvelle", **LAW).status_code == 303
    assert "Loi n° 2027-1, art. 3" in page(odile, HERE)
    again = press(odile, f"{HERE}/nouvelle", **LAW)
    assert again.status_code == 422
    assert press(odile, f"{HERE}/loi-2027-1", **(LAW | {"to_on": "2027-04-30", "code": "other"})).status_code == 303
    (one,) = laws(actor)
    assert (one.code, one.to_on.isoformat(), one.max_validity_months) == ("loi-2027-1", "2027-04-30", 18)
    a_campaign(cancelled(), regime_id=regimes.queries.regime("loi-2027-1").id, state="open")  # type: ignore[union-attr]
    session.commit()
    refused = press(odile, f"{HERE}/loi-2027-1", **(LAW | {"max_validity_months": "6"}))
    assert (refused.status_code, 'value="6"' in refused.text) == (409, True)
    for last, status in (("2030-01-01", 422), ("soon", 422), ("2026-12-31", 303)):
        assert press(odile, f"{HERE}/loi-2027-1/fin", last=last).status_code == status
    assert laws(actor)[0].to_on.isoformat() == "2026-12-31"
    assert session.query(Campaign.state).scalar() == "open"


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(
    odile: FlaskClient, actor: Callable[[Character], Actor]
) -> None:
    bad = {"code": "é !", "from_on": "2027-13-01", "to_on": "x", "max_validity_months": "many", "source": ""}
    answer = press(odile, f"{HERE}/nouvelle", **(LAW | bad))
    assert answer.status_code == 422
    assert all(f"f-{name}-e" in answer.text for name in ("from_on", "to_on", "max_validity_months", "source"))
    assert "é !" in answer.text
    assert "f-code-e" in press(odile, f"{HERE}/nouvelle", **(LAW | {"code": "a b"})).text
    assert "f-to_on-e" in press(odile, f"{HERE}/nouvelle", **(LAW | {"to_on": "2020-01-01"})).text
    assert laws(actor) == []


@pytest.mark.parametrize(("who", "read", "write"), [(KARIM, 200, 403), (SAMI, 403, 403), (INES, 200, 200)])
def test_who_reads_campaigns_reads_laws_and_who_approves_enters_them(
    noon: datetime, sign_in: SignIn, who: Character, read: int, write: int
) -> None:
    client = sign_in(who)
    assert client.get(HERE).status_code == read
    assert client.get(f"{HERE}/nouvelle").status_code == write
    assert client.get(f"{HERE}/none").status_code == (404 if write == 200 else 403)
