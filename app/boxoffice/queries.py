"""Questions about performances and orders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, case, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.boxoffice.models import Admission, Order, Performance, Production
from app.kernel.db import session

_WITH_SEATS = selectinload(Order.admissions).joinedload(Admission.performance).joinedload(Performance.production)


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


def orders_beside(emails: Iterable[str], code: str | None, limit: int) -> Sequence[Order]:
    """The order of a code, then the newest orders of some addresses, with seats, in one statement."""
    values = {"emails": list(emails), "code": code or "", "limit": limit}
    return session.scalars(_orders_beside(), values).unique().all()


@cache
def _orders_beside() -> Select[Order]:
    wanted = or_(Order.email.in_(bindparam("emails", expanding=True)), Order.code == bindparam("code"))
    named = case((Order.code == bindparam("code"), 0), else_=1)  # else the limit could leave out an old order
    newest = select(Order).where(wanted).order_by(named, Order.ordered_at.desc(), Order.id.desc())
    seats = joinedload(Order.admissions).joinedload(Admission.performance).joinedload(Performance.production)
    return newest.limit(bindparam("limit", type_=Order.total_cents.type)).options(seats, joinedload(Order.household))


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


def productions() -> Sequence[Production]:
    """All works on the bill."""
    return session.scalars(select(Production).order_by(Production.id)).all()
