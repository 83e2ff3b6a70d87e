"""What the people of the money are told: a bank takes a payment back, and lines that would pay it again wait."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from app.cancellations.amounts import said as amount
from app.kernel.access import Permission
from app.notices import lines
from app.notices.lines import Said
from app.notices.models import Notice
from app.people.colleagues import Told
from app.settlements import doubting


def said(rows: Sequence[Notice], person: Told, _moment: datetime) -> Iterator[Said]:
    """Campaigns of some notices of which lines still wait, with all that wait now; what somebody decided is no news."""
    if not rows or not person.actor.may(Permission.MONEY_APPROVE):
        return
    held, language = doubting.waiting(by=person.actor), lines.reading(person.language)
    for row in rows:
        campaign_id = int(row.key.split(":")[1])
        one = held.get(campaign_id)
        if one is not None:
            yield Said(
                matter="disputed", number=0, subject=one.title_en if language == "en" else one.title_fr,
                why="one" if one.lines == 1 else "", place=f"/regie/annulations/{campaign_id}/argent/examen",
                facts={"lines": str(one.lines), "cents": amount(one.cents, language)},
            )  # fmt: skip
