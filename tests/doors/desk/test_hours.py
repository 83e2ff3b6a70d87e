"""Opening hours on the desk: the ordinary week and the dates that differ."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.kernel.db import session
from app.venue import service as venue
from app.venue.hours import Slot
from tests.cast import INES, KARIM, PAUL, Character
from tests.doors.desk.steps import page, press, told

SignIn = Callable[[Character], FlaskClient]
HOURS = "/regie/reglages/horaires"


@pytest.fixture
def ines(noon: datetime, sign_in: SignIn) -> FlaskClient:
    """The manager of the box office."""
    return sign_in(INES)


def a_week(**rows: list[tuple[str, str]]) -> dict[str, Any]:
    """The fields of a week; days not named are closed."""
    fields: dict[str, Any] = {}
    for weekday in range(7):
        slots = rows.get(f"d{weekday}", [("", "")])
        fields |= {f"d{weekday}-start": [s for s, _ in slots], f"d{weekday}-end": [e for _, e in slots]}
    return fields


def calendar() -> tuple[tuple[Slot, ...], ...]:
    session.rollback()
    venue.calendar.forget()
    return venue.calendar().week


def test_the_week_is_shown_with_a_row_to_spare(ines: FlaskClient) -> None:
    html = page(ines, HOURS)
    assert html.count('name="d1-start"') == 3
    assert 'name="d1-end" value="13:00"' in html


@pytest.mark.parametrize("who", [KARIM, PAUL])
def test_who_leads_nothing_may_not_change_hours(sign_in: SignIn, who: Character) -> None:
    browser = sign_in(who)
    page(browser, HOURS, 403)
    assert press(browser, HOURS, **a_week()).status_code == 403
    assert press(browser, f"{HOURS}/jours", day="2026-12-24").status_code == 403


def test_a_stranger_is_asked_to_sign_in(client: FlaskClient) -> None:
    assert client.get(HOURS).headers["Location"].startswith("/regie/connexion")


def test_a_week_has_several_slots_a_day(ines: FlaskClient) -> None:
    week = a_week(d0=[("9 h", "12h30"), ("14:00", "18.00"), ("", "")], d5=[("20:00", "1:00")])
    told(ines, press(ines, HOURS, at=HOURS, **week))
    assert calendar()[0] == (Slot(540, 750), Slot(840, 1080))
    assert calendar()[5] == (Slot(1200, 1500),)
    assert calendar()[1] == ()


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([("midi", "14:00")], "d2-0"),
        ([("", ""), ("14:00", "")], "d2-1"),
        ([("14:00", "13:00")], "d2-0"),
        ([("", ""), ("10:00", "12:00"), ("11:00", "13:00")], "d2-2"),
        ([("25:00", "26:00")], "d2-0"),
    ],
)
def test_a_slot_that_cannot_be_says_why_and_stays(ines: FlaskClient, rows: list[tuple[str, str]], wrong: str) -> None:
    before = calendar()
    answer = press(ines, HOURS, at=HOURS, **a_week(d2=rows))
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'<a href="#f-{wrong}">' in html
    assert f'id="f-{wrong}-e"' in html
    assert rows[-1][0] in html
    assert calendar() == before


def test_a_date_may_differ_and_follow_its_weekday_again(ines: FlaskClient) -> None:
    fields = {"s-start": ["10:00"], "s-end": ["12:00"], "reason_fr": "Réveillon", "reason_en": "New Year's Eve"}
    told(ines, press(ines, f"{HOURS}/jours", at=HOURS, day="2026-12-31", **fields))
    session.rollback()
    card = next(card for card in venue.special_days() if card.day == date(2026, 12, 31))
    assert (card.slots, card.reason_fr) == ((Slot(600, 720),), "Réveillon")
    assert 'value="2026-12-31"' in page(ines, f"{HOURS}?jour=2026-12-31")
    told(ines, press(ines, f"{HOURS}/jours/2026-12-31/retrait", at=HOURS))
    session.rollback()
    assert date(2026, 12, 31) not in {card.day for card in venue.special_days()}


def test_a_date_without_times_is_closed(ines: FlaskClient) -> None:
    told(ines, press(ines, f"{HOURS}/jours", at=HOURS, day="2026-12-30"))
    session.rollback()
    assert next(card.slots for card in venue.special_days() if card.day == date(2026, 12, 30)) == ()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"day": "demain"}, "day"),
        ({"day": "2026-12-30", "s-start": ["12:00"], "s-end": ["10:00"]}, "s-0"),
        ({"day": "2026-12-30", "s-start": ["x"], "s-end": ["10:00"]}, "s-0"),
    ],
)
def test_a_date_that_cannot_be_says_why(ines: FlaskClient, fields: dict[str, Any], wrong: str) -> None:
    answer = press(ines, f"{HOURS}/jours", at=HOURS, **fields)
    assert answer.status_code == 422
    assert f'id="f-{wrong}-e"' in answer.get_data(as_text=True)
