"""Questions about dates that moved, and what takes the seats of one to another."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select, update

from app.boxoffice.models import Admission, ImportRun, Performance
from app.kernel.db import session
from app.kernel.queries import read


def moves(run_id: int) -> dict[str, Any]:
    """What an import noted of dates and moves. Shape: that of `ImportRun.moves`."""
    return dict(read(select(ImportRun.moves).where(ImportRun.id == run_id)).scalar_one())


def date_to_change(performance_id: int) -> Performance | None:
    """One date, held until the verb ends."""
    return session.get(Performance, performance_id, with_for_update=True, populate_existing=True)


def sold(performance_id: int) -> int:
    """How many good seats a date has."""
    query = select(func.count()).where(
        Admission.performance_id == performance_id, Admission.status.in_(("valid", "used"))
    )
    return int(read(query).scalar_one())


def take_over(there: Performance, here_id: int) -> None:
    """Give the seats of a date to another, and take it off the bill."""
    statement = update(Admission).where(Admission.performance_id == there.id).values(performance_id=here_id)
    session.execute(statement.execution_options(synchronize_session=False))
    session.delete(there)
    session.flush()


def bring_back(here_id: int, there_id: int) -> int:
    """Give a date the seats again that came from it to another; returns how many."""
    ours = (Admission.came_from_id == here_id, Admission.performance_id == there_id)
    statement = update(Admission).where(*ours).values(performance_id=here_id, came_from_id=None)
    found = session.execute(statement.execution_options(synchronize_session=False))
    session.flush()
    return int(getattr(found, "rowcount", 0))
