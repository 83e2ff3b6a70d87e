"""A bank was asked to take a payment back after what was chosen was locked: what is not paid yet is looked at first.

What has left for a bank or a counter is not held any more. A batch whose file was not made yet is taken apart, so that
its other lines may stand in the next one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.kernel import audit, clock
from app.kernel.access import SYSTEM, Actor, Permission
from app.kernel.db import session
from app.kernel.transaction import publish, transactional
from app.settlements import batch_queries, batching, change_queries, queries
from app.settlements.events import LinesDoubted
from app.settlements.models import SettlementLine, SettlementReview
from app.settlements.signs import DISPUTED, is_looked_at


@transactional
def doubt(payment_ids: Collection[int]) -> int:
    """Have somebody look at lines that pay again what banks are asked to take back; returns how many. Again: none."""
    found = queries.unpaid_of(payment_ids)
    batches = {one.line.id: change_queries.batch_of(one.line.id) for one in found}
    # Held in one order, before anything is written: so do those who agree to batches and make their files.
    states = {key: _state(key) for key in sorted({key for key in batches.values() if key is not None})}
    fresh = [one for one in found if _due(one.line, one.noted_at, states.get(batches[one.line.id] or 0))]
    for batch_id in sorted({key for one in fresh if (key := batches[one.line.id]) is not None}):
        batching.discard(batch_id, by=SYSTEM)
    for one in fresh:
        _hold(one.line)
    told = {one.campaign_id: LinesDoubted(
        campaign_id=one.campaign_id, line_id=one.line.id, dispute_id=one.dispute_id
    ) for one in reversed(fresh)}  # fmt: skip
    for event in told.values():
        publish(event)
    return len(fresh)


def _state(batch_id: int) -> str:
    batch = batch_queries.batch_to_change(batch_id)
    return batch.state if batch is not None else ""


def _due(line: SettlementLine, noted_at: datetime, state: str | None) -> bool:
    """Whether a line is still to be looked at: it has not left, and whoever let it be paid did not know of it."""
    if state is not None and state not in batching.BEFORE:
        return False
    row = queries.review_to_decide(line.id)
    waits = row is not None and DISPUTED in row.signs and not row.decision
    return not waits and (row is None or not is_looked_at(row.signs, row.decided_at, noted_at))


def _hold(line: SettlementLine) -> None:
    row = queries.review_to_decide(line.id)
    if row is None:
        row = SettlementReview(line_id=line.id, signs=[], at=clock.now())
        session.add(row)
    row.signs = list(dict.fromkeys((*row.signs, DISPUTED)))
    row.decision, row.decided_at, row.decided_by, row.reason = "", None, None, ""
    session.flush()
    audit.note("line_doubted", f"line:{line.reference}", {"sign": DISPUTED}, by=SYSTEM)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Lines of a campaign that wait for a look because a bank takes back what paid for them. Units: cents."""

    title_fr: str
    title_en: str
    lines: int
    cents: int


def waiting(*, by: Actor) -> Mapping[int, Waiting]:
    """What waits now, by campaign."""
    by.must(Permission.MONEY_READ)
    found: dict[int, Waiting] = {}
    for row in queries.undecided():
        if DISPUTED in row.signs:
            before = found.get(row.campaign_id, Waiting(row.title_fr, row.title_en, 0, 0))
            found[row.campaign_id] = Waiting(
                row.title_fr, row.title_en, before.lines + 1, before.cents + row.amount_cents
            )
    return found
