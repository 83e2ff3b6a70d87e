"""What was told and did not happen after all is taken back: a correction to exactly those who were answered."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.boxoffice import queries as boxoffice
from app.boxoffice.service import performance_card
from app.incidents import answer_queries, drafting, queries, steps
from app.incidents.drafting import Plan
from app.incidents.filling import Words
from app.incidents.first_words import named
from app.incidents.models import Incident
from app.incidents.recipients import STANDS, Filters
from app.kernel.access import Actor, Permission, Role
from app.kernel.errors import NotFound
from app.kernel.transaction import transactional
from app.venue import service as venue


@dataclass(frozen=True, slots=True)
class Correction:
    """How those stand who were told what did not happen: how many nothing has set right, and the newest correction."""

    people: int
    #: None where there is none; `state` as of any answer.
    answer_id: int | None
    state: str


def of(incident_id: int, *, by: Actor) -> Correction | None:
    """How those stand who were told what did not happen; None of an incident that nobody withdrew or answered."""
    by.must(Permission.INCIDENT_READ)
    row = queries.incident(incident_id)
    if row is None or row.state != "withdrawn":
        return None
    people = len(answer_queries.told_wrong(incident_id))
    found = [one for one in answer_queries.answers_of(incident_id) if one.filters.get("retracts")]
    if not people and not found:
        return None
    return Correction(people, found[-1].id if found else None, found[-1].state if found else "")


def begun(incident_id: int, *, by: Actor) -> Words:
    """The words a correction of an incident begins with.

    Raises:
        NotFound: there is no such incident.
    """
    by.must(Permission.CROWD_ANSWER)
    row = queries.incident(incident_id)
    if row is None:
        raise NotFound("incident")
    return words_of(row)


@transactional
def prepare(incident_ids: Iterable[int]) -> None:
    """Write a correction to those whom an answer to incidents told what did not happen; nobody is told it yet."""
    for incident_id in incident_ids:
        row = queries.incident(incident_id)
        if row is not None and (told := answer_queries.told_wrong(incident_id)):
            _write(row, len(told))


def _write(row: Incident, people: int) -> None:
    ended = queries.steps_named(row.id, "withdrawn")[-1]
    by = Actor(roles=frozenset({Role.MANAGER}), person_id=ended.person_id, door="desk")
    plan = Plan(words=words_of(row), then="same", filters=Filters(stands=STANDS, retracts=True))
    answer = drafting.begin(row.id, plan, by)
    steps.note(answer, "retraction_written", ended.person_id, {"people": people})


def words_of(row: Incident) -> Words:
    """The words a correction begins with, in both languages, from what was told; a colleague rewords it."""
    show = boxoffice.performance(row.performance_id) if row.performance_id is not None else None
    card, zone = (performance_card(show) if show is not None else None), venue.house().tz
    pattern = _patterns()["show" if card is not None else "other"]
    said = {"fr": row.title_fr, "en": row.title_en}
    texts = {
        lang: pattern[f"text_{lang}"].format(title=title.rstrip(" ."), **named(card, lang, zone))
        for lang, title in said.items()
    }
    return Words(texts["fr"], texts["en"])


@cache
def _patterns() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((Path(__file__).parent / "words" / "retractions.toml").read_text("utf-8"))
