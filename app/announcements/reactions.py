"""What announcements do when others speak, and when their own long work goes on."""

from __future__ import annotations

from collections.abc import Sequence

from app.announcements import proposing, telling
from app.announcements.events import AnnouncementGoes
from app.boxoffice.events import BoxOfficeImported, PerformanceChanged, PerformanceLeft
from app.incidents.events import IncidentDeclared, IncidentEnded
from app.mail.events import LetterBounced


def propose(events: Sequence[IncidentDeclared]) -> None:
    """A performance was declared cancelled, moved or broken off: telling its holders is proposed."""
    for e in events:
        proposing.propose_declared(e.incident_id)


def withdraw(events: Sequence[IncidentEnded]) -> None:
    """An incident was withdrawn: nobody more is told of what did not happen."""
    for e in events:
        if e.how == "withdrawn":
            proposing.withdraw(e.incident_id)


def look(events: Sequence[BoxOfficeImported]) -> None:
    """A file was brought in: performances of which every ticket is cancelled are proposed."""
    if events:
        proposing.propose_emptied()


def note_changed(events: Sequence[PerformanceChanged]) -> None:
    """Something else is said of performances: telling their holders is proposed, or no longer."""
    for e in events:
        proposing.propose_changed(e.performance_id)


def note_left(events: Sequence[PerformanceLeft]) -> None:
    """All seats of performances went to other dates: somebody is asked whether they moved there."""
    for e in events:
        proposing.propose_left(e.performance_id, e.to_id)


def tell_next(events: Sequence[AnnouncementGoes]) -> None:
    """Holders are being told: tell the next of them."""
    for e in events:
        telling.tell_next(e.announcement_id)


def note_bounces(events: Sequence[LetterBounced]) -> None:
    """Letters came back for good: their households must be told otherwise."""
    telling.note_bounces([e.letter_out_id for e in events if e.status.startswith("5")])
