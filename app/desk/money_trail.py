"""What was done with the money of a campaign, step by step, and whether the chain of these steps is whole."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from app.cancellations import board
from app.desk import money_frame, money_steps
from app.desk.frame import CAMPAIGNS
from app.desk.money_frame import ONE
from app.kernel import audit
from app.kernel.access import Permission
from app.settlements import trail
from app.web.doors import me, needs

money_trail = Blueprint("desk_money_trail", __name__, template_folder="templates", url_prefix=CAMPAIGNS)


@money_trail.get(f"{ONE}/trace")
@needs(Permission.MONEY_READ)
def page(campaign_id: int) -> ResponseReturnValue:
    """Its steps in words, the newest first, and what walking the whole chain found."""
    given = request.args.get("avant", "")
    before = int(given) if given.isascii() and given.isdecimal() and len(given) < 16 else None
    rows = trail.steps(campaign_id, before=before, by=me())
    more = ""
    if len(rows) > trail.ROWS:
        rows = rows[: trail.ROWS]
        more = url_for("desk_money_trail.page", campaign_id=campaign_id, avant=rows[-1].serial)
    verdict = audit.verify()
    return money_frame.page(
        "desk/money/trail.html", campaign_id, "trail", rows=rows, more=more, steps=money_steps, verdict=verdict,
        why=money_steps.broken(verdict), names=board.names([row.actor_id for row in rows]),
    )  # fmt: skip
