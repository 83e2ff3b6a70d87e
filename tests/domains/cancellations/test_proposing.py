"""A declared incident about a performance leaves a draft of a campaign, in the name of whoever declared it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.cancellations import planning
from app.cancellations.models import Campaign
from app.incidents import declaring
from app.kernel.access import Actor
from app.kernel.db import session
from tests.domains.cancellations.world import cancelled
from tests.domains.incidents.test_declaring import telling

Jobs = Callable[[], int]


def campaigns(by: Actor) -> list[planning.CampaignCard]:
    session.rollback()
    return planning.cards(by=by)


def test_a_cancelled_performance_proposes_a_draft_and_reaches_nobody(ines: Actor, run_jobs: Jobs) -> None:
    declaring.declare(telling(cancelled("Carmen")), by=ines)
    run_jobs()
    (found,) = campaigns(ines)
    assert (found.kind, found.state, found.created_by, found.default_option) == ("cancel", "draft", ines.person_id, "")
    plan = planning.plan_of(found.id, by=ines)
    assert [option.code for option in plan.options] == ["refund_card", "refund_transfer", "donation", "voucher"]
    assert plan.faults() == {}


def test_one_about_the_performance_already_is_enough(ines: Actor, run_jobs: Jobs) -> None:
    show = cancelled("Carmen")
    first, second = telling(show), telling(show, cause="postponed")
    incident = declaring.declare(first, by=ines)
    run_jobs()
    declaring.end(incident, "withdrawn", by=ines)
    declaring.declare(second, by=ines)
    run_jobs()
    assert session.query(Campaign.id).count() == 1


@pytest.mark.parametrize(("cause", "kind", "last"), [("postponed", "postpone", "exchange"),
                                                     ("interrupted", "interrupt", "voucher")])  # fmt: skip
def test_each_cause_has_a_campaign_of_its_kind(ines: Actor, run_jobs: Jobs, cause: str, kind: str, last: str) -> None:
    declaring.declare(telling(cancelled("Carmen"), cause=cause), by=ines)
    run_jobs()
    (found,) = campaigns(ines)
    plan = planning.plan_of(found.id, by=ines)
    assert (found.kind, plan.options[-1].code) == (kind, last)
    assert plan.rule == {"include_scanned": cause == "interrupted"}


def test_a_late_show_proposes_nothing(ines: Actor, run_jobs: Jobs) -> None:
    declaring.declare(telling(cancelled("Carmen"), cause="late"), by=ines)
    run_jobs()
    assert campaigns(ines) == []
