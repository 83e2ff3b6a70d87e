"""Batches: lines that are paid together, put together by one person, agreed to by another, taken apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.cancellations.ownership import own_households
from app.cancellations.second_person import typed_cents
from app.kernel import audit, clock, faults
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.kernel.transaction import publish, transactional
from app.settlements import batch_queries, change_queries, house, kinds, queries
from app.settlements.bookkeeping import today
from app.settlements.events import BatchApproved, BatchDiscarded
from app.settlements.kinds import Free
from app.settlements.models import SettlementBatch
from app.settlements.signs import is_looked_at

#: States in which a batch can still be taken apart.
BEFORE = ("draft", "approved")
#: Batches that are shown at once.
ROWS = 50


@dataclass(frozen=True, slots=True)
class BatchCard:
    """One batch. Units: cents."""

    id: int
    campaign_id: int
    kind: str
    number: str
    state: str
    lines: int
    cents: int
    made_by: int
    made_at: datetime
    approved_by: int | None
    approved_at: datetime | None
    exported_at: datetime | None
    paid_at: datetime | None
    paid_on: date | None


def cards(campaign_id: int, *, by: Actor) -> list[BatchCard]:
    """Every batch of a campaign, the oldest first."""
    by.must(Permission.MONEY_READ)
    return [card_of(row) for row in batch_queries.batches(campaign_id)]


def some(campaign_id: int, *, before: int | None = None, by: Actor) -> list[BatchCard]:
    """Batches of a campaign, the newest first: `ROWS` at once and one more where there is any, from before one."""
    by.must(Permission.MONEY_READ)
    return [card_of(row) for row in batch_queries.batches_before(campaign_id, before, ROWS + 1)]


def drafts(campaign_id: int, *, by: Actor) -> list[BatchCard]:
    """Batches that wait for somebody to agree, the oldest first."""
    by.must(Permission.MONEY_READ)
    return [card_of(row) for row in batch_queries.batches(campaign_id, ["draft"])]


def counts(campaign_id: int, *, by: Actor) -> dict[str, int]:
    """How many batches of a campaign stand in each state."""
    by.must(Permission.MONEY_READ)
    return batch_queries.counts(campaign_id)


def kinds_of(batch_ids: Iterable[int], *, by: Actor) -> dict[int, str]:
    """Of what kind some batches are."""
    by.must(Permission.MONEY_READ)
    return batch_queries.kinds_of(batch_ids)


def numbered(number: str, *, by: Actor) -> BatchCard:
    """One batch by its number.

    Raises:
        NotFound: there is none.
    """
    by.must(Permission.MONEY_READ)
    batch_id = batch_queries.batch_numbered(number.strip().upper())
    row = batch_queries.batch(batch_id) if batch_id else None
    if row is None:
        raise NotFound("batch")
    return card_of(row)


def card_of(row: SettlementBatch) -> BatchCard:
    """A batch as a plain value."""
    return BatchCard(
        row.id, row.campaign_id, row.kind, row.number, row.state, row.lines, row.total_cents, row.made_by, row.made_at,
        row.approved_by, row.approved_at, row.exported_at, row.paid_at, row.paid_on,
    )  # fmt: skip


def waiting(campaign_id: int, *, by: Actor) -> int:
    """How many lines may be paid and stand in no batch."""
    by.must(Permission.MONEY_READ)
    return queries.free_count(campaign_id)


def hindrances(campaign_id: int, *, by: Actor) -> dict[int, str]:
    """Why a colleague may not agree to some drafts: they put them together, or their own household is paid.

    Shape: batch to code.
    """
    by.must(Permission.MONEY_READ)
    return _hindrances(batch_queries.batches(campaign_id, ["draft"]), by)


@transactional
def gather(campaign_id: int, *, by: Actor) -> list[BatchCard]:
    """Put into batches what may be paid and stands in none: what was released, corrected, or taken out of another."""
    by.must(Permission.MONEY_LOCK)
    made = gather_for(campaign_id, by)
    if made:
        told = {card.number: card.cents for card in made}
        audit.note("batches_made", f"campaign:{campaign_id}", told, by=by)
    return made


def gather_for(campaign_id: int, by: Actor) -> list[BatchCard]:
    """The same inside a verb that has asked already."""
    if by.person_id is None:
        raise Forbidden("nobody")
    free = [
        Free(row.id, row.option, row.amount_cents, row.reference, row.print or "") for row in queries.free(campaign_id)
    ]
    details = house.known().details
    found = kinds.batches(free, legal_form=details.legal_form, most_cents=details.limit_batch_cents)
    return [card_of(_made(campaign_id, kind, lines, by.person_id)) for kind, lines in found]


def _made(campaign_id: int, kind: str, lines: Sequence[Free], maker: int) -> SettlementBatch:
    year = today().year
    serial = batch_queries.take_serial(kind, year)
    row = SettlementBatch(
        campaign_id=campaign_id, kind=kind, number=kinds.number(kind, year, serial), year=year, serial=serial,
        state="draft", lines=len(lines), total_cents=sum(line.cents for line in lines), digest=kinds.digest(lines),
        executes_on=None, made_by=maker, made_at=clock.now(), approved_by=None, approved_at=None, exported_by=None,
        exported_at=None, paid_by=None, paid_at=None, paid_on=None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    batch_queries.write_places(row.id, [line.id for line in lines])
    return row


@transactional
def approve(batch_ids: Sequence[int], typed: str, *, by: Actor) -> int:
    """A second person agrees to batches, and types what they add up to. Returns how many.

    Raises:
        Forbidden: whoever put one together may not agree to it, nor whose household it pays.
        Invalid: field `amount`: it is not the sum.
        Conflict: one is no draft any more, or is not what was put together.
    """
    by.must(Permission.MONEY_APPROVE)
    rows = [_held(batch_id) for batch_id in sorted(set(batch_ids))]
    for row in rows:
        _may_approve(row, by)
    if not rows or typed_cents(typed) != sum(row.total_cents for row in rows):
        raise Invalid({"amount": "batch_amount"})
    for row in rows:
        row.state, row.approved_by, row.approved_at = "approved", by.person_id, clock.now()
        audit.note("batch_approved", f"batch:{row.number}", {"cents": row.total_cents, "digest": row.digest}, by=by)
        publish(BatchApproved(batch_id=row.id, cents=row.total_cents), by=by)
    session.flush()
    faults.point("batches approved")
    return len(rows)


def _hindrances(rows: Sequence[SettlementBatch], by: Actor) -> dict[int, str]:
    """The same of some batches, in as many questions as of one."""
    found = {row.id: "batch_second_person" for row in rows if by.person_id in (None, row.made_by)}
    paid = batch_queries.paid([row.id for row in rows if row.id not in found]) if len(found) < len(rows) else []
    own = own_households({one.household_id for one in paid}, by)
    mine = {one.batch_id for one in paid if one.person_id == by.person_id or one.household_id in own}
    return found | dict.fromkeys(mine, "own_money")


def _may_approve(row: SettlementBatch, by: Actor) -> None:
    if code := _hindrances([row], by).get(row.id):
        raise Forbidden(code, number=row.number)
    if row.state != "draft":
        raise Conflict("batch_not_draft", number=row.number)
    unchanged(row)


@transactional
def discard(batch_id: int, *, by: Actor) -> None:
    """Take a batch apart before its file is made; its lines may stand in another one.

    Raises:
        Conflict: its file was made already.
    """
    by.must(Permission.MONEY_APPROVE)
    row = _held(batch_id)
    if row.state not in BEFORE:
        raise Conflict("batch_exported", number=row.number)
    row.state = "discarded"
    batch_queries.leave(row.id)
    audit.note("batch_discarded", f"batch:{row.number}", {"cents": row.total_cents}, by=by)
    publish(BatchDiscarded(batch_id=row.id), by=by)


def unchanged(row: SettlementBatch) -> None:
    """See that a batch still pays what it was put together to pay, to the same accounts, and that nobody doubts a line.

    Raises:
        Conflict: `batch_changed`; or `batch_doubted`: a line of it is asked to be changed; or `batch_disputed`: a bank
            takes back what a line of it pays again, and nobody has looked.
    """
    if change_queries.open_in(row.id):
        raise Conflict("batch_doubted", number=row.number)
    if any(not is_looked_at(one.signs or (), one.decided_at, one.noted_at) for one in batch_queries.disputed(row.id)):
        raise Conflict("batch_disputed", number=row.number)
    lines = [
        Free(one.id, one.option, one.amount_cents, one.reference, one.print or "")
        for one in batch_queries.placed(row.id)
    ]
    if kinds.digest(lines) != row.digest or sum(line.cents for line in lines) != row.total_cents:
        raise Conflict("batch_changed", number=row.number)


def _held(batch_id: int) -> SettlementBatch:
    row = batch_queries.batch_to_change(batch_id)
    if row is None:
        raise NotFound("batch")
    return row
