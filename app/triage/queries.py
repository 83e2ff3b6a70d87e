"""Questions about sortings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, select

from app.kernel.db import session
from app.kernel.queries import read, write
from app.triage.models import Sorting

_SORTING = select(Sorting).where(Sorting.ticket_id == bindparam("ticket"))
_COLUMNS = select(
    Sorting.category, Sorting.type, Sorting.priority, Sorting.confidence, Sorting.abstains, Sorting.wants_refund,
    Sorting.within_24h, Sorting.anger, Sorting.legal_threat, Sorting.top3, Sorting.reasons, Sorting.spans,
    Sorting.outcome,
).where(Sorting.ticket_id == bindparam("ticket"))  # fmt: skip

_THOUGHTS = select(
    Sorting.ticket_id, Sorting.category, Sorting.type, Sorting.confidence, Sorting.anger, Sorting.legal_threat
).where(Sorting.ticket_id.in_(bindparam("ids", expanding=True)))


def sorting_of(ticket_id: int) -> Sorting | None:
    """The decision on one ticket."""
    return session.scalar(_SORTING, {"ticket": ticket_id})


def sorting_on(ticket_id: int) -> Row[*tuple[Any, ...]] | None:
    """The decision on one ticket, as columns."""
    return read(_COLUMNS, {"ticket": ticket_id}).one_or_none()


def thoughts_on(ticket_ids: Iterable[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """What was decided on some tickets. Shape: rows (ticket_id, category, type, confidence, anger, legal_threat)."""
    return read(_THOUGHTS, {"ids": list(ticket_ids)}).all()


def sorted_already(ticket_ids: Iterable[int]) -> set[int]:
    """Tickets that have a decision."""
    return set(session.scalars(select(Sorting.ticket_id).where(Sorting.ticket_id.in_(list(ticket_ids)))))


def write_sortings(rows: Sequence[dict[str, Any]]) -> None:
    """Write decisions on tickets that have none."""
    write(Sorting, rows)


def corrections(limit: int = 5_000) -> Sequence[Sorting]:
    """Decisions that people confirmed or corrected, newest first."""
    query = select(Sorting).where(Sorting.settled_at.is_not(None)).order_by(Sorting.settled_at.desc()).limit(limit)
    return session.scalars(query).all()
