"""Say that something is an incident, what everybody is told of it, and when it is over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.boxoffice import queries as boxoffice
from app.incidents import arrival_queries, queries, reading, surfaces
from app.incidents.events import IncidentDeclared, IncidentEnded, IncidentProposed, IncidentReworded
from app.incidents.models import Incident, IncidentStep
from app.kernel import clock
from app.kernel.access import SYSTEM, Actor, Permission, spectator
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.transaction import publish, transactional
from app.knowledge import shelf
from app.triage.text import fold, normalise

CAUSES = ("cancelled", "postponed", "interrupted", "late", "sale", "other")
#: How an incident may end, and the states it may be in: what was told is taken down, never said to have been nothing.
#: That it did not happen after all may be found out days after it was over.
ENDS = {"over": ("declared",), "withdrawn": ("declared", "over"), "dismissed": ("proposed",)}
#: The minute, long past, whose count is held while somebody declares.
DECLARING = 0
TITLE, TEXT, WORDS, WORD = 120, 2_000, 12, 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What is told of an incident, in both languages; validates itself."""

    cause: str
    title_fr: str
    title_en: str
    text_fr: str
    text_en: str
    performance_id: int | None = None
    words: tuple[str, ...] = ()
    article: str | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be told.

        Raises:
            Invalid: the fields, by name.
        """
        wrong = {} if self.cause in CAUSES else {"cause": "unknown_choice"}
        for name, most in (("title_fr", TITLE), ("title_en", TITLE), ("text_fr", TEXT), ("text_en", TEXT)):
            said = getattr(self, name)
            if not said.strip():
                wrong[name] = "empty"
            elif len(said) > most:
                wrong[name] = "too_long"
        if len(self.words) > WORDS or any(len(word) > WORD for word in self.words):
            wrong["words"] = "too_long"
        if self.performance_id is None and not any(word.strip() for word in self.words):
            wrong["words"] = "incident_unnamed"  # nobody's message could be known to belong to it
        if wrong:
            raise Invalid(wrong)

    @property
    def columns(self) -> dict[str, Any]:
        """Its fields as an incident keeps them."""
        return {
            "cause": self.cause, "performance_id": self.performance_id, "article": self.article or None,
            "words": [" ".join(word.split()) for word in self.words if word.strip()],
            **{name: getattr(self, name).replace("\x00", "").strip()
               for name in ("title_fr", "title_en", "text_fr", "text_en")},
        }  # fmt: skip


@transactional
def propose(telling: Telling, evidence: Mapping[str, Any]) -> int | None:
    """Note that something looks like an incident; None when one like it lives already."""
    if _other(telling, None) is not None:
        return None
    row = _new(telling, "proposed", evidence)
    _step(row, "proposed", SYSTEM, evidence)
    publish(IncidentProposed(incident_id=row.id))
    surfaces.forget()
    return row.id


@transactional
def sharpen(incident_id: int, telling: Telling, evidence: Mapping[str, Any]) -> None:
    """Say of a proposal which performance it is about, now that it is known: nobody decides twice about one thing."""
    row = _row(incident_id)
    if row.state != "proposed":
        return  # a person has decided meanwhile, in words of their own
    _retell(row, telling)
    row.evidence = dict(evidence)
    _step(row, "sharpened", SYSTEM, evidence)
    surfaces.forget()


@transactional
def declare(
    telling: Telling, *, incident_id: int | None = None, seen_version: int | None = None, form: str | None = None,
    by: Actor,
) -> int:  # fmt: skip
    """Say that it is one: from now on everybody is told, and what comes in about it stands in its crowd.

    The same `form` twice declares one.

    Raises:
        Conflict: it was decided about meanwhile, the performance has another, or one of its cause has one of its words.
        Invalid: the performance or the article is unknown.
    """
    by.must(Permission.INCIDENT_DECLARE)
    _check(telling)
    arrival_queries.hold(DECLARING)  # a colleague may be declaring the same
    if form and (there := _declared_by(form)) is not None:
        return there
    if incident_id is None:
        _alone(telling, None)
        row = _new(telling, "declared", {})
    else:
        row = _row(incident_id)
        _unchanged(row, seen_version)
        if row.state != "proposed":
            raise Conflict("incident_decided")
        _alone(telling, row.id)
        _retell(row, telling)
        row.state = "declared"
    row.declared_at = clock.now()
    _step(row, "declared", by, {"form": form} if form else {})
    publish(IncidentDeclared(incident_id=row.id), by=by)
    surfaces.forget()
    return row.id


@transactional
def reword(incident_id: int, telling: Telling, *, seen_version: int | None = None, by: Actor) -> None:
    """Change what everybody is told; what was told before stays in the timeline.

    Raises:
        Conflict: somebody changed it meanwhile, or it is not live.
        Invalid: the performance or the article is unknown, or it is declared of another performance.
    """
    by.must(Permission.INCIDENT_DECLARE)
    _check(telling)
    row = _row(incident_id)
    _unchanged(row, seen_version)
    if row.state not in queries.LIVE:
        raise Conflict("incident_ended")
    if row.state == "declared" and telling.performance_id != row.performance_id:
        raise Invalid({"performance": "incident_fixed"})  # its crowd was told of this one
    _alone(telling, row.id)
    before = {"title_fr": row.title_fr, "title_en": row.title_en, "text_fr": row.text_fr, "text_en": row.text_en}
    _retell(row, telling)
    _step(row, "reworded", by, before)
    publish(IncidentReworded(incident_id=row.id), by=by)
    surfaces.forget()


@transactional
def end(incident_id: int, how: str, *, by: Actor) -> None:
    """Take everything down: it is over, it is withdrawn (the show plays after all), or it was none.

    One that is over already may still be withdrawn: nothing hangs any more, and whoever was told is told again.
    Requests that nobody has answered go back to the queues, by a job that follows.

    Raises:
        Invalid: field `how`.
        Conflict: it has ended already, was declared and is called none, or was not declared and is called over.
    """
    by.must(Permission.INCIDENT_DECLARE)
    if how not in ENDS:
        raise Invalid({"how": "unknown_choice"})
    row = _row(incident_id)
    if row.state not in ENDS[how]:
        if row.state not in queries.LIVE:
            raise Conflict("incident_ended")
        raise Conflict("incident_declared" if row.state == "declared" else "incident_undeclared")
    row.state, row.ended_at, row.version = how, row.ended_at or clock.now(), row.version + 1
    _step(row, how, by)
    publish(IncidentEnded(incident_id=row.id, how=how), by=by)
    surfaces.forget()


def _new(telling: Telling, state: str, evidence: Mapping[str, Any]) -> Incident:
    row = Incident(
        state=state, evidence=dict(evidence), noticed_at=clock.now(), declared_at=None, ended_at=None, version=1,
        **telling.columns,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def _retell(row: Incident, telling: Telling) -> None:
    for name, value in telling.columns.items():
        setattr(row, name, value)
    row.version += 1


def _check(telling: Telling) -> None:
    if telling.performance_id is not None and boxoffice.performance(telling.performance_id) is None:
        raise Invalid({"performance": "unknown_choice"})
    anybody = spectator(None, door="portal")
    if telling.article and shelf.find_either(anybody, telling.article, "fr") is None:
        raise Invalid({"article": "unknown_choice"})


def _alone(telling: Telling, incident_id: int | None) -> None:
    other = _other(telling, incident_id)
    if other is not None:
        raise Conflict("incident_there" if telling.performance_id is not None else "incident_named", incident=other.id)


def _other(telling: Telling, incident_id: int | None) -> Incident | None:
    """Another live incident that is about the same: of the performance, or named by one of its words."""
    if telling.performance_id is not None:
        found = queries.live_on(telling.performance_id)
        return found if found is not None and found.id != incident_id else None
    words = _names(telling.words)
    rows = (row for row in queries.live_by_words(telling.cause) if row.id != incident_id)
    return next((row for row in rows if words & _names(row.words)), None)


def _names(words: Iterable[str]) -> set[str]:
    return {" ".join(reading.words_of(fold(normalise(word)))) for word in words} - {""}


def _declared_by(form: str) -> int | None:
    return next((step.incident_id for step in queries.declarations() if step.values.get("form") == form), None)


def _row(incident_id: int) -> Incident:
    row = queries.incident_to_change(incident_id)
    if row is None:
        raise NotFound("incident")
    return row


def _unchanged(row: Incident, seen_version: int | None) -> None:
    if seen_version is not None and row.version != seen_version:
        raise Conflict("changed_meanwhile", version=row.version)


def _step(row: Incident, what: str, by: Actor, values: Mapping[str, Any] | None = None) -> None:
    session.add(
        IncidentStep(incident_id=row.id, at=clock.now(), what=what, person_id=by.person_id, values=dict(values or {}))
    )


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the timeline, as plain values."""

    at: datetime
    what: str
    person_id: int | None
    values: Mapping[str, Any]


def timeline(incident_id: int, *, by: Actor) -> Sequence[Step]:
    """What happened with an incident, from the first line on."""
    by.must(Permission.INCIDENT_READ)
    return [Step(row.at, row.what, row.person_id, row.values) for row in queries.steps(incident_id)]
