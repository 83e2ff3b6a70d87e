"""Proposes a campaign where a colleague declared that a performance does not take place as planned; a draft only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from app.cancellations import campaign_queries as queries
from app.cancellations import managing
from app.cancellations.plan_files import CLAIM
from app.cancellations.plans import OptionPlan, Plan
from app.incidents import queries as incidents
from app.incidents.declaring import Telling
from app.incidents.models import Incident
from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.transaction import transactional
from app.people import colleagues

#: Which kind of campaign an incident leads to.
KINDS: Mapping[str, str] = {"cancelled": "cancel", "postponed": "postpone", "interrupted": "interrupt"}
#: What is offered until somebody decides otherwise; money first, and a gift is never what silence becomes.
_OFFERED = ("refund_card", "refund_transfer", "donation", "voucher")
#: How long households have, until somebody decides otherwise.
ANSWER_IN = timedelta(days=60)


@transactional
def propose_about(performance_id: int, cause: str, words: Telling, *, by: Actor) -> int | None:
    """Write a draft about a performance in the name of a colleague, unless there is a campaign about it."""
    if cause not in KINDS or not by.may(Permission.CAMPAIGN_WORK) or queries.campaigns_about([performance_id]):
        return None
    return managing.create(_plan(performance_id, cause, words), by=by)


@transactional
def propose(incident_id: int) -> int | None:
    """Write a draft in the name of who declared the incident, unless there is a campaign about it; returns its id."""
    row = incidents.incident(incident_id)
    if row is None or row.performance_id is None or row.cause not in KINDS:
        return None
    declared = next((step.person_id for step in incidents.steps(row.id) if step.what == "declared"), None)
    author = colleagues.told(declared) if declared else None
    if author is None or not author.actor.may(Permission.CAMPAIGN_WORK):
        return None
    if queries.campaigns_about([row.performance_id]):
        return None
    return managing.create(_plan(row.performance_id, row.cause, row), by=author.actor)


def _plan(performance_id: int, cause: str, words: Telling | Incident) -> Plan:
    deadline = clock.now() + ANSWER_IN
    return Plan(
        kind=KINDS[cause], title_fr=words.title_fr[:150], title_en=words.title_en[:150],
        text_fr=words.text_fr[:4_000], text_en=words.text_en[:4_000], performances={performance_id: None},
        options=tuple(OptionPlan(code=code) for code in _offered(cause)), deadline_at=deadline,
        claim_until=deadline + CLAIM, rule={"include_scanned": cause == "interrupted"},
    )  # fmt: skip


def _offered(cause: str) -> tuple[str, ...]:
    return (*_OFFERED, "keep_ticket", "exchange") if cause == "postponed" else _OFFERED
