"""The forecast from the terminal, learnt in a process of its own; when that fails the weekdays speak."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from flask import Flask

from app.insight import forecast, ledger_queries
from app.insight.access import today
from app.insight.ledger import ALL, MEASURES
from app.insight.models import DayFact
from app.kernel.transaction import transactional
from app.people import service as people

pytestmark = pytest.mark.usefixtures("noon")


def lived(days: int) -> None:
    department = people.department("billetterie").id
    rows = [
        {"department_id": department, "channel": ALL, "category": ALL, "day": today() - timedelta(days=ago),
         **dict.fromkeys(MEASURES, 0), "received": 9 + ago % 5}
        for ago in range(1, days + 1)
    ]  # fmt: skip
    transactional(ledger_queries.put)(DayFact, rows)


def test_a_young_house_is_told_why_nothing_is_foretold(app: Flask) -> None:
    lived(9)
    done = app.test_cli_runner().invoke(args=["insight", "forecast", "--json"])
    assert (done.exit_code, done.stdout) == (0, "")
    assert "three weeks" in done.stderr


def test_both_ways_are_tried_and_the_better_one_speaks(app: Flask) -> None:
    lived(75)
    done = app.test_cli_runner().invoke(args=["insight", "forecast", "--json"])
    told = json.loads(done.stdout)
    assert told["department"] == "billetterie"
    assert set(told["errors"]) == {"weekdays", "learnt"}
    assert told["method"] == min(told["errors"], key=told["errors"].get)
    assert len(told["days"]) == 8


def test_what_cannot_learn_leaves_the_forecast_to_the_weekdays(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    lived(75)
    monkeypatch.setattr(forecast, "SECONDS", 0.01)
    with app.app_context():
        (told,) = forecast.make().values()
    assert set(told.missed) == {"weekdays"}
