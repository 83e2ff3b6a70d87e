"""Vouchers as a counter uses them: what one still holds, and so much of it used, once for each order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app.cancellations import links
from app.kernel import audit, clock, sealing
from app.kernel.access import Actor, Permission
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.transaction import transactional
from app.settlements import bookkeeping, codes, house, voucher_queries
from app.settlements.bookkeeping import today
from app.settlements.charts import MissingAccount
from app.settlements.entries import Used
from app.settlements.filing import code_print
from app.settlements.models import Voucher


@dataclass(frozen=True, slots=True)
class VoucherCard:
    """What a voucher still holds. Units: cents."""

    id: int
    credit: str
    amount_cents: int
    left_cents: int
    expires_on: date | None
    expired: bool


def find(typed: str, *, by: Actor) -> VoucherCard:
    """The voucher of a code as it was typed.

    Raises:
        NotFound: there is none, or the code was mistyped.
    """
    by.must(Permission.VOUCHER_USE)
    return _card(_row(typed, held=False))


@transactional
def use(typed: str, cents: int, reference: str, *, by: Actor) -> VoucherCard:
    """Use so much of a voucher for an order, and enter it; the same order again uses nothing.

    Raises:
        NotFound: as of `find`.
        Invalid: fields `amount` (nothing, or more than it holds) or `reference`.
        Conflict: it has expired, or the order used another amount of it before.
    """
    by.must(Permission.VOUCHER_USE)
    row, order = _row(typed, held=True), " ".join(reference.split()).upper()
    if not order or len(order) > 40:
        raise Invalid({"reference": "too_long" if order else "empty"})
    before = voucher_queries.used_for(row.id, order)
    if before is not None:
        if before != cents:
            raise Conflict("voucher_used", cents=before)
        return _card(row)
    card = _card(row)
    if card.expired:
        raise Conflict("voucher_expired", on=card.expires_on)
    if not 0 < cents <= card.left_cents:
        raise Invalid({"amount": "voucher_amount"})
    use_id = voucher_queries.write_use(row.id, cents, order, clock.now(), by.person_id)
    _enter(row, use_id, cents, order)
    audit.note("voucher_used", f"voucher:{row.id}", {"cents": cents, "order": order}, by=by)
    return _card(row)


@dataclass(frozen=True, slots=True)
class VoucherShown:
    """A voucher as its household reads it, code and all. Units: cents."""

    code: str
    amount_cents: int
    left_cents: int
    expires_on: date | None
    expired: bool
    uses: tuple[UseShown, ...]


@dataclass(frozen=True, slots=True)
class UseShown:
    """What an order used of a voucher. Units: cents."""

    at: datetime
    cents: int
    order: str


def of_link(token: str) -> list[VoucherShown]:
    """The vouchers of the credit behind a private link, once they are issued.

    Raises:
        NotFound, Gone: of the link.
    """
    return [_shown(row) for row in voucher_queries.of_credit(links.opened(token).id)]


def _shown(row: Voucher) -> VoucherShown:
    card = _card(row)
    uses = tuple(UseShown(one.at, one.amount_cents, one.reference) for one in voucher_queries.uses(row.id))
    return VoucherShown(_code(row), row.amount_cents, card.left_cents, row.expires_on, card.expired, uses)


def _enter(row: Voucher, use_id: int, cents: int, order: str) -> None:
    credit, _used = voucher_queries.credit_and_used(row.id)
    one = Used(credit=credit.number, cents=cents, piece=order, on=today())
    try:
        bookkeeping.enter_used(credit.id, row.line_id, use_id, one)
    except MissingAccount as problem:
        raise Conflict("account_missing", purpose=problem.purpose, key=problem.key) from None


def _code(row: Voucher) -> str:
    return sealing.opened(row.code_sealed, bound=codes.place(row.line_id))


def _row(typed: str, *, held: bool) -> Voucher:
    code = codes.canonical(typed, house.known().details.voucher_prefix)
    row = voucher_queries.by_print(code_print(code), held=held) if code else None
    if row is None or voucher_queries.is_withdrawn(row.line_id):
        raise NotFound("voucher")
    return row


def _card(row: Voucher) -> VoucherCard:
    credit, used = voucher_queries.credit_and_used(row.id)
    expired = row.expires_on is not None and row.expires_on < today()
    return VoucherCard(row.id, credit.number, row.amount_cents, row.amount_cents - used, row.expires_on, expired)
