"""Questions about sortings, and about the models that were learned from what colleagues made of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, String, bindparam, case, cast, delete, func, select

from app.kernel.db import session
from app.kernel.queries import read, write
from app.tickets.models import Message, Ticket
from app.tickets.states import State
from app.triage.models import (
    AnswerSource,
    LearnedModel,
    ModelLesson,
    Sorting,
    SortingObjection,
    SortingPhrases,
    SortingTrial,
)

_SORTING = select(Sorting).where(Sorting.ticket_id == bindparam("ticket"))
_COLUMNS = (
    select(
        Sorting.category, Sorting.type, Sorting.priority, Sorting.confidence, Sorting.abstains, Sorting.wants_refund,
        Sorting.within_24h, Sorting.anger, Sorting.legal_threat, Sorting.top3, Sorting.reasons, Sorting.spans,
        Sorting.outcome, Sorting.suggested, SortingObjection.at.label("objected_at"),
    )
    .join(Ticket, Ticket.id == Sorting.ticket_id)
    .outerjoin(SortingObjection, SortingObjection.person_id == Ticket.requester_id)
    .where(Sorting.ticket_id == bindparam("ticket"))
)  # fmt: skip

_THOUGHTS = select(
    Sorting.ticket_id, Sorting.category, Sorting.type, Sorting.confidence, Sorting.anger, Sorting.legal_threat
).where(Sorting.ticket_id.in_(bindparam("ids", expanding=True)))


def sorting_of(ticket_id: int) -> Sorting | None:
    """The decision on one ticket."""
    return session.scalar(_SORTING, {"ticket": ticket_id})


def sorting_on(ticket_id: int) -> Row[*tuple[Any, ...]] | None:
    """The decision on one ticket, as columns."""
    return read(_COLUMNS, {"ticket": ticket_id}).one_or_none()


def thoughts_on(ticket_ids: Iterable[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """What was decided on some tickets. Shape: rows (ticket_id, category, type, confidence, anger, legal_threat)."""
    return read(_THOUGHTS, {"ids": list(ticket_ids)}).all()


def sorted_already(ticket_ids: Iterable[int]) -> set[int]:
    """Tickets that have a decision."""
    return set(session.scalars(select(Sorting.ticket_id).where(Sorting.ticket_id.in_(list(ticket_ids)))))


def write_sortings(rows: Sequence[dict[str, Any]]) -> None:
    """Write decisions on tickets that have none."""
    write(Sorting, rows)


def settled(limit: int = 8_000) -> Sequence[Row[*tuple[Any, ...]]]:
    """What colleagues made of sortings, newest first, with what their requests say; of nobody who objects.

    Shape: rows (ticket_id, category, right_category, right_type, right_priority, settled_by, settled_at, subject,
    language, channel, opened_at).
    """
    query = (
        select(
            Sorting.ticket_id, Sorting.category, Sorting.right_category, Sorting.right_type, Sorting.right_priority,
            Sorting.settled_by, Sorting.settled_at, Ticket.subject, Ticket.language, Ticket.channel, Ticket.opened_at,
        )
        .join(Ticket, Ticket.id == Sorting.ticket_id)
        .where(Sorting.settled_at.is_not(None), Sorting.settled_by.is_not(None))
        .where(Ticket.requester_id.not_in(select(SortingObjection.person_id)))
        .order_by(Sorting.settled_at.desc(), Sorting.id.desc())
        .limit(limit)
    )  # fmt: skip
    return read(query).all()


def left_as_sorted(since: datetime) -> dict[str, int]:
    """How many requests of each type were solved as they had been sorted since, with no word on it.

    No spam, none that was folded into another, and of nobody who objects.
    """
    query = (
        select(Sorting.type, func.count())
        .join(Ticket, Ticket.id == Sorting.ticket_id)
        .where(Sorting.settled_at.is_(None), Sorting.at >= since)
        .where(Ticket.category == Sorting.category, Ticket.state == State.SOLVED)
        .where(Ticket.spam.is_(False), Ticket.merged_into_id.is_(None))
        .where(Ticket.requester_id.not_in(select(SortingObjection.person_id)))
        .group_by(Sorting.type)
    )
    return {kind: int(many) for kind, many in read(query).all()}


def settled_after(moment: datetime | None) -> bool:
    """Whether colleagues said anything of a sorting since."""
    query = select(Sorting.id).where(Sorting.settled_at.is_not(None), Sorting.settled_by.is_not(None)).limit(1)
    return read(query if moment is None else query.where(Sorting.settled_at > moment)).first() is not None


def judged(since: datetime, departments: Collection[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """What colleagues said of sortings since, in some departments, oldest first.

    Shape: rows (settled_at, category, right_category, confidence, abstains, language, number).
    """
    query = (
        select(
            Sorting.settled_at, Sorting.category, Sorting.right_category, Sorting.confidence, Sorting.abstains,
            Ticket.language, Ticket.number,
        )
        .join(Ticket, Ticket.id == Sorting.ticket_id)
        .where(Sorting.settled_at >= since, Ticket.department_id.in_(list(departments)))
        .order_by(Sorting.settled_at, Sorting.id)
    )  # fmt: skip
    return read(query).all()


def sorted_by_week(weeks: Sequence[datetime], departments: Collection[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """What was sorted in some weeks, given by their beginnings, oldest first; the last one is still going on.

    Shape: rows (week, many, sure, asked, strange): which of them, how many, their mean confidence, for how many a
    person was asked, and how many were unlike all that was learned; no row for a week without any.
    """
    week = case(*((Sorting.at >= begins, at) for at, begins in reversed(list(enumerate(weeks)))), else_=-1)
    strange = case((cast(Sorting.reasons, String).like('%"unfamiliar"%'), 1), else_=0)
    query = (
        select(
            week.label("week"), func.count().label("many"), func.avg(Sorting.confidence).label("sure"),
            func.sum(case((Sorting.abstains, 1), else_=0)).label("asked"), func.sum(strange).label("strange"),
        )
        .join(Ticket, Ticket.id == Sorting.ticket_id)
        .where(Sorting.at >= weeks[0], Ticket.department_id.in_(list(departments)))
        .group_by(week)
    )  # fmt: skip
    return read(query).all()


def models(limit: int = 40) -> Sequence[LearnedModel]:
    """The models that were learned here, newest first."""
    return session.scalars(
        select(LearnedModel).order_by(LearnedModel.at.desc(), LearnedModel.id.desc()).limit(limit)
    ).all()


def model_of(version: str) -> LearnedModel | None:
    """One of them by its version, to be changed."""
    return session.scalar(select(LearnedModel).where(LearnedModel.version == version))


def objection_of(person_id: int) -> SortingObjection | None:
    """The objection of one person to being sorted by a model."""
    return session.get(SortingObjection, person_id)


def objectors(person_ids: Iterable[int]) -> frozenset[int]:
    """Those of some people who object."""
    query = select(SortingObjection.person_id).where(SortingObjection.person_id.in_(list(person_ids)))
    return frozenset(session.scalars(query))


def lessons() -> Sequence[Row[*tuple[Any, ...]]]:
    """What kept models were learned from.

    Shape: rows (version, ticket_id, digest, subject, requester_id); nothing of a request that is there no more.
    """
    query = select(ModelLesson.version, ModelLesson.ticket_id, ModelLesson.digest, Ticket.subject, Ticket.requester_id)
    return read(query.outerjoin(Ticket, Ticket.id == ModelLesson.ticket_id)).all()


def lesson_versions() -> frozenset[str]:
    """The models of which it is noted what they were learned from."""
    return frozenset(session.scalars(select(ModelLesson.version).distinct()))


def write_lessons(rows: Sequence[dict[str, Any]]) -> None:
    """Note what a model was learned from."""
    write(ModelLesson, rows)


def drop_lessons(keep: Collection[str]) -> None:
    """Forget what models were learned from, of all but some versions."""
    session.execute(delete(ModelLesson).where(ModelLesson.version.not_in(list(keep))))


def phrases() -> Sequence[SortingPhrases]:
    """The phrases of the house, by category."""
    return session.scalars(select(SortingPhrases).order_by(SortingPhrases.category)).all()


def lately(since: datetime, departments: Collection[int], limit: int) -> Sequence[Ticket]:
    """Requests that were sorted since, in some departments, newest first; no spam, and nobody who objects."""
    query = (
        select(Ticket)
        .join(Sorting, Sorting.ticket_id == Ticket.id)
        .where(Ticket.opened_at >= since, Ticket.department_id.in_(list(departments)), Ticket.spam.is_(False))
        .where(Ticket.requester_id.not_in(select(SortingObjection.person_id)))
        .order_by(Ticket.opened_at.desc(), Ticket.id.desc())
        .limit(limit)
    )
    return session.scalars(query).all()


def right_ones(ticket_ids: Iterable[int]) -> dict[int, str]:
    """The categories that colleagues said some requests are of, by request; nothing of those nobody looked at."""
    query = select(Sorting.ticket_id, Sorting.right_category).where(
        Sorting.ticket_id.in_(list(ticket_ids)), Sorting.right_category.is_not(None)
    )
    return {row.ticket_id: row.right_category for row in read(query)}


def bodies(message_ids: Iterable[int]) -> dict[int, str]:
    """What some messages say, by message."""
    query = select(Message.id, Message.body).where(Message.id.in_(list(message_ids)))
    return {row.id: row.body for row in read(query)}


def replace_sources(ticket_ids: Iterable[int], rows: Sequence[dict[str, Any]]) -> None:
    """Write what the last answers to some requests were made of, in place of what stood there."""
    session.execute(delete(AnswerSource).where(AnswerSource.ticket_id.in_(list(ticket_ids))))
    write(AnswerSource, rows)


def closed_with_sources(limit: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Solved requests whose last answer was made of something, newest first; no spam, and nobody who objects.

    Shape: rows (id, subject, category, department_id).
    """
    query = (
        select(Ticket.id, Ticket.subject, Ticket.category, Ticket.department_id)
        .where(Ticket.id.in_(select(AnswerSource.ticket_id).order_by(AnswerSource.ticket_id.desc()).limit(4 * limit)))
        .where(Ticket.state == "solved", Ticket.spam.is_(False), Ticket.merged_into_id.is_(None))
        .where(Ticket.category.is_not(None))
        .where(Ticket.requester_id.not_in(select(SortingObjection.person_id)))
        .order_by(Ticket.id.desc())
        .limit(limit)
    )
    return read(query).all()


def sources_of(ticket_ids: Iterable[int]) -> dict[int, list[tuple[str, str]]]:
    """What the last answers to some requests were made of. Shape: pairs (kind, id or slug) by request."""
    query = select(AnswerSource.ticket_id, AnswerSource.kind, AnswerSource.ref)
    found: dict[int, list[tuple[str, str]]] = {}
    for row in read(query.where(AnswerSource.ticket_id.in_(list(ticket_ids)))):
        found.setdefault(row.ticket_id, []).append((row.kind, row.ref))
    return found


def may_be_switched_on(category: str, digest: str) -> bool:
    """Whether words of a category were tried, or were in use before."""
    return session.get(SortingTrial, (category, digest)) is not None


def note_trial(category: str, digest: str, at: datetime, by_id: int | None) -> None:
    """Note that words of a category may be switched on."""
    session.merge(SortingTrial(category=category, digest=digest, at=at, by_id=by_id))


def drop_trials(category: str, keep: Collection[str], before: datetime) -> None:
    """Forget what was tried of a category before a moment, but for some."""
    query = delete(SortingTrial).where(SortingTrial.category == category, SortingTrial.digest.not_in(list(keep)))
    session.execute(query.where(SortingTrial.at < before))
