"""Questions about performances and orders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import Row, Select, bindparam, case, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.boxoffice.models import Admission, Household, Order, Performance, Production
from app.kernel.db import session
from app.kernel.queries import read

#: A row of columns, by the names given to them.
Columns: TypeAlias = Row[*tuple[Any, ...]]

_WITH_SEATS = selectinload(Order.admissions).joinedload(Admission.performance).joinedload(Performance.production)

_MARK = select(func.count(Performance.id), func.max(Performance.id), func.max(Performance.production_id))
_SEATS = (
    select(
        Order.code, Order.email, Order.total_cents, Admission.performance_id,
        (Admission.face_cents + Admission.fee_cents).label("cents"),
    )
    .join(Admission, Admission.order_id == Order.id)
    .where(Order.code.in_(bindparam("codes", expanding=True)))
    .order_by(Admission.id)
)  # fmt: skip
_BOOKED = (
    select(Order.email, Admission.performance_id)
    .join(Admission, Admission.order_id == Order.id)
    .join(Performance, Performance.id == Admission.performance_id)
    .where(Order.email.in_(bindparam("emails", expanding=True)))
    .where(Performance.starts_at >= bindparam("start"), Performance.starts_at < bindparam("end"))
    .distinct()
)


def order(code: str) -> Order | None:
    """One order by code, with its seats and their performances."""
    return session.scalar(
        select(Order).where(Order.code == code).options(_WITH_SEATS, joinedload(Order.household)).limit(1)
    )


def orders_by_code(codes: Iterable[str]) -> dict[str, Order]:
    """Orders by code, with seats."""
    wanted = list(codes)
    if not wanted:
        return {}
    rows = session.scalars(select(Order).where(Order.code.in_(wanted)).options(_WITH_SEATS))
    return {row.code: row for row in rows}


def orders_of(emails: Iterable[str], limit: int = 20) -> Sequence[Order]:
    """Orders made with any of these addresses, newest first, with seats."""
    wanted = list(emails)
    if not wanted:
        return []
    query = select(Order).where(Order.email.in_(wanted)).order_by(Order.ordered_at.desc(), Order.id.desc())
    return session.scalars(query.limit(limit).options(_WITH_SEATS, joinedload(Order.household))).all()


def orders_beside(emails: Iterable[str], code: str | None, limit: int) -> Sequence[Columns]:
    """The order of a code, then the newest orders of some addresses, in one statement.

    Shape: one row for each seat, orders in turn; an order without a seat has one row whose `seat_id` is None.
    """
    return read(_orders_beside(), {"emails": list(emails), "code": code or "", "limit": limit}).all()


@cache
def _orders_beside() -> Select[*tuple[Any, ...]]:
    wanted = or_(Order.email.in_(bindparam("emails", expanding=True)), Order.code == bindparam("code"))
    named = case((Order.code == bindparam("code"), 0), else_=1)  # else the limit could leave out an old order
    first = (named, Order.ordered_at.desc(), Order.id.desc())
    near = select(Order.id).where(wanted).order_by(*first).limit(bindparam("limit", type_=Order.total_cents.type))
    return (
        select(
            Order.id, Order.code, Order.total_cents, Order.currency, Order.tender, Order.card_last4, Order.email,
            Household.name.label("household"), Household.typologies, Admission.id.label("seat_id"), Admission.category,
            Admission.seat, Admission.tariff, Admission.face_cents, Admission.fee_cents,
            Admission.status.label("seat_status"), Performance.id.label("performance_id"), Production.title_fr,
            Production.title_en, Performance.starts_at, Performance.status, Performance.hall,
            Performance.new_starts_at, Performance.sold_out, Performance.notice_fr, Performance.notice_en,
        )
        .join(Household, Household.id == Order.household_id)
        .outerjoin(Admission, Admission.order_id == Order.id)
        .outerjoin(Performance, Performance.id == Admission.performance_id)
        .outerjoin(Production, Production.id == Performance.production_id)
        .where(Order.id.in_(near.subquery().select()))
        .order_by(*first, Admission.id)
    )  # fmt: skip


def performances_between(start: datetime, end: datetime, limit: int = 12) -> Sequence[Performance]:
    """Performances that start in the span, soonest first."""
    query = select(Performance).where(Performance.starts_at >= start, Performance.starts_at < end)
    return session.scalars(
        query.order_by(Performance.starts_at).limit(limit).options(joinedload(Performance.production))
    ).all()


def changed_after(moment: datetime, limit: int = 3) -> Sequence[Performance]:
    """Cancelled or postponed performances that were to start after a moment, soonest first."""
    query = select(Performance).where(
        Performance.starts_at >= moment, Performance.status.in_(("cancelled", "postponed", "interrupted"))
    )
    return session.scalars(
        query.order_by(Performance.starts_at).limit(limit).options(joinedload(Performance.production))
    ).all()


def performance(performance_id: int) -> Performance | None:
    """One performance with its production."""
    return session.scalar(
        select(Performance).where(Performance.id == performance_id).options(joinedload(Performance.production))
    )


def other_dates(production_id: int, after: datetime, limit: int = 6) -> Sequence[Performance]:
    """Later dates of the same work that are still on."""
    query = select(Performance).where(
        Performance.production_id == production_id, Performance.starts_at > after, Performance.status == "scheduled"
    )
    return session.scalars(query.order_by(Performance.starts_at).limit(limit)).all()


def bill_mark() -> tuple[int, int, int]:
    """What changes when a performance is added to the bill or taken off it."""
    row = read(_MARK).one()
    return row[0] or 0, row[1] or 0, row[2] or 0


def bill_between(start: datetime, end: datetime) -> Sequence[Columns]:
    """Every performance of a span. Shape: rows (id, production_id, title_fr, title_en, hall, starts_at)."""
    query = (
        select(
            Performance.id, Performance.production_id, Production.title_fr, Production.title_en, Performance.hall,
            Performance.starts_at,
        )
        .join(Production, Production.id == Performance.production_id)
        .where(Performance.starts_at >= start, Performance.starts_at < end)
        .order_by(Performance.starts_at)
    )  # fmt: skip
    return read(query).all()


def seats_of(codes: Iterable[str]) -> Sequence[Columns]:
    """Every seat of some orders. Shape: rows (code, email, total_cents, performance_id, cents)."""
    return read(_SEATS, {"codes": list(codes)}).all()


def booked(emails: Iterable[str], start: datetime, end: datetime) -> Sequence[Columns]:
    """What some addresses booked that plays within a span. Shape: rows (email, performance_id), each once."""
    return read(_BOOKED, {"emails": list(emails), "start": start, "end": end}).all()


def productions() -> Sequence[Production]:
    """All works on the bill."""
    return session.scalars(select(Production).order_by(Production.id)).all()
