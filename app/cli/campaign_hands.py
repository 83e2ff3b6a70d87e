"""`flask campaign by-hand` and `told`: households that no e-mail reaches, and what colleagues have told them."""

from __future__ import annotations

from dataclasses import asdict

import click
from flask.cli import with_appcontext

from app.cancellations import errands, listing
from app.cli.campaign_laws import campaign
from app.cli.campaigns import acting, as_colleague, as_lines, refusals, told
from app.cli.speech import NUMBER, refusing, say

#: The whole group: this page adds the last of its commands.
__all__ = ["campaign"]


@campaign.command("by-hand")
@click.argument("campaign_id", type=NUMBER)
@as_colleague
@as_lines
@refusing
@with_appcontext
def by_hand(campaign_id: int, *, email: str, as_json: bool) -> None:
    """List households to be called or written to, with why; that it was taken is noted, for it holds links."""
    with refusals(as_json=as_json), acting(email) as by:
        found = listing.by_hand(campaign_id, by=by)
    told({"households": [asdict(one) for one in found]}, lambda: f"{len(found)} households", as_json=as_json)
    for one in found if not as_json else ():
        say(f"{one.errand_id or '-'}: {one.number}, {one.why}, {one.reach} {one.phone}".rstrip())


@campaign.command("told")
@click.argument("errand_id", type=NUMBER)
@as_colleague
@as_lines
@refusing
@with_appcontext
def tell(errand_id: int, *, email: str, as_json: bool) -> None:
    """Note that a household was called or written to about a change, by the number in the list."""
    with refusals(as_json=as_json), acting(email) as by:
        errands.done(errand_id, by=by)
    told({"errand": errand_id, "done": True}, lambda: "noted", as_json=as_json)
