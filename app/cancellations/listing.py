"""Households that no e-mail reaches: whom colleagues call or send a coupon by post; who takes the list is noted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter

from app.boxoffice import holdings
from app.boxoffice.reaches import Reach
from app.cancellations import board_queries, links
from app.cancellations import campaign_queries as queries
from app.cancellations.campaign_queries import Columns
from app.cancellations.errand_queries import count_open, open_errands, told_errands
from app.cancellations.inviting import SILENT
from app.kernel.access import Actor, Permission
from app.kernel.transaction import transactional
from app.people import service as people

#: Changes told last that are shown, and those to be told that are read at once.
TOLD, ROWS = 50, 50


@dataclass(frozen=True, slots=True)
class ByHand:
    """A household to be told otherwise; `reach` is email, post, phone, bounced or none. Cents.

    `why` is invite (it has not answered yet), void (it is owed nothing any more), spare (it is owed less) or again
    (its link was taken back); where that is one errand `errand_id` is its number. A void credit has no link.
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


@dataclass(frozen=True, slots=True)
class Errand:
    """A change that a household must hear of by telephone or post; `why` as of `ByHand`. `done_by` told it already."""

    id: int
    number: str
    household: str
    code: str
    phone: str
    reach: str
    why: str
    done_at: datetime | None
    done_by: int | None


@dataclass(frozen=True, slots=True)
class Errands:
    """A page of the changes to be told in a campaign, how many there are, whether more follow; and those told last."""

    due: list[Errand]
    count: int
    more: bool
    told: list[Errand]


def errands(campaign_id: int, *, after: int = 0, by: Actor) -> Errands:
    """Changes to be told in a campaign, the oldest first, and those told last; no link is among them."""
    by.must(Permission.CAMPAIGN_READ)
    by.must(Permission.PERSON_READ)
    found, told = open_errands(campaign_id, after=after, limit=ROWS + 1), told_errands(campaign_id, TOLD)
    due = found[:ROWS]
    keys = {row.household_id for row in (*due, *told)}
    reaches, homes = holdings.reaches(keys), board_queries.households(keys)

    def read(row: Columns, at: datetime | None, who: int | None) -> Errand:
        reach, (code, name) = reaches.get(row.household_id), homes[row.household_id]
        return Errand(
            row.errand_id, row.number, name, code, reach.phone if reach else "", row.reach, _why(row), at, who
        )

    return Errands(
        [read(row, None, None) for row in due], count_open(campaign_id), len(found) > ROWS,
        [read(row, row.done_at, row.done_by) for row in told],
    )  # fmt: skip


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
        found.append(replace(one, link=link, why=_why(row), errand_id=row.errand_id))
    return sorted(found, key=attrgetter("credit_id"))


def _why(row: Columns) -> str:
    return "void" if row.state == "void" else str(row.occasion.partition("-")[0])


def _by_hand(row: Columns, found: Reach | None) -> ByHand:
    return ByHand(
        row.id, row.number, row.reach, found.name if found else "", found.phone if found else "",
        found.has_address if found else False, row.language, row.amount_cents,
        links.link_of(row.link_nonce, row.link_generation),
    )  # fmt: skip
