"""Questions about sortings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, select

from app.kernel.db import session
from app.triage.models import Sorting

_SORTING = select(Sorting).where(Sorting.ticket_id == bindparam("ticket"))


def sorting_of(ticket_id: int) -> Sorting | None:
    """The decision on one ticket."""
    return session.scalar(_SORTING, {"ticket": ticket_id})


def sorted_already(ticket_ids: Iterable[int]) -> set[int]:
    """Tickets that have a decision."""
    return set(session.scalars(select(Sorting.ticket_id).where(Sorting.ticket_id.in_(list(ticket_ids)))))


def corrections(limit: int = 5_000) -> Sequence[Sorting]:
    """Decisions that people confirmed or corrected, newest first."""
    query = select(Sorting).where(Sorting.outcome != "none").order_by(Sorting.settled_at.desc()).limit(limit)
    return session.scalars(query).all()
