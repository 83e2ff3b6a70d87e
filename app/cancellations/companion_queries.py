"""Questions about seats that became a companion's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeAlias, cast

from sqlalchemy import Row, Table, and_, func, select, update

from app.boxoffice.models import Contact, Household
from app.cancellations.models import Credit, CreditBucket, CreditCompanion, CreditItem
from app.kernel.db import session
from app.kernel.queries import read, write

#: A row of columns, by the names given to them.
Columns: TypeAlias = Row[*tuple[Any, ...]]

_items, _rows = cast(Table, CreditItem.__table__), cast(Table, CreditCompanion.__table__)
_buckets = cast(Table, CreditBucket.__table__)


def by_form(credit_id: int, form: str) -> CreditCompanion | None:
    """What a form asked for already."""
    one = CreditCompanion
    query = select(one).where(one.credit_id == credit_id, one.form == form).execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def companion(credit_id: int, number: int) -> CreditCompanion | None:
    """One of the companions of a credit, as it is now."""
    row = session.get(CreditCompanion, number, populate_existing=True)
    return row if row is not None and row.credit_id == credit_id else None


def drop(credit_id: int) -> None:
    """Forget whom a credit's household named before and has not proven."""
    some = (_rows.c.credit_id == credit_id) & (_rows.c.state == "asked")
    session.connection().execute(update(_rows).where(some).values(state="dropped", name="", email="", code_hash=""))


def asked_since(credit_id: int, moment: datetime) -> int:
    """How many codes were sent for companions of a credit since a moment."""
    one = CreditCompanion
    query = select(func.count()).select_from(one).where(one.credit_id == credit_id, one.author == "holder")
    return read(query.where(one.asked_at > moment)).scalar_one() or 0


def wrong_tries(credit_id: int) -> int:
    """How often codes for companions of a credit were mistyped, all told."""
    query = select(func.coalesce(func.sum(CreditCompanion.tries), 0))
    return int(read(query.where(CreditCompanion.credit_id == credit_id)).scalar_one() or 0)


def is_companions(credit_id: int) -> bool:
    """Whether a credit is a companion's own."""
    one = CreditCompanion
    return read(select(one.id).where(one.companion_id == credit_id, one.state == "made")).first() is not None


def claimed(admission_ids: Iterable[int], email: str) -> list[int]:
    """Credits of companions that hold any of some admissions, and whose own address is the one that was given."""
    query = (
        select(Credit.id).distinct()
        .join(CreditCompanion, and_(CreditCompanion.companion_id == Credit.id, CreditCompanion.state == "made"))
        .join(CreditItem, and_(CreditItem.credit_id == Credit.id, CreditItem.live.is_(True)))
        .join(Contact, Contact.household_id == Credit.household_id)
        .where(CreditItem.admission_id.in_(list(admission_ids)), Contact.email == email)
    )  # fmt: skip
    return [row[0] for row in read(query.order_by(Credit.id))]


def of_credit(credit_id: int) -> Sequence[Columns]:
    """Companions of a credit, the oldest first.

    Shape: rows (id, name, number, amount_cents, state, author, made_at).
    """
    one = CreditCompanion
    query = (
        select(
            one.id, Household.name, Credit.number, Credit.amount_cents, Credit.state, one.author, one.made_at,
        )
        .join(Credit, Credit.id == one.companion_id).join(Household, Household.id == Credit.household_id)
        .where(one.credit_id == credit_id, one.state == "made")
    )  # fmt: skip
    return read(query.order_by(one.id)).all()


def supplement_of(credit_id: int) -> int:
    """The number of the addition that a credit was found by."""
    return int(read(select(Credit.supplement).where(Credit.id == credit_id)).scalar_one())


def buckets(credit_id: int) -> Sequence[Columns]:
    """What a credit was paid with. Shape: rows (id, payment_id, kind, tender, amount_cents, refundable_until)."""
    one = CreditBucket
    query = select(one.id, one.payment_id, one.kind, one.tender, one.amount_cents, one.refundable_until)
    return read(query.where(one.credit_id == credit_id).order_by(one.id)).all()


def give_back(credit_id: int, companion_id: int, admission_ids: Iterable[int]) -> None:
    """Seats of a companion, whose credit is void, are held by the credit that they were taken out of again."""
    some = _items.c.admission_id.in_(list(admission_ids))
    back = (_items.c.credit_id == credit_id) & some & _items.c.spared_at.is_not(None)
    session.connection().execute(update(_items).where(back).values(live=True, spared_at=None))
    there = {_same(row): row for row in buckets(credit_id)}
    for row in buckets(companion_id):
        held = there.get(_same(row))
        if held is None:
            told = {"payment_id": row.payment_id, "kind": row.kind, "tender": row.tender}
            more = {"amount_cents": row.amount_cents, "refundable_until": row.refundable_until}
            write(CreditBucket, [{"credit_id": credit_id, **told, **more}])
        else:
            cents = held.amount_cents + row.amount_cents
            session.connection().execute(update(_buckets).where(_buckets.c.id == held.id).values(amount_cents=cents))


def _same(row: Columns) -> tuple[Any, ...]:
    return row.payment_id, row.kind, row.tender
