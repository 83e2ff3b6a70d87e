"""Households that no e-mail reaches: whom colleagues call or send a coupon by post; who takes the list is noted."""

from __future__ import annotations

from dataclasses import dataclass

from app.boxoffice import holdings
from app.cancellations import campaign_queries as queries
from app.cancellations import links
from app.cancellations.inviting import SILENT
from app.kernel.access import Actor, Permission
from app.kernel.transaction import transactional
from app.people import service as people


@dataclass(frozen=True, slots=True)
class ByHand:
    """A household to be told otherwise; `reach` is post, phone, bounced or none. Cents."""

    credit_id: int
    number: str
    reach: str
    name: str
    phone: str
    has_address: bool
    language: str
    amount_cents: int
    link: str


@transactional
def by_hand(campaign_id: int, *, by: Actor) -> list[ByHand]:
    """Those who have not answered and whom no e-mail reaches, by number; it holds their links, for coupons."""
    by.must(Permission.CAMPAIGN_WORK)
    people.note_export(f"campaign {campaign_id} by hand", by=by)
    rows = queries.unreached(campaign_id, SILENT)
    reaches = holdings.reaches([row.household_id for row in rows])
    return [
        ByHand(
            row.id, row.number, row.reach, found.name if found else "", found.phone if found else "",
            found.has_address if found else False, row.language, row.amount_cents,
            links.link_of(row.link_nonce, row.link_generation),
        )
        for row in rows for found in (reaches.get(row.household_id),)
    ]  # fmt: skip
