"""Lines of an incident's timeline that answers to its crowd leave, each with its numbers."""

from __future__ import annotations

from collections.abc import Mapping

from app.incidents import held, progress_queries
from app.incidents.events import CrowdAnswerHeld
from app.incidents.models import CrowdAnswer, IncidentStep
from app.kernel import clock
from app.kernel.db import session
from app.kernel.transaction import publish


def tell_held(row: CrowdAnswer, why: str) -> None:
    """Let whoever started an answer know that its next wave waits for somebody."""
    publish(CrowdAnswerHeld(
        answer_id=row.id, incident_id=row.incident_id, wave=row.wave, started_by=row.started_by, why=why
    ))  # fmt: skip


def note(row: CrowdAnswer, what: str, person_id: int | None, more: Mapping[str, object] | None = None) -> None:
    """Add a line: what happened with an answer, in which wave, how many were told, left out, and still wait."""
    held.forget()
    counts = {"waiting": 0, "said": 0, "skipped": 0}
    for line in progress_queries.tally(row.id):
        counts[line.state] += line.people
    values = {"answer": row.id, "wave": row.wave, **counts, **(more or {})}
    session.add(
        IncidentStep(incident_id=row.incident_id, at=clock.now(), what=what, person_id=person_id, values=values)
    )
