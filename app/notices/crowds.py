"""What whoever sends an answer to a crowd is told of it: the next wave waits, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from app.incidents import held
from app.kernel.access import Permission
from app.notices import lines
from app.notices.lines import Said
from app.notices.models import Notice
from app.people.colleagues import Told


def said(rows: Sequence[Notice], person: Told, _moment: datetime) -> Iterator[Said]:
    """The waves of some notices, while the next one still waits for somebody."""
    if not rows or not person.actor.may(Permission.CROWD_ANSWER):
        return
    waiting = {(one.answer_id, one.wave): one for one in held.held_now(by=person.actor)}
    for row in rows:
        _matter, answer, wave, why = row.key.split(":")
        one = waiting.get((int(answer), int(wave)))
        if one is not None:
            yield Said(
                matter="held", number=0, subject=one.title(lines.reading(person.language)), when=wave, why=why,
                place=f"/regie/incidents/{one.incident_id}/reponses/{one.answer_id}",
            )  # fmt: skip
