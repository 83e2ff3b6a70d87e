"""Odile has the ticketing system told of a batch at her desk, follows how far it is, and reads what it refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.boxoffice import pulling
from app.boxoffice.connectors.port import BoxOffice, RefundLine, Trouble, Written
from app.kernel import clock, jobs, work
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.settlements import batching
from app.settlements.models import MarkRun, OfficeMark
from tests.cast import KARIM, ODILE, Character
from tests.domains.settlements.test_marking import Office
from tests.domains.settlements.test_marking import money as cards_money
from tests.domains.settlements.world import Money, exported
from tests.doors.desk.money import text
from tests.doors.desk.steps import press

SignIn = Callable[[Character], FlaskClient]
money = cards_money


@pytest.fixture
def here(money: Money) -> str:
    exported(money)
    (number,) = [one.number for one in batching.cards(money.campaign_id, by=money.finance) if one.kind == "card"]
    return f"/regie/annulations/{money.campaign_id}/argent/lots/{number}"


@pytest.fixture
def linked(monkeypatch: pytest.MonkeyPatch) -> Office:
    """A ticketing system is linked."""
    office = Office()
    monkeypatch.setattr(pulling, "is_linked", lambda: True)
    monkeypatch.setattr(pulling, "linked", lambda: _as_port(office))
    return office


def _as_port(office: Office) -> BoxOffice:
    return office  # type: ignore[return-value]


def seen(browser: FlaskClient, address: str) -> str:
    """A page as it is now, whatever this test read before."""
    session.rollback()
    return text(browser.get(address))


def test_a_batch_is_marked_once_however_often_it_is_pressed(here: str, linked: Office, sign_in: SignIn) -> None:
    odile = sign_in(ODILE)
    for _ in range(2):
        assert press(odile, f"{here}/billetterie").status_code == 303
    session.rollback()
    assert session.query(MarkRun).count() == 1
    assert "va l’apprendre" in seen(odile, here)
    assert "hx-trigger" in seen(odile, f"{here}/billetterie")
    work.run_due()
    page = seen(odile, here)
    assert "hx-trigger" not in page.split('id="office"')[1].split("</section>")[0]
    assert "4 lignes y sont marquées" in page
    assert len(linked.refunds) == 4
    assert press(odile, f"{here}/billetterie").status_code == 303
    work.run_due()
    assert len(linked.refunds) == session.query(OfficeMark).count() == 4


def test_what_stops_it_and_what_it_refused_is_said_and_the_rest_follows(
    here: str, linked: Office, sign_in: SignIn
) -> None:
    linked.words = [None, Invalid({"amount": "refund_more"}), Trouble("office_silent")]
    odile = sign_in(ODILE)
    press(odile, f"{here}/billetterie")
    work.run_due()
    page = seen(odile, here)
    assert "ne répond pas" in page
    assert "plus que ce qui peut encore y être remboursé" in page
    press(odile, f"{here}/billetterie")
    work.run_due()
    page = seen(odile, here)
    assert "4 lignes y sont marquées" in page
    assert "ne répond pas" not in page
    assert "peut encore y être remboursé" not in page


def test_nobody_without_the_right_presses_and_without_a_link_the_file_is_named(here: str, sign_in: SignIn) -> None:
    assert press(sign_in(KARIM), f"{here}/billetterie").status_code == 403
    odile = sign_in(ODILE)
    assert f"{here.rsplit('/', 1)[1]}-retour.csv" in text(odile.get(here))
    answer = press(odile, f"{here}/billetterie")
    assert answer.status_code == 409
    assert "Aucune billetterie n’est reliée" in text(answer)
    assert odile.get(f"{here}X/billetterie").status_code == 404


def test_telling_that_lasts_longer_than_a_lease_is_taken_up_by_no_second_worker(
    here: str, linked: Office, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell, second = linked.record_refund, []

    def slow(line: RefundLine) -> Written:
        clock.advance(jobs.LEASE * 0.9)  # a house that answers late
        second.append(work.run_next())  # another worker looks for something to do
        return tell(line)

    monkeypatch.setattr(linked, "record_refund", slow)
    press(sign_in(ODILE), f"{here}/billetterie")
    assert work.run_due() > 0
    assert len(second) == 4
    assert sorted(linked.refunds) == [("card", 2_000, 1)] * 2 + [("card", 10_000, 1)] * 2
    run = session.query(MarkRun).one()
    assert (run.ended_at is not None, run.problem, session.query(OfficeMark).count()) == (True, "", 4)
