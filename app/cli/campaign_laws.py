"""`flask campaign regimes` and `regime`: laws of a time that campaigns may name, as the page of laws does."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

import click
from flask.cli import with_appcontext

from app.cancellations import regimes
from app.cancellations.regimes import Regime
from app.cli.campaigns import acting, as_colleague, as_lines, campaign, refusals, told
from app.cli.speech import refusing, say

__all__ = ["campaign"]

_DAY = click.DateTime(formats=["%Y-%m-%d"])
_DAYS = ("from_on", "to_on")


@campaign.command("regimes")
@as_colleague
@as_lines
@refusing
@with_appcontext
def listed(*, email: str, as_json: bool) -> None:
    """List the laws that campaigns may name, the latest first."""
    with refusals(as_json=as_json), acting(email) as by:
        found = regimes.listed(by=by)
    told({"regimes": [_plain(one) for one in found]}, lambda: f"{len(found)} laws", as_json=as_json)
    for one in found if not as_json else ():
        say(f"{one.code}: {one.from_on} to {one.to_on}, {one.max_validity_months} months; {one.source}")


@campaign.command("regime")
@click.argument("code")
@click.option("--title-fr")
@click.option("--title-en")
@click.option("--source", help="Where it stands written.")
@click.option("--scope", help="Whom it is for.")
@click.option("--from", "from_on", type=_DAY, help="Its first day.")
@click.option("--to", "to_on", type=_DAY, help="Its last day.")
@click.option("--months", "max_validity_months", type=click.IntRange(1, 999), help="How long a voucher holds at most.")
@click.option("--refund-at-expiry/--no-refund-at-expiry", default=None)
@click.option("--end", "last", type=_DAY, help="Let it end on this day, whatever rests on it.")
@as_colleague
@as_lines
@refusing
@with_appcontext
def regime(code: str, *, last: datetime | None, email: str, as_json: bool, **given: Any) -> None:  # noqa: ANN401
    """Enter the law CODE, or change what is given of it; a new one needs everything."""
    values: dict[str, Any] = {
        name: _day(one) if name in _DAYS else one for name, one in given.items() if one is not None
    }
    with refusals(as_json=as_json), acting(email) as by:
        if values:
            known = next((one for one in regimes.listed(by=by) if one.code == code), None)
            regimes.enter(replace(known, **values) if known else _whole(code, values), by=by)
        if last is not None:
            regimes.end(code, last.date(), by=by)
        found = next((one for one in regimes.listed(by=by) if one.code == code), None)
    told({"regime": _plain(found) if found else None}, lambda: "kept", as_json=as_json)


def _whole(code: str, values: dict[str, Any]) -> Regime:
    needed = ("title_fr", "title_en", "source", "scope", *_DAYS, "max_validity_months")
    if missing := [name for name in needed if name not in values]:
        raise click.UsageError(f"a new law needs {', '.join(missing)}")
    return Regime(code=code, **values)


def _day(moment: datetime) -> date:
    return moment.date()


def _plain(one: Regime) -> dict[str, Any]:
    return asdict(one) | {name: getattr(one, name).isoformat() for name in _DAYS}
