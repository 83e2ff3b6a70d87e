"""An answer to a crowd tried out before it is said: who would get it, and what three of them would read."""

from __future__ import annotations

from dataclasses import dataclass

from app.incidents import choosing, progress, saying
from app.incidents import queries as incidents
from app.incidents.recipients import Sieved, filters_from, samples
from app.kernel.access import Actor, Permission
from app.kernel.errors import NotFound
from app.tickets import queries as tickets


@dataclass(frozen=True, slots=True)
class Sample:
    """What one real recipient would read; `why` is fr, en, nameless, several or longest."""

    number: int
    name: str
    email: str
    language: str
    why: str
    body: str


def preview(incident_id: int, answer_id: int, *, by: Actor) -> tuple[Sieved, list[Sample]]:
    """Who would get an answer now and who not, and what three of them would read."""
    by.must(Permission.CROWD_ANSWER)
    row = progress.row_of(incident_id, answer_id, by)
    filler = saying.filler_of(row, by.person_id)
    found = choosing.everybody(row.incident_id, filters_from(row.filters), by.departments, filler)
    for member, why in found.listed:
        found.lacks.update(filler.lacks(member) if why == "unfilled" else ())
    chosen = samples(found)
    rows = tickets.cards(member.ticket_id for member, _why in chosen)
    return found, [
        Sample(one.number, one.name, one.email, one.language, why, filler.body(one, rows[one.ticket_id]))
        for one, why in chosen
    ]


def told(incident_id: int, *, by: Actor) -> tuple[str, str]:
    """What everybody is told of an incident, in French and in English: what an answer begins with.

    Raises:
        NotFound: there is no such incident.
    """
    by.must(Permission.CROWD_ANSWER)
    row = incidents.incident(incident_id)
    if row is None:
        raise NotFound("incident")
    return row.text_fr, row.text_en
