"""A batch was carried out: its lines are done and entered, and credits of which everything was paid are settled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.cancellations import campaign_queries
from app.kernel import audit, clock
from app.kernel.access import Actor, Permission
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.kernel.transaction import publish, transactional
from app.settlements import batch_queries, bookkeeping, fate_queries, queries
from app.settlements.bookkeeping import today
from app.settlements.charts import MissingAccount
from app.settlements.entries import Settled
from app.settlements.events import BatchPaid, CreditsSettled, VouchersIssued
from app.settlements.fate_queries import Columns
from app.settlements.parting import Cell


@transactional
def mark_paid(batch_id: int, on: date, *, by: Actor) -> int:
    """Note that a batch was carried out on a day. Returns the cents that were; what came back before is not.

    Raises:
        Invalid: field `on`: the day is still to come, or before its file was made.
        Conflict: its file is not made; or `account_missing`.
    """
    by.must(Permission.MONEY_SETTLE)
    row = batch_queries.batch_to_change(batch_id)
    if row is None:
        raise NotFound("batch")
    if by.person_id is None:
        raise Forbidden("nobody")
    if row.state == "paid":
        raise Conflict("batch_paid", number=row.number)
    if row.state != "exported" or row.exported_at is None:
        raise Conflict("batch_not_exported", number=row.number)
    if not row.made_at.date() <= on <= today():
        raise Invalid({"on": "paid_on"})
    campaign = campaign_queries.campaign_to_change(row.campaign_id)  # before any entry, as whoever locks does
    lines = fate_queries.lines_to_pay(row.id)
    row.state, row.paid_by, row.paid_at, row.paid_on = "paid", by.person_id, clock.now(), on
    cents = sum(int(line.amount_cents) for line in lines)
    _note_done(lines, row.number, on, by)
    fate_queries.settle_credits({line.credit_id for line in lines}, clock.now())
    if campaign is not None and campaign.state == "processing" and not fate_queries.unfinished(campaign.id):
        campaign.state = "settled"
    audit.note("batch_paid", f"batch:{row.number}", {"cents": cents, "on": on.isoformat()}, by=by)
    publish(BatchPaid(batch_id=row.id, cents=cents), by=by)
    publish(CreditsSettled(batch_id=row.id), by=by)
    if row.kind == "voucher":
        publish(VouchersIssued(batch_id=row.id), by=by)
    return cents


def settled_of(lines: Sequence[Columns], number: str, on: date) -> list[tuple[int, int, Settled]]:
    """Lines of a batch as entries tell them. Shape: (credit, line, what)."""
    cells: dict[int, list[Cell]] = {}
    for part in queries.parts([line.id for line in lines]):
        cell = Cell(part.performance_id, part.vat_bp, part.amount_cents, part.vat_cents)
        cells.setdefault(part.line_id, []).append(cell)
    return [
        (line.credit_id, line.id, Settled(
            credit=line.number, option=line.option, household_id=line.household_id, cents=line.amount_cents,
            piece=f"{number}/{line.position}", piece_on=on, cells=cells[line.id],
        ))
        for line in lines
    ]  # fmt: skip


def _note_done(lines: Sequence[Columns], number: str, on: date, by: Actor) -> None:
    moment = clock.now()
    fate_queries.write_fates([
        {"line_id": line.id, "state": "done", "at": moment, "day": on, "by_id": by.person_id, "code": "",
         "file_id": None}
        for line in lines
    ])  # fmt: skip
    try:
        bookkeeping.enter_settled(settled_of(lines, number, on))
    except MissingAccount as problem:
        raise Conflict("account_missing", purpose=problem.purpose, key=problem.key) from None
