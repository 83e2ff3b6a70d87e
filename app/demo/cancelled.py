"""The cancelled show of the demo house: its campaign written, approved by a second person, opened, half answered.

Everything goes through the verbs that colleagues and households use; asked for again, it goes on where it was.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.cancellations.plans import OptionPlan, Plan
from app.demo import answered
from app.demo import answers_queries as queries
from app.demo.answered import Crew
from app.demo.pages import page
from app.demo.sales import SYSTEM_NAME
from app.kernel.errors import Conflict

#: Of a hundred households, how many have answered by now.
SHARE = 55
TITLE = "La Traviata annulée"
_OPTIONS = (
    OptionPlan(code="refund_card"), OptionPlan(code="refund_transfer"), OptionPlan(code="refund_cheque"),
    OptionPlan(code="donation"), OptionPlan(code="voucher", validity_months=18),
)  # fmt: skip


def cancel_show() -> dict[str, Any]:
    """Let the households of the cancelled show choose; what is there already stays.

    Returns:
        What the rows add up to, in cents, as `answered.answer_season` does.

    Raises:
        Conflict: `no_season` where no show was cancelled; what a campaign refuses.
    """
    people = _crew()
    lea = page("house")["spectator"]["email"]
    campaign_id = answered.opened(people, TITLE, _plan)
    # Léa's answer is the newcomer's to give: her letter waits among those that were written.
    homes = [row for row in queries.credits_of(campaign_id) if row.email != lea]
    return answered.let_answer(campaign_id, homes, len(homes) * SHARE // 100, people.agent)


def _crew() -> Crew:
    """Inès writes it, Odile approves it, Karim answers for those who ring."""
    emails = {row["name"].split()[0]: row["email"] for row in page("house")["colleagues"]}
    return Crew(*(answered.actor_of(queries.colleague(emails[name])) for name in ("Inès", "Odile", "Karim")))


def _plan() -> Plan:
    shows = [key for key, status in queries.performances(SYSTEM_NAME).items() if status == "cancelled"]
    if not shows:
        raise Conflict("no_season")
    deadline = answered.last_minute(21)
    return Plan(
        title_fr=TITLE, title_en="La Traviata is cancelled", performances=dict.fromkeys(shows),
        options=(*_OPTIONS, OptionPlan(code="carryover", season=f"{deadline.year + 1}-{deadline.year + 2}")),
        text_fr="La Traviata n’aura pas lieu, et nous en sommes désolés. "
        "Dites-nous ce que doit devenir ce que vous avez payé.",
        text_en="La Traviata will not take place, and we are sorry. Tell us what should become of what you paid.",
        deadline_at=deadline, claim_until=deadline + timedelta(days=365 * 5), rule={"fees": "all"},
        receipts_mode="waiver",
    )  # fmt: skip
