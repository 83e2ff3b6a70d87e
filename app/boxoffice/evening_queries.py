"""Questions about the performances of a day: what was sold of each, and who has come in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Row, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from app.boxoffice.models import Admission, Contact, Order, Performance, Production
from app.kernel.queries import read

_joined = aliased(Performance)
#: A row of columns, by the names given to them.
Columns: TypeAlias = Row[*tuple[Any, ...]]


def counted(start: datetime, end: datetime) -> Sequence[Columns]:
    """Performances that were to begin, or begin now that they are moved, in a span; with seats sold and entered."""
    came = or_(Admission.scanned_at.is_not(None), Admission.status == "used")
    # What moved into a date on the bill comes in by the same doors.
    theirs = select(_joined.id).where(_joined.joins_id == Performance.id).correlate(Performance)
    here = or_(Admission.performance_id == Performance.id, Admission.performance_id.in_(theirs))
    good = and_(here, Admission.status.in_(("valid", "used")))
    query = (
        select(
            Performance.id.label("performance_id"), Production.title_fr, Production.title_en, Performance.starts_at,
            Performance.status, Performance.hall, Performance.new_starts_at, Performance.sold_out,
            Performance.notice_fr, Performance.notice_en, Performance.doors_at, Performance.capacity,
            func.count(Admission.id).label("sold"), func.count(case((came, 1))).label("entered"),
        )
        .join(Production, Production.id == Performance.production_id)
        .outerjoin(Admission, good)
        .where(
            Performance.joins_id.is_(None),
            or_(
                and_(Performance.starts_at >= start, Performance.starts_at < end),
                and_(Performance.new_starts_at >= start, Performance.new_starts_at < end),
            )
        )
        .group_by(Performance.id, Production.id)
        .order_by(Performance.starts_at, Performance.id)
    )  # fmt: skip
    return read(query).all()


def held_by(emails: Iterable[str], performance_ids: Iterable[int]) -> Sequence[Columns]:
    """Seats of some performances that some addresses ordered, or whose household has them. Shape: rows (email, id)."""
    wanted, shows = list(emails), list(performance_ids)
    good = Admission.performance_id.in_(shows) & Admission.status.in_(("valid", "used"))
    ordered = select(Order.email, Admission.performance_id).join(Admission, Admission.order_id == Order.id)
    ordered = ordered.where(good, Order.email.in_(wanted))
    kept = (
        select(Contact.email, Admission.performance_id)
        .join(Order, Order.household_id == Contact.household_id)
        .join(Admission, Admission.order_id == Order.id)
        .where(good, Contact.email.in_(wanted))
    )  # fmt: skip
    return read(ordered.union(kept)).all()
