"""Vouchers that end soon and still hold something: their households are told twice, sixty and fifteen days before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from app.cancellations import letters, links
from app.cancellations import queries as credits_of
from app.cancellations.amounts import said
from app.kernel import clock
from app.kernel.db import session
from app.kernel.transaction import transactional
from app.settlements import voucher_queries
from app.settlements.bookkeeping import today
from app.settlements.telling import GROUP, VOUCHER_PAGE
from app.settlements.voucher_queries import Columns
from app.venue import service as venue
from app.venue.moments import day

#: Days before its last one, and for how many days a voucher must have been there: who has just got it knows.
OFFSETS = ((60, 30), (15, 7))


def remind_due() -> int:
    """Write to the households whose turn it is, each occasion once. Returns how many were written to."""
    written = 0
    for offset, (longest, young) in enumerate(OFFSETS):
        shortest = OFFSETS[offset + 1][0] if offset + 1 < len(OFFSETS) else -1
        first, last = today() + timedelta(days=shortest + 1), today() + timedelta(days=longest)
        before = clock.now() - timedelta(days=young)
        after = 0
        while due := voucher_queries.ending(first, last, issued_before=before, after=after, limit=GROUP):
            session.rollback()
            written += _tell(due, longest)
            after = due[-1].credit_id
        session.rollback()
    return written


@transactional
def _tell(due: Sequence[Columns], days: int) -> int:
    return sum(_told(one, days) for one in due if one.left_cents > 0)


def _told(one: Columns, days: int) -> bool:
    row = credits_of.credit(one.credit_id)
    if row is None:
        return False
    page = links.link_of(row.link_nonce, row.link_generation) + VOUCHER_PAGE
    more = {
        "value": said(one.amount_cents, row.language), "left": said(one.left_cents, row.language),
        "last_day": _words(one.expires_on, row.language), "voucher": page,
    }  # fmt: skip
    return letters.write_one(row, "voucher_ending", f"voucher-end-{one.expires_on:%Y%m%d}-{days}", more)


def _words(until: date, language: str) -> str:
    return day(until, "fr" if language == "fr" else "en", venue.house().tz)
