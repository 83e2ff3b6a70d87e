"""The book of receipts: what a house said of its right, receipts by year, and those that are still to be given."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime

from app.cancellations import campaign_queries
from app.cancellations.page import RECEIPTS
from app.kernel import audit
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, NotFound
from app.kernel.transaction import publish, transactional
from app.settlements import gift_queries, gifts, house, runs
from app.settlements.events import ReceiptsAsked

log = logging.getLogger(__name__)
#: Receipts of one page, and sayings of the right that are shown.
ROWS, SAYINGS = 100, 20


@dataclass(frozen=True, slots=True)
class Saying:
    """What somebody said of the right, once."""

    asserted: bool
    articles: str
    ruling: str
    signer: str
    reason: str
    by_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Year:
    """Receipts that bear numbers of a year, as the yearly declaration asks for them. Units: cents."""

    year: int
    many: int
    cents: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A receipt in the book. Units: cents."""

    number: str
    serial: int
    cents: int
    given_on: date
    made_at: datetime
    donor: str


def sayings(*, by: Actor) -> list[Saying]:
    """What was said of the right, the newest first."""
    by.must(Permission.MONEY_READ)
    return [Saying(*row) for row in gift_queries.rights(SAYINGS)]


def years(*, by: Actor) -> list[Year]:
    """Years with receipts, the newest first."""
    by.must(Permission.MONEY_READ)
    return [Year(row.year, int(row.many), int(row.cents)) for row in gift_queries.years()]


def entries(year: int, *, after: int = 0, by: Actor) -> tuple[list[Entry], int]:
    """A page of the receipts of a year, by number. Returns them and after which serial the next begin; 0: none do."""
    by.must(Permission.MONEY_READ)
    rows = gift_queries.of_year(year, after, ROWS + 1)
    found = [_entry(row) for row in rows[:ROWS]]
    return found, found[-1].serial if len(rows) > ROWS else 0


@transactional
def sheet(year: int, *, by: Actor) -> list[Entry]:
    """Every receipt of a year; that it was taken out stays written.

    Raises:
        NotFound: none bears a number of this year.
    """
    by.must(Permission.MONEY_EXPORT)
    found = [_entry(row) for row in gift_queries.of_year(year, 0, None)]
    if not found:
        raise NotFound("receipts")
    audit.note("receipts_listed", f"receipts:{year}", {"lines": len(found)}, by=by)
    return found


def waiting(*, by: Actor) -> dict[int, int]:
    """Gifts of which a receipt was asked and none given yet. Shape: campaign to how many."""
    by.must(Permission.MONEY_READ)
    return {row.campaign_id: int(row.many) for row in gift_queries.waiting()}


@transactional
def ask(campaign_id: int, *, by: Actor) -> None:
    """Have the receipts of a campaign given by the worker; asked twice, each is given once.

    Raises:
        Conflict: `receipts_not_offered`, `receipts_no_right` or `receipts_house`.
    """
    by.must(Permission.MONEY_EXPORT)
    campaign = campaign_queries.campaign_to_change(campaign_id)
    if campaign is None:
        raise NotFound("campaign")
    if by.person_id is None:
        raise Forbidden("nobody")
    if campaign.receipts_mode not in RECEIPTS:
        raise Conflict("receipts_not_offered")
    if gifts.right(by=by) is None:
        raise Conflict("receipts_no_right")
    if not house.known().details.addressed:
        raise Conflict("receipts_house")
    publish(ReceiptsAsked(campaign_id=campaign_id, asked_by=by.person_id), by=by)


def carry_out(campaign_id: int, asked_by: int) -> None:
    """Give them, with the rights that who asked has now; what is refused is still waiting on the page."""
    by = runs.asker(asked_by)
    session.rollback()
    try:
        gifts.give(campaign_id, by=by)
    except (Conflict, Forbidden) as problem:
        log.warning("receipts of campaign %s are not given: %s", campaign_id, problem.code)


def _entry(row: gift_queries.Columns) -> Entry:
    return Entry(row.number, row.serial, row.amount_cents, row.given_on, row.made_at, row.donor_name)
