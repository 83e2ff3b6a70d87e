"""Questions about which records are one household, and what stands in the queue of doubtful ones."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, or_, select, update
from sqlalchemy.orm import aliased

from app.boxoffice.models import Contact, ContactRef, Household, HouseholdMerge, HouseholdPair, Order
from app.kernel.db import session
from app.kernel.queries import read

#: The number of the lock of those who merge: any that nobody else takes.
_MERGING = 710_203
_UNIT = func.coalesce(Household.merged_into_id, Household.id)
_CARDS = (
    select(
        Household.id, _UNIT.label("unit_id"), Household.kind, Household.mother_id, Contact.given, Contact.family,
        Contact.email, Contact.phone, Contact.mobile, Contact.address1, Contact.postcode,
    )
    .join(Contact, Contact.household_id == Household.id)
    .order_by(Household.id)
)  # fmt: skip
_NUMBERS = (
    select(ContactRef.external_id, Contact.household_id)
    .join(Contact, Contact.id == ContactRef.contact_id)
    .where(
        ContactRef.system == bindparam("system"), ContactRef.external_id.in_(bindparam("wanted", expanding=True))
    )
)  # fmt: skip


def cards() -> Iterable[Row[*tuple[Any, ...]]]:
    """Every record with its contact, as far as it tells who it is."""
    return read(_CARDS).all()


def numbered(system: str, numbers: Collection[str]) -> dict[str, int]:
    """Records by what a ticketing system calls them."""
    listed, found = list(numbers), dict[str, int]()
    for start in range(0, len(listed), 1_000):
        rows = read(_NUMBERS, {"system": system, "wanted": listed[start : start + 1_000]}).all()
        found |= {row[0]: row[1] for row in rows}
    return found


def mothers(ids: Collection[int]) -> dict[int, int | None]:
    """The mother record of some records."""
    query = select(Household.id, Household.mother_id).where(Household.id.in_(list(ids)))
    return {row[0]: row[1] for row in read(query)}


def daughters_of(system: str) -> frozenset[str]:
    """What a ticketing system calls the records that have a mother."""
    query = select(ContactRef.external_id).join(Contact, Contact.id == ContactRef.contact_id)
    query = query.join(Household, Household.id == Contact.household_id)
    rows = read(query.where(ContactRef.system == system, Household.mother_id.is_not(None)))
    return frozenset(row[0] for row in rows)


def daughters(ids: Collection[int]) -> dict[int, int]:
    """Records that hang under some others. Shape: record to its mother."""
    query = select(Household.id, Household.mother_id).where(Household.mother_id.in_(list(ids)))
    return {row[0]: row[1] for row in read(query)}


def merged(ids: Collection[int]) -> set[int]:
    """Which of some records another one stands for."""
    query = select(Household.id).where(Household.id.in_(list(ids)), Household.merged_into_id.is_not(None))
    return {row[0] for row in read(query)}


def hang(pairs: Iterable[tuple[int, int | None]]) -> None:
    """Give records their mother. Shape: (record, mother or None)."""
    rows = [{"_id": record, "_mother": mother} for record, mother in pairs]
    if rows:
        table = Household.__table__
        statement = update(table).where(table.c.id == bindparam("_id")).values(mother_id=bindparam("_mother"))  # type: ignore[arg-type]
        session.connection().execute(statement, rows)


def one_at_a_time() -> None:
    """Wait until no other transaction merges or parts; on SQLite whoever writes is alone already."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_MERGING)))


def households(ids: Iterable[int]) -> dict[int, Household]:
    """Records as they are now."""
    query = select(Household).where(Household.id.in_(set(ids))).execution_options(populate_existing=True)
    return {row.id: row for row in session.scalars(query)}


def members(unit_id: int) -> Sequence[Household]:
    """Every record of a household, the one that stands for it first."""
    query = select(Household).where(or_(Household.id == unit_id, Household.merged_into_id == unit_id))
    return session.scalars(query.order_by(Household.merged_into_id.is_not(None), Household.id)).all()


def live_merges(ids: Collection[int]) -> Sequence[HouseholdMerge]:
    """Merges of some records that are not undone."""
    query = select(HouseholdMerge).where(HouseholdMerge.from_id.in_(list(ids)), HouseholdMerge.undone_at.is_(None))
    return session.scalars(query.order_by(HouseholdMerge.id)).all()


def merge_row(merge_id: int) -> HouseholdMerge | None:
    """One merge."""
    return session.get(HouseholdMerge, merge_id, populate_existing=True)


def point(ids: Collection[int], unit_id: int | None) -> None:
    """Say which record stands for some others; None makes each stand for itself."""
    statement = update(Household).where(Household.id.in_(list(ids))).values(merged_into_id=unit_id)
    session.execute(statement.execution_options(synchronize_session="fetch"))


def pair_row(pair_id: int) -> HouseholdPair | None:
    """One pair of the queue, held until the transaction ends."""
    query = select(HouseholdPair).where(HouseholdPair.id == pair_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def pair_of(low_id: int, high_id: int) -> HouseholdPair | None:
    """What was said of two records."""
    query = select(HouseholdPair).where(HouseholdPair.low_id == low_id, HouseholdPair.high_id == high_id)
    return session.scalar(query.with_for_update())


def known_pairs() -> dict[tuple[int, int], str]:
    """Every pair ever proposed or decided, with its state."""
    rows = read(select(HouseholdPair.low_id, HouseholdPair.high_id, HouseholdPair.state)).all()
    return {(row[0], row[1]): row[2] for row in rows}


def open_pairs(limit: int, below: tuple[int, int] | None) -> Sequence[HouseholdPair]:
    """Pairs to decide, surest first; `below` is the (score, id) of the last one seen."""
    low, high = aliased(Household), aliased(Household)
    query = (
        select(HouseholdPair)
        .join(low, low.id == HouseholdPair.low_id)
        .join(high, high.id == HouseholdPair.high_id)
        .where(HouseholdPair.state == "open")
        .where(func.coalesce(low.merged_into_id, low.id) != func.coalesce(high.merged_into_id, high.id))
    )
    if below is not None:
        score, last = below
        query = query.where(
            or_(HouseholdPair.score < score, (HouseholdPair.score == score) & (HouseholdPair.id < last))
        )
    return session.scalars(query.order_by(HouseholdPair.score.desc(), HouseholdPair.id.desc()).limit(limit)).all()


def records(ids: Collection[int]) -> dict[int, tuple[Household, Contact | None]]:
    """Records with their first contact."""
    query = select(Household, Contact).outerjoin(Contact, Contact.household_id == Household.id)
    rows = session.execute(query.where(Household.id.in_(list(ids))).order_by(Contact.id.desc())).all()
    return {home.id: (home, contact) for home, contact in rows}


def sold(ids: Collection[int]) -> dict[int, tuple[int, int, datetime]]:
    """Orders of some records. Shape: record to (how many, their sum in cents, the newest)."""
    query = (
        select(Order.household_id, func.count(), func.sum(Order.total_cents), func.max(Order.ordered_at))
        .where(Order.household_id.in_(list(ids)))
        .group_by(Order.household_id)
    )
    return {row[0]: (row[1], int(row[2]), row[3]) for row in session.execute(query)}
