"""What was chosen becomes lines of money: divided over seats, entered, looked at for signs, batched; or none.

All of it is one transaction: whoever dies in the middle leaves everything as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from app.cancellations import closing
from app.cancellations.second_person import typed_cents
from app.kernel import audit, clock, faults
from app.kernel.access import Actor, Permission
from app.kernel.errors import Conflict, Forbidden, Invalid
from app.kernel.transaction import publish, transactional
from app.settlements import batching, bookkeeping, queries
from app.settlements.charts import MissingAccount
from app.settlements.entries import Owed
from app.settlements.events import MoneyLocked
from app.settlements.lining import Due, Lining, cells_of
from app.settlements.parting import Cell
from app.venue import service as venue


class LockedMoney(NamedTuple):
    """What was locked: credits, lines, cents; how many lines wait for a look, and credits that stayed behind."""

    credits: int
    lines: int
    cents: int
    held: int
    held_back: int


@transactional
def lock(campaign_id: int, typed: str | None = None, *, by: Actor) -> LockedMoney:
    """Lock what was chosen and make it ready to be paid; asked for again, it goes on with what was chosen since.

    Args:
        campaign_id: the campaign.
        typed: the amount that whoever locks has read and typed, where a door asks for it.
        by: who locks.

    Raises:
        Invalid: field `amount`: what would be locked adds up to something else by now; nothing is locked.
        Conflict: the deadline has not passed; or `account_missing`: an account is missing for something.
    """
    by.must(Permission.MONEY_LOCK)
    if by.person_id is None:
        raise Forbidden("nobody")
    locked = closing.lock(campaign_id, by=by)
    if typed is not None and typed_cents(typed) != locked.cents:
        raise Invalid({"amount": "lock_amount"})
    cells, moment = cells_of(campaign_id), clock.now()
    _enter(campaign_id, cells)
    made = _write(Lining(campaign_id, by, moment).due(cells), moment)
    faults.point("money locked")
    batching.gather_for(campaign_id, by)
    audit.note(
        "money_locked", f"campaign:{campaign_id}",
        {"credits": locked.credits, "lines": made.lines, "cents": made.cents, "held": made.held}, by=by,
    )  # fmt: skip
    publish(MoneyLocked(campaign_id=campaign_id, lines=made.lines, cents=made.cents, held=made.held), by=by)
    return LockedMoney(locked.credits, made.lines, made.cents, made.held, locked.held_back)


class _Made(NamedTuple):
    lines: int
    cents: int
    held: int


def _enter(campaign_id: int, cells: Mapping[int, Sequence[Cell]]) -> None:
    zone = venue.house().tz
    texts = {
        row.id: f"{row.title_fr} {row.starts_at.astimezone(zone):%d/%m/%Y}"[:255]
        for row in queries.performances(campaign_id)
    }  # fmt: skip
    owed = [
        (row.id, Owed(
            number=row.number, issued_on=row.issued_at.astimezone(zone).date(), household_id=row.household_id,
            cells=cells[row.id], texts=texts,
        ))
        for row in queries.unentered(campaign_id)
    ]  # fmt: skip
    try:
        bookkeeping.enter_issued(owed)
    except MissingAccount as problem:
        raise Conflict("account_missing", purpose=problem.purpose, key=problem.key) from None


def _write(due: Iterable[Due], moment: datetime) -> _Made:
    told = {one.line["reference"]: one for one in due}
    ids = queries.write_lines([one.line for one in told.values()])
    held = [
        {"line_id": ids[key], "signs": list(one.signs), "at": moment, "decided_at": None, "decided_by": None,
         "decision": "", "reason": ""}
        for key, one in told.items() if one.signs
    ]  # fmt: skip
    queries.write_parts([
        {"line_id": ids[key], "performance_id": cell.performance_id, "vat_bp": cell.vat_bp,
         "amount_cents": cell.cents, "vat_cents": cell.vat_cents}
        for key, one in told.items() for cell in one.parts
    ], held)  # fmt: skip
    return _Made(len(told), sum(one.line["amount_cents"] for one in told.values()), len(held))
