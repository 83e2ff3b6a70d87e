"""What whoever sends an answer to a crowd is told of it: the next wave waits, and why."""

from __future__ import annotations

from datetime import datetime

from app.incidents import held
from app.kernel.access import Permission
from app.notices import lines
from app.notices.lines import Said
from app.notices.models import Notice
from app.people.colleagues import Told


def said(row: Notice, person: Told, _moment: datetime) -> Said | None:
    """The wave of a notice, while the next one still waits for somebody."""
    _matter, answer, wave, why = row.key.split(":")
    if not person.actor.may(Permission.CROWD_ANSWER):
        return None
    waiting = {(one.answer_id, one.wave): one for one in held.held_now(by=person.actor)}
    one = waiting.get((int(answer), int(wave)))
    if one is None:
        return None
    return Said(
        matter="held", number=0, subject=one.title(lines.reading(person.language)), when=wave, why=why,
        place=f"/regie/incidents/{one.incident_id}/reponses/{one.answer_id}",
    )  # fmt: skip
