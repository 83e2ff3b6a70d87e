"""The performances of one day: what was sold, who came in, and where each stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from app.boxoffice import evening
from app.boxoffice.curtain import standing
from app.boxoffice.models import Admission, Performance
from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import session
from app.kernel.errors import Forbidden
from tests.bill import a_performance, an_order
from tests.cast import KARIM, SAMI, Character

Act = Callable[[Character], Actor]
EIGHT = datetime(2026, 11, 10, 19, tzinfo=UTC)  # 20:00 in Valmorin


def come_in(show: Performance, count: int) -> None:
    seats = session.query(Admission).filter(Admission.performance_id == show.id).order_by(Admission.id).limit(count)
    for seat in seats:
        seat.scanned_at = clock.now()
    session.commit()


def test_seats_that_are_no_longer_held_are_neither_sold_nor_entered(app: Flask, noon: datetime, actor: Act) -> None:
    show = a_performance("Carmen", "Carmen", EIGHT)
    an_order("VAL-11111", show)
    an_order("VAL-22222", show)
    come_in(show, 1)
    gone = session.query(Admission).order_by(Admission.id.desc()).first()
    assert gone is not None
    gone.status = "cancelled"
    session.commit()
    (house,) = evening.today(by=actor(KARIM))
    assert (house.sold, house.entered, house.capacity) == (3, 1, 900)


def test_a_day_holds_its_late_performance_and_not_that_of_tomorrow(app: Flask, noon: datetime, actor: Act) -> None:
    a_performance("Matin", "Morning", EIGHT - timedelta(hours=10))
    a_performance("Nuit", "Night", EIGHT + timedelta(hours=5))
    a_performance("Demain", "Tomorrow", EIGHT + timedelta(hours=14))
    a_performance("Hier", "Yesterday", EIGHT - timedelta(days=1))
    assert [house.performance.title_fr for house in evening.today(by=actor(KARIM))] == ["Matin", "Nuit"]
    with clock.frozen_at(EIGHT + timedelta(hours=6)):  # two in the morning is still the same evening
        assert [house.performance.title_fr for house in evening.today(by=actor(KARIM))] == ["Matin", "Nuit"]


def test_a_delayed_performance_begins_when_it_was_moved_to(app: Flask, noon: datetime, actor: Act) -> None:
    show = a_performance("Carmen", "Carmen", EIGHT, status="delayed", new_starts_at=EIGHT + timedelta(minutes=30))
    an_order("VAL-11111", show)
    come_in(show, 1)
    with clock.frozen_at(EIGHT + timedelta(minutes=20)):
        (house,) = evening.today(by=actor(KARIM))
    assert (house.standing.code, house.standing.minutes, house.standing.share) == ("late", 10, 0.5)


def test_who_may_not_read_orders_reads_no_evening(app: Flask, noon: datetime, actor: Act) -> None:
    with pytest.raises(Forbidden):
        evening.today(by=actor(SAMI))


@pytest.mark.parametrize(
    ("minutes", "sold", "entered", "status", "code"),
    [(-60, 100, 0, "scheduled", "before"), (-60, 0, 0, "scheduled", "unsold"), (-20, 100, 20, "scheduled", "arriving"),
     (-8, 100, 62, "scheduled", "late"), (-8, 100, 90, "scheduled", "arriving"),
     (-8, 100, 0, "scheduled", "uncounted"), (0, 100, 95, "scheduled", "begun"), (240, 100, 95, "scheduled", "played"),
     (-8, 100, 62, "cancelled", "off"), (-8, 100, 0, "postponed", "off")],
)  # fmt: skip
def test_where_an_evening_stands(minutes: int, sold: int, entered: int, status: str, code: str) -> None:
    found = standing(status=status, sold=sold, entered=entered, doors_at=EIGHT - timedelta(minutes=45),
                     starts_at=EIGHT, now=EIGHT + timedelta(minutes=minutes))  # fmt: skip
    assert found.code == code
    if code == "late":
        assert (found.minutes, found.missing, found.share) == (8, 38, 0.62)
