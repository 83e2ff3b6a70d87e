"""Saying that a performance is cancelled, moves or was broken off, where the ticketing system has not told it yet."""

from __future__ import annotations

from datetime import datetime

from app.boxoffice import queries
from app.boxoffice.events import PerformanceChanged
from app.kernel.access import Actor, Permission
from app.kernel.errors import Invalid
from app.kernel.transaction import publish, transactional

#: What may befall a performance.
CHANGES = ("cancelled", "postponed", "interrupted")


@transactional
def change(performance_id: int, status: str, new_starts_at: datetime | None = None, *, by: Actor) -> None:
    """Say what befell a performance; the bill and the portal tell it from now on. The same again changes nothing.

    Raises:
        Invalid: fields `performance`, `cause` and `new_starts_at`.
    """
    by.must(Permission.INCIDENT_DECLARE)
    row = queries.performance(performance_id)
    if row is None:
        raise Invalid({"performance": "unknown_choice"})
    if status not in CHANGES:
        raise Invalid({"cause": "unknown_choice"})
    if new_starts_at is not None and (status != "postponed" or new_starts_at == row.starts_at):
        raise Invalid({"new_starts_at": "same_moment" if status == "postponed" else "moment_unasked"})
    if (row.status, row.new_starts_at) == (status, new_starts_at):
        return
    row.status, row.new_starts_at = status, new_starts_at
    publish(PerformanceChanged(performance_id=row.id, status=status), by=by)
