"""An answer to a crowd while it is written: its words, whom it is for, how it leaves requests; nobody is told yet."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.incidents import answer_queries as queries
from app.incidents import queries as incidents
from app.incidents import recipients
from app.incidents.filling import Words, checked
from app.incidents.models import CrowdAnswer, CrowdText, Incident
from app.incidents.recipients import Filters
from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.transaction import transactional

#: How requests may be left; `same` is for corrections, which leave each as it was.
THEN = ("solved", "waiting", "open")
#: Requests that may be left out by hand.
MOST_LEFT_OUT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An answer as it is written: its words, whom it is for, how it leaves requests; validates itself."""

    words: Words
    then: str
    by_itself: bool = False
    filters: Filters = field(default_factory=Filters)

    def __post_init__(self) -> None:
        """Refuse what cannot be done.

        Raises:
            Invalid: fields `then`, `stands`, `until` and `without`.
        """
        filters, wrong = self.filters, {}
        if self.then not in ((*THEN, "same") if filters.puts_right else THEN):
            wrong["then"] = "unknown_choice"
        if not filters.stands or not set(filters.stands) <= set(recipients.STANDS):
            wrong["stands"] = "choose_one"
        if filters.since and filters.until and filters.until < filters.since:
            wrong["until"] = "period_order"
        if len(filters.without) > MOST_LEFT_OUT:
            wrong["without"] = "too_long"
        if wrong:
            raise Invalid(wrong)


@transactional
def write(
    incident_id: int, plan: Plan, *, answer_id: int | None = None, seen_version: int | None = None, by: Actor
) -> int:
    """Keep an answer that nobody is told yet, new or changed; returns its id.

    Raises:
        Conflict: it has begun, somebody changed it since `seen_version`, or the incident has ended.
    """
    by.must(Permission.CROWD_ANSWER)
    tellable(incidents.incident(incident_id), plan.filters)
    if answer_id is None:
        return begin(incident_id, plan, by).id
    row = row_to_change(answer_id, incident_id)
    if row.state != "draft":
        raise Conflict("answer_started")
    unchanged(row, seen_version)
    row.version += 1
    row.filters, row.then, row.by_itself = plan.filters.stored, plan.then, plan.by_itself
    reword(row, plan.words, by)
    return row.id


def begin(incident_id: int, plan: Plan, by: Actor) -> CrowdAnswer:
    """Keep a new answer that nobody is told yet; inside a verb only."""
    row = CrowdAnswer(
        incident_id=incident_id, state="draft", filters=plan.filters.stored, then=plan.then, by_itself=plan.by_itself,
        wave=0, fixed_up_to=0, revision=0, run=0, created_by=by.person_id, created_at=clock.now(), started_by=None,
        roles=[], started_at=None, wave_at=None, ended_at=None, version=1,
    )  # fmt: skip
    session.add(row)
    session.flush()
    reword(row, plan.words, by)
    return row


def reword(row: CrowdAnswer, words: Words, by: Actor) -> bool:
    """Give an answer other words, as a revision of their own; inside a verb only. Returns whether they are others.

    Raises:
        Invalid: fields `text_fr` and `text_en`.
    """
    words = checked(words)
    if row.revision:
        before = queries.words(row.id, row.revision)
        if (before.text_fr, before.text_en) == (words.fr, words.en):
            return False
    row.revision += 1
    session.add(
        CrowdText(
            answer_id=row.id, revision=row.revision, text_fr=words.fr, text_en=words.en, at=clock.now(),
            person_id=by.person_id,
        )
    )  # fmt: skip
    return True


def tellable(incident: Incident | None, filters: Filters) -> None:
    """Stop unless an incident is declared at present, or did not happen after all and this is what says so.

    Raises:
        Conflict: nothing of the kind may be told of it.
    """
    if incident is None:
        raise NotFound("incident")
    if incident.state == "withdrawn" and _takes_back(filters):
        return
    if incident.state != "declared":
        raise Conflict("incident_ended" if incident.state != "proposed" else "incident_undeclared")
    if filters.retracts:
        raise Conflict("incident_stands")


def _takes_back(filters: Filters) -> bool:
    """Whether an answer takes back what was told, or corrects one that does."""
    row = queries.answer(filters.corrects) if filters.corrects else None
    return filters.retracts or (row is not None and _takes_back(recipients.filters_from(row.filters)))


def row_to_change(answer_id: int, incident_id: int | None = None) -> CrowdAnswer:
    """One answer, perhaps of a certain incident, held until the verb ends.

    Raises:
        NotFound: there is none.
    """
    row = queries.answer_to_change(answer_id)
    if row is None or incident_id not in {None, row.incident_id}:
        raise NotFound("crowd_answer")
    return row


def unchanged(row: CrowdAnswer, seen_version: int | None) -> None:
    """Stop what was decided on an older state of an answer.

    Raises:
        Conflict: with the version it has now.
    """
    if seen_version is not None and row.version != seen_version:
        raise Conflict("answer_changed", version=row.version)
