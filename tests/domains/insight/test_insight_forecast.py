"""Forecasts are made of the days before, kept, scored once their days have come, and joined by what incidents bring."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from app.incidents import declaring
from app.insight import forecast, forecast_queries, ledger_queries
from app.insight.access import scope_for, today
from app.insight.ledger import ALL, MEASURES
from app.insight.models import DayFact
from app.insight.outlook import Outlook, outlook
from app.insight.periods import last_days
from app.kernel import clock
from app.kernel.access import SYSTEM, Role
from app.kernel.transaction import transactional
from app.venue import service as venue
from tests.bill import a_performance, an_order
from tests.conftest import counted as statements
from tests.crowds import a_crowd
from tests.domains.incidents.test_declaring import telling
from tests.domains.insight.stories import counted, department, later, mine, somebody

pytestmark = pytest.mark.usefixtures("app", "noon")

DAY = timedelta(days=1)
#: Requests of each weekday, Monday first.
WEEK = (30, 20, 20, 20, 20, 10, 0)


@transactional
def lived(days: int, *, until: date | None = None) -> None:
    """So many days, yesterday the last of them, each with the requests of its weekday."""
    last = until or today() - DAY
    ledger_queries.put(DayFact, [
        {"department_id": department(), "channel": ALL, "category": ALL, "day": day,
         **dict.fromkeys(MEASURES, 0), "received": WEEK[day.weekday()]}
        for day in (last - place * DAY for place in range(days))
    ])  # fmt: skip


def foreseen() -> Outlook:
    found = outlook(somebody(Role.MANAGER), mine())
    assert found is not None
    return found


def test_nothing_is_foretold_before_three_weeks() -> None:
    lived(20)
    assert forecast.make() == {}
    assert outlook(somebody(Role.MANAGER), mine()) is None
    lived(21)
    assert len(forecast.make()) == 1
    assert foreseen().method == "weekdays"


def test_the_week_to_come_looks_like_the_weeks_before() -> None:
    lived(42)
    forecast.make()
    found = foreseen()
    assert list(found.days) == [today() + place * DAY for place in range(8)]
    for day, one in found.days.items():
        assert one.low <= one.count <= one.high
        assert one.count == pytest.approx(WEEK[day.weekday()], abs=5)


def test_it_is_made_once_a_day_and_not_in_the_first_hour() -> None:
    lived(30)
    midnight = datetime.combine(today() + DAY, datetime.min.time(), venue.house().tz)
    with clock.frozen_at(midnight):
        assert forecast.make_due() == 0
    assert (forecast.make_due(), forecast.make_due()) == (1, 0)
    later(days=1)
    assert forecast.make_due() == 1


def test_forecasts_are_scored_when_their_days_have_come() -> None:
    lived(35)
    forecast.make()
    assert foreseen().past is None
    later(days=3)
    lived(3)
    forecast.make()
    past = foreseen().past
    assert past is not None
    assert past.days == 2
    assert past.mape < 0.25
    assert past.inside == 1


def test_an_old_forecast_still_speaks_of_the_days_that_are_left_and_then_falls_silent() -> None:
    lived(30)
    forecast.make()
    later(days=6)
    assert list(foreseen().days) == [today(), today() + DAY]
    later(days=1)
    assert outlook(somebody(Role.MANAGER), mine()) is None


def test_one_reason_or_days_gone_by_have_no_forecast_and_reading_one_costs_one_statement() -> None:
    lived(30)
    forecast.make()
    by = somebody(Role.MANAGER)
    assert outlook(by, mine(category="seating")) is None
    assert outlook(by, scope_for(by, last_days(7, today() - DAY))) is None
    scope = mine()
    with statements() as seen:
        assert outlook(by, scope) is not None
    assert len(seen) == 1


def test_an_incident_adds_what_those_before_it_taught_and_none_of_it_passes_for_a_usual_day(run_jobs) -> None:
    lived(30)
    first = a_performance("Carmen", "Carmen", clock.now() + timedelta(days=3))
    for number in range(10):
        an_order(f"VAL-2222{number}", first)
    incident = declaring.declare(telling(first), by=SYSTEM)
    a_crowd(incident, 5)
    counted()
    declaring.end(incident, "over", by=SYSTEM)
    run_jobs()
    later(days=1)
    forecast.make()
    ordinary = foreseen()
    assert all(one.crowd == 0 for one in ordinary.days.values())
    (row,) = forecast_queries.made_on(today())
    assert row.counts[0] == pytest.approx(WEEK[today().weekday()], abs=5)

    second = a_performance("Tosca", "Tosca", clock.now() + timedelta(days=3))
    for number in range(40):
        an_order(f"VAL-33{number:03}", second)
    declaring.declare(telling(second), by=SYSTEM)
    run_jobs()
    found = foreseen()
    assert found.days[today()].crowd == pytest.approx(20)
    assert found.days[today()].count == pytest.approx(ordinary.days[today()].count + 20)
    assert found.days[today()].high > ordinary.days[today()].high + 20
