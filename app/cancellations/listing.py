"""Households that no e-mail reaches: whom colleagues call or send a coupon by post; who takes the list is noted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from operator import attrgetter

from app.boxoffice import holdings
from app.boxoffice.reaches import Reach
from app.cancellations import campaign_queries as queries
from app.cancellations import links
from app.cancellations.campaign_queries import Columns
from app.cancellations.errand_queries import open_errands
from app.cancellations.inviting import SILENT
from app.kernel.access import Actor, Permission
from app.kernel.transaction import transactional
from app.people import service as people


@dataclass(frozen=True, slots=True)
class ByHand:
    """A household to be told otherwise; `reach` is email, post, phone, bounced or none. Cents.

    `why` is invite (it has not answered yet), void (it is owed nothing any more) or spare (it is owed less); where
    that is one errand `errand_id` is its number. A void credit has no link.
    """

    credit_id: int
    number: str
    reach: str
    name: str
    phone: str
    has_address: bool
    language: str
    amount_cents: int
    link: str
    why: str = "invite"
    errand_id: int | None = None


@transactional
def by_hand(campaign_id: int, *, by: Actor) -> list[ByHand]:
    """Those whom no e-mail reaches and who have not answered, or must hear of a change, by number of the credit.

    It holds links, for coupons.
    """
    by.must(Permission.CAMPAIGN_WORK)
    people.note_export(f"campaign {campaign_id} by hand", by=by)
    silent, changed = queries.unreached(campaign_id, SILENT), open_errands(campaign_id)
    reaches = holdings.reaches({row.household_id for row in (*silent, *changed)})
    found = [_by_hand(row, reaches.get(row.household_id)) for row in silent]
    for row in changed:
        one = _by_hand(row, reaches.get(row.household_id))
        link = "" if row.state == "void" else one.link
        why = "void" if row.state == "void" else row.occasion.partition("-")[0]
        found.append(replace(one, link=link, why=why, errand_id=row.errand_id))
    return sorted(found, key=attrgetter("credit_id"))


def _by_hand(row: Columns, found: Reach | None) -> ByHand:
    return ByHand(
        row.id, row.number, row.reach, found.name if found else "", found.phone if found else "",
        found.has_address if found else False, row.language, row.amount_cents,
        links.link_of(row.link_nonce, row.link_generation),
    )  # fmt: skip
