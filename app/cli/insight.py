"""`flask insight`: the forecast of the coming days, made now."""

from __future__ import annotations

from dataclasses import asdict

import click
from flask.cli import AppGroup, with_appcontext

from app.cli.speech import line, refusing, say
from app.insight import forecast
from app.insight.trying import Foretold
from app.people import service as people

insight = AppGroup("insight", help="Figures.")


@insight.command("forecast")
@click.option("--json", "as_json", is_flag=True, help="A JSON object for each department.")
@refusing
@with_appcontext
def make_forecast(*, as_json: bool) -> None:
    """Make the forecasts of today anew, as each night does; says how each way did on days that are past."""
    codes = {card.id: card.code for card in people.departments()}
    found = forecast.make()
    for key, told in found.items():
        if as_json:
            line({"department": codes.get(key), **_plain(told)})
        else:
            say(_sentence(codes.get(key, str(key)), told))
    if not found:
        say("No department has three weeks of requests yet: nothing is foretold.")


def _plain(told: Foretold) -> dict[str, object]:
    tried = asdict(told.tried) if told.tried else None
    return {
        "method": told.method, "errors": {way: round(error, 2) for way, error in told.missed.items()},
        "tried": tried,
        "days": [[round(one.count, 1), round(one.low, 1), round(one.high, 1)] for one in told.days],
    }  # fmt: skip


def _sentence(code: str, told: Foretold) -> str:
    days = ", ".join(f"{one.count:.0f} ({one.low:.0f} to {one.high:.0f})" for one in told.days[1:])
    errors = ", ".join(f"{way} {error:.1f}" for way, error in told.missed.items())
    return f"{code}: {days}; {told.method}, of mean errors a day: {errors}"
