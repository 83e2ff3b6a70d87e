"""What a campaign would owe, to how many, by which ways they could choose, and who is left out and why; no change."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from app.cancellations import campaign_queries as queries
from app.cancellations.choices import Terms, rooms
from app.cancellations.funding import means
from app.cancellations.models import Campaign, CampaignOption
from app.cancellations.plans import Law, obstacles
from app.cancellations.shaping import Shaped
from app.cancellations.surveying import owed, scope_of
from app.kernel import clock
from app.venue import service as venue


@dataclass(slots=True)
class _Sums:
    """Everything that is added up, one household after the other."""

    credits: int = 0
    cents: int = 0
    external_cents: int = 0
    admissions: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    by_performance: Counter[int] = field(default_factory=Counter)
    by_kind: Counter[str] = field(default_factory=Counter)
    vat: Counter[str] = field(default_factory=Counter)
    whole: Counter[str] = field(default_factory=Counter)
    most: Counter[str] = field(default_factory=Counter)

    def add(self, one: Shaped) -> None:
        """Take one household in."""
        self.left_out.update(out.why for out in one.left_out)
        if not one.cents:
            return
        self.credits += 1
        self.cents += one.cents
        self.external_cents += one.external_cents
        self.admissions += len(one.items)
        self.vat.update(one.vat())
        for item in one.items:
            self.by_performance[item.performance_id] += item.cents
        for bucket in one.buckets:
            self.by_kind[bucket.kind] += bucket.cents


def found(row: Campaign) -> dict[str, Any]:
    """What a campaign would owe now. Units: cents.

    Shape: credits, cents, external_cents, admissions, left_out {why: admissions}, performances {id: cents}, funding
    {kind: cents}, vat {rate: cents}, options {code: {whole: credits it can hold, cents: the most it can hold}},
    obstacles [codes].
    """
    offered = queries.option_rows(row.id)
    terms, sums = [_terms(one) for one in offered], _Sums()
    moment = clock.now()
    for one in owed(scope_of(row)):
        sums.add(one)
        if one.cents:
            paid = [bucket.on(moment) for bucket in one.buckets]
            tenders = [bucket.tender for bucket in paid if bucket.kind != "external"]
            drawable = means(paid, gifts_of_titres=row.gifts_of_titres)
            for code, room in rooms(
                one.cents, terms, drawable, household_kind=one.household_kind, tenders=tenders
            ).items():
                sums.whole[code] += room.most == one.cents
                sums.most[code] += room.most
    return {
        "credits": sums.credits, "cents": sums.cents, "external_cents": sums.external_cents,
        "admissions": sums.admissions, "left_out": dict(sums.left_out),
        "performances": {str(key): cents for key, cents in sorted(sums.by_performance.items())},
        "funding": dict(sums.by_kind), "vat": dict(sums.vat),
        "options": {term.code: {"whole": sums.whole[term.code], "cents": sums.most[term.code]} for term in terms},
        "obstacles": obstacles_of(row),
    }  # fmt: skip


def obstacles_of(row: Campaign) -> list[str]:
    """Why a campaign may not open as it is: codes of `plans.obstacles`."""
    law = queries.regime_at(row.regime_id) if row.regime_id else None
    options = queries.option_rows(row.id)
    now = clock.now()
    return obstacles(
        [one.code for one in options], next((one.validity_months for one in options if one.code == "voucher"), None),
        Law(law.from_on, law.to_on, law.max_validity_months) if law else None,
        today=now.astimezone(venue.house().tz).date(), deadline_at=row.deadline_at, now=now,
    )  # fmt: skip


def _terms(row: CampaignOption) -> Terms:
    return Terms(row.code, row.min_cents, row.max_cents, tuple(row.only_kinds), tuple(row.only_tenders))
