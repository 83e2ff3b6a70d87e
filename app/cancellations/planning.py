"""A campaign between what is written down and its rows, and as others read it; no step of its life."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.boxoffice import holdings
from app.cancellations import campaign_queries as queries
from app.cancellations.models import Campaign, CampaignOption, CampaignPerformance
from app.cancellations.plan_files import codes_of, plan_from
from app.cancellations.plans import OptionPlan, Plan
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Invalid, NotFound
from app.venue import service as venue


@dataclass(frozen=True, slots=True)
class CampaignCard:
    """One campaign as plain values. Cents of `currency`."""

    id: int
    kind: str
    state: str
    title_fr: str
    title_en: str
    currency: str
    deadline_at: datetime
    claim_until: datetime
    default_option: str
    simulation: Mapping[str, Any] | None
    created_by: int
    edited_by: int
    approved_by: int | None
    approved_cents: int | None
    opened_at: datetime | None
    version: int
    #: What its credits came to, where that is not what was approved and nobody has agreed to it yet.
    made_cents: int | None = None


def card(campaign_id: int, *, by: Actor) -> CampaignCard:
    """One campaign.

    Raises:
        NotFound: there is none.
    """
    by.must(Permission.CAMPAIGN_READ)
    return _card(known(campaign_id))


def cards(*, by: Actor) -> list[CampaignCard]:
    """Every campaign, the newest first."""
    by.must(Permission.CAMPAIGN_READ)
    return [_card(row) for row in queries.campaigns()]


def about(performance_ids: Iterable[int], *, by: Actor) -> list[CampaignCard]:
    """Campaigns about any of some performances that were not given up."""
    by.must(Permission.CAMPAIGN_READ)
    return [_card(known(key)) for key in sorted(queries.campaigns_about(performance_ids))]


def performances(*, by: Actor) -> set[int]:
    """Performances that any campaign is about, in one question."""
    by.must(Permission.CAMPAIGN_READ)
    return queries.performances_of_all()


def plan_of(campaign_id: int, *, by: Actor) -> Plan:
    """A campaign as it was written down, to be written anew."""
    by.must(Permission.CAMPAIGN_READ)
    row = known(campaign_id)
    law = queries.regime_at(row.regime_id) if row.regime_id else None
    return Plan(
        kind=row.kind, title_fr=row.title_fr, title_en=row.title_en, text_fr=row.text_fr, text_en=row.text_en,
        performances=queries.performances(row.id), options=tuple(map(_option_plan, queries.option_rows(row.id))),
        deadline_at=row.deadline_at, claim_until=row.claim_until, rule=row.rule, reminders=tuple(row.reminders),
        default_option=row.default_option, receipts_mode=row.receipts_mode, regime=law.code if law else "",
        min_split_cents=row.min_split_cents, gifts_of_titres=row.gifts_of_titres, currency=row.currency,
    )  # fmt: skip


def read_file(values: Mapping[str, Any]) -> Plan:
    """The plan that a file holds.

    Raises:
        Invalid: by field.
    """
    return plan_from(values, holdings.coded(codes_of(values)), venue.house().tz)


def values_of(plan: Plan) -> dict[str, Any]:
    """A plan as columns of its campaign.

    Raises:
        Invalid: fields of `Plan.faults`, or what it names does not exist.
    """
    wrong = plan.faults()
    law = queries.regime(plan.regime) if plan.regime else None
    if plan.regime and law is None:
        wrong.setdefault("regime", "unknown_choice")
    if set(holdings.ratios(plan.performances)) != set(plan.performances):
        wrong.setdefault("performances", "unknown_choice")
    if wrong:
        raise Invalid(wrong)
    same = (
        "kind", "text_fr", "text_en", "currency", "min_split_cents", "gifts_of_titres", "deadline_at", "claim_until",
        "default_option", "receipts_mode",
    )  # fmt: skip
    return {name: getattr(plan, name) for name in same} | {
        "title_fr": plan.title_fr.strip(), "title_en": plan.title_en.strip(), "rule": dict(plan.rule),
        "reminders": sorted(set(plan.reminders), reverse=True), "regime_id": law.id if law else None,
    }  # fmt: skip


def fill(row: Campaign, plan: Plan) -> None:
    """Add the performances and options of a plan to its campaign; inside a verb only."""
    session.add_all(
        CampaignPerformance(campaign_id=row.id, performance_id=key, ratio_bp=ratio)
        for key, ratio in plan.performances.items()
    )
    session.add_all(
        CampaignOption(
            campaign_id=row.id, position=place, code=one.code, label_fr=one.label_fr, label_en=one.label_en,
            help_fr=one.help_fr, help_en=one.help_en, min_cents=one.min_cents, max_cents=one.max_cents,
            only_kinds=list(one.only_kinds), only_tenders=list(one.only_tenders), validity_months=one.validity_months,
            season=one.season,
        )
        for place, one in enumerate(plan.options)
    )  # fmt: skip


def _option_plan(row: CampaignOption) -> OptionPlan:
    return OptionPlan(
        code=row.code, label_fr=row.label_fr, label_en=row.label_en, help_fr=row.help_fr, help_en=row.help_en,
        min_cents=row.min_cents, max_cents=row.max_cents, only_kinds=tuple(row.only_kinds),
        only_tenders=tuple(row.only_tenders), validity_months=row.validity_months, season=row.season,
    )  # fmt: skip


def _card(row: Campaign) -> CampaignCard:
    return CampaignCard(
        row.id, row.kind, row.state, row.title_fr, row.title_en, row.currency, row.deadline_at, row.claim_until,
        row.default_option, row.simulation, row.created_by, row.edited_by, row.approved_by, row.approved_cents,
        row.opened_at, row.version, row.made_cents,
    )  # fmt: skip


def known(campaign_id: int) -> Campaign:
    """A campaign, to look at.

    Raises:
        NotFound: there is none.
    """
    row = queries.campaign(campaign_id)
    if row is None:
        raise NotFound("campaign")
    return row
