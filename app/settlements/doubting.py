"""A bank was asked to take a payment back after what was chosen was locked: what is not paid yet is looked at first.

What has left for a bank or a counter is not held any more. A batch whose file was not made yet is taken apart, so that
its other lines may stand in the next one.
"""

from __future__ import annotations

from app.kernel import audit, clock
from app.kernel.access import SYSTEM
from app.kernel.db import session
from app.kernel.transaction import transactional
from app.settlements import batching, change_queries, queries
from app.settlements.models import SettlementBatch, SettlementLine, SettlementReview

#: The sign that somebody reads in the queue.
SIGN = "disputed"


@transactional
def doubt(payment_id: int) -> int:
    """Have somebody look at lines that pay again what a bank is asked to take back; returns how many. Again: none."""
    if not queries.is_disputed(payment_id):
        return 0
    return sum(_doubted(line) for line in queries.unpaid_of(payment_id))


def _doubted(line: SettlementLine) -> bool:
    batch_id = change_queries.batch_of(line.id)
    if batch_id is not None:
        batch = session.get(SettlementBatch, batch_id, populate_existing=True)
        if batch is None or batch.state not in batching.BEFORE:
            return False
    row = queries.review_to_decide(line.id)
    if row is not None and SIGN in row.signs:
        return False
    if batch_id is not None:
        batching.discard(batch_id, by=SYSTEM)
    if row is None:
        row = SettlementReview(line_id=line.id, signs=[], at=clock.now())
        session.add(row)
    # Whoever let it be paid did not know of it.
    row.signs, row.decision, row.decided_at, row.decided_by, row.reason = [*row.signs, SIGN], "", None, None, ""
    session.flush()
    audit.note("line_doubted", f"line:{line.reference}", {"sign": SIGN}, by=SYSTEM)
    return True
