"""Questions about what people were told already."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from app.incidents.models import IncidentTicket
from app.kernel.db import session
from app.mail.models import LetterOut


def told_since(person_ids: Iterable[int], incident_ids: Iterable[int], moment: datetime) -> set[tuple[int, int]]:
    """Who was told of which incident by letter since a moment. Shape: pairs (person, incident)."""
    query = (
        select(IncidentTicket.person_id, IncidentTicket.incident_id)
        .join(LetterOut, LetterOut.ticket_id == IncidentTicket.ticket_id)
        .where(
            IncidentTicket.incident_id.in_(list(incident_ids)), IncidentTicket.person_id.in_(list(person_ids)),
            LetterOut.kind == "incident", LetterOut.created_at >= moment,
        )
    )  # fmt: skip
    return {(row[0], row[1]) for row in session.execute(query)}
