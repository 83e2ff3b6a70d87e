"""Incidents, who stands in the crowd of each and why, how many wrote when, and answers to a whole crowd."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Code, Key, Line, Ref
from app.kernel.queries import only
from app.people.models import IMPERSONAL


class Incident(Base):
    """Something that happened to many at once; one text tells it everywhere.

    `state` is proposed, declared, over, withdrawn (it did not happen after all) or dismissed (no incident).
    """

    __tablename__ = "incident"
    __table_args__ = (
        # Two live incidents for one performance would answer one crowd twice.
        Index(
            "uq_incident_live", "performance_id", unique=True,
            **only("performance_id IS NOT NULL AND state IN ('proposed', 'declared')"),
        ),
        Index(None, "state"),
    )  # fmt: skip

    id: Mapped[Key]
    state: Mapped[Code]
    #: cancelled, postponed, interrupted, late, sale (site or payment) or other.
    cause: Mapped[Code]
    performance_id: Mapped[Ref | None] = mapped_column(ForeignKey("performance.id"))
    title_fr: Mapped[Line] = mapped_column(info=IMPERSONAL)
    title_en: Mapped[Line] = mapped_column(info=IMPERSONAL)
    #: The one text, said by banner, acknowledgement, phone script and canned answer.
    text_fr: Mapped[str] = mapped_column(info=IMPERSONAL)
    text_en: Mapped[str] = mapped_column(info=IMPERSONAL)
    #: Words that name it, for what concerns no performance.
    words: Mapped[list[str]] = mapped_column(info=IMPERSONAL)
    #: The article that says what to do.
    article: Mapped[Code | None]
    #: What was noticed: {by, key, count, senders, expected, minutes}.
    evidence: Mapped[dict[str, Any]] = mapped_column(info=IMPERSONAL)
    noticed_at: Mapped[datetime]
    declared_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class IncidentStep(Base):
    """One line of an incident's timeline."""

    __tablename__ = "incident_step"
    __table_args__ = (Index(None, "incident_id", "id"),)

    id: Mapped[Key]
    incident_id: Mapped[Ref] = mapped_column(ForeignKey("incident.id"))
    at: Mapped[datetime]
    what: Mapped[Code]
    #: The colleague who did it; None when the house did.
    person_id: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))
    values: Mapped[dict[str, Any]] = mapped_column(info=IMPERSONAL)


class IncidentTicket(Base):
    """A request that belongs to an incident, or was taken out of it, with the reason."""

    __tablename__ = "incident_ticket"
    __table_args__ = (
        UniqueConstraint("incident_id", "ticket_id"),
        # With where it stands, so that people are counted from the index alone.
        Index("ix_incident_ticket_person", "incident_id", "person_id", "id", "stands"),
        Index("ix_incident_ticket_stands", "incident_id", "stands", "rank", "id"),
        Index(None, "ticket_id"),
    )

    id: Mapped[Key]
    incident_id: Mapped[Ref] = mapped_column(ForeignKey("incident.id"))
    ticket_id: Mapped[Ref] = mapped_column(ForeignKey("ticket.id"))
    person_id: Mapped[Ref] = mapped_column(ForeignKey("person.id"))
    joined_at: Mapped[datetime]
    #: performance, order, address, words, again (the same person wrote before) or agent.
    reason: Mapped[Code]
    #: From 0 to 1.
    confidence: Mapped[float]
    #: crowd, exception, folded (into the same person's first), out (an agent said so; it never joins again by itself),
    #: settled (a person dealt with the exception) or released (the incident ended before anybody answered).
    stands: Mapped[Code]
    #: Why a person must read it: codes, the gravest first.
    exceptions: Mapped[list[str]] = mapped_column(info=IMPERSONAL)
    #: How urgently it must be read among exceptions; the lowest first.
    rank: Mapped[int] = mapped_column(default=0)
    #: How unlike what was read before, from 0 to 1; None while nobody looked.
    novelty: Mapped[float | None]
    #: Those of the reasons above that only what was folded into it has.
    lifted: Mapped[list[str]] = mapped_column(info=IMPERSONAL)
    #: While folded: {stands, into, link}, so that unfolding gives back exactly what was.
    before: Mapped[dict[str, Any] | None] = mapped_column(info=IMPERSONAL)
    #: A colleague unfolded it: it never folds again by itself.
    apart: Mapped[bool] = mapped_column(default=False)


class IncidentCurve(Base):
    """What one that ended taught: how its crowd thinned out, and how many words it left for editors."""

    __tablename__ = "incident_curve"

    incident_id: Mapped[Ref] = mapped_column(ForeignKey("incident.id"), primary_key=True, autoincrement=False)
    cause: Mapped[Code]
    #: The day of its cause, and people who wrote for the first time on that day and on each after it.
    began_on: Mapped[date]
    people: Mapped[list[int]]
    #: Households it concerned; 0 where nobody can say, or where it did not happen after all.
    holders: Mapped[int]
    words: Mapped[int]
    at: Mapped[datetime]


class Arrival(Base):
    """How many wrote about something within a minute, later an hour; what the expected curve is drawn from."""

    __tablename__ = "incident_arrival"
    __table_args__ = (Index(None, "minute"),)

    #: performance, production, type, word (a cause that is told), domain, or all.
    kind: Mapped[Code] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), primary_key=True, info=IMPERSONAL)
    #: Minutes since 1970.
    minute: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: Different people: whoever wrote in the hours before is not counted again.
    count: Mapped[int]
    #: Those among them to whom something happened.
    senders: Mapped[int]


class CrowdAnswer(Base):
    """One answer to a whole crowd, said in waves.

    `state` is draft, running, held (a wave is done and somebody must look), paused, done or stopped.
    """

    __tablename__ = "crowd_answer"
    __table_args__ = (Index(None, "incident_id", "id"),)

    id: Mapped[Key]
    incident_id: Mapped[Ref] = mapped_column(ForeignKey("incident.id"))
    state: Mapped[Code]
    #: Who is chosen: the fields of `recipients.Filters`.
    filters: Mapped[dict[str, Any]] = mapped_column(info=IMPERSONAL)
    #: The state in which requests are left: open, waiting or solved; same leaves each as it was.
    then: Mapped[Code]
    #: Whether the next wave begins by itself when the last went well.
    by_itself: Mapped[bool] = mapped_column(default=False)
    #: Number of the wave being said, from 1 to 3; 0 before.
    wave: Mapped[int] = mapped_column(default=0)
    #: The last person looked at while recipients are fixed.
    fixed_up_to: Mapped[int] = mapped_column(BigInteger, default=0)
    #: The words in use; each change makes a new revision.
    revision: Mapped[int] = mapped_column(default=1)
    #: Raised whenever saying begins or goes on: work left by an earlier run does nothing.
    run: Mapped[int] = mapped_column(default=0)
    created_by: Mapped[Ref] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    #: As whom it is said: the colleague who started it, and what they were then.
    started_by: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))
    roles: Mapped[list[str]] = mapped_column(info=IMPERSONAL)
    started_at: Mapped[datetime | None]
    #: When the wave being said began, or ended while it is held.
    wave_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class CrowdText(Base):
    """The words of one answer as they were in one revision; append-only."""

    __tablename__ = "crowd_text"
    __table_args__ = (UniqueConstraint("answer_id", "revision"),)

    id: Mapped[Key]
    answer_id: Mapped[Ref] = mapped_column(ForeignKey("crowd_answer.id"))
    revision: Mapped[int]
    text_fr: Mapped[str] = mapped_column(info=IMPERSONAL)
    text_en: Mapped[str] = mapped_column(info=IMPERSONAL)
    at: Mapped[datetime]
    person_id: Mapped[Ref] = mapped_column(ForeignKey("person.id"))


class CrowdRecipient(Base):
    """One person of a crowd: in which wave, and what became of it. One row a person, whatever they wrote."""

    __tablename__ = "crowd_recipient"
    __table_args__ = (
        UniqueConstraint("answer_id", "person_id"),
        Index("ix_crowd_recipient_next", "answer_id", "state", "wave", "id"),
        Index(None, "message_id"),
    )

    id: Mapped[Key]
    answer_id: Mapped[Ref] = mapped_column(ForeignKey("crowd_answer.id"))
    person_id: Mapped[Ref] = mapped_column(ForeignKey("person.id"))
    ticket_id: Mapped[Ref] = mapped_column(ForeignKey("ticket.id"))
    wave: Mapped[int]
    #: waiting, said or skipped.
    state: Mapped[Code]
    #: Why it was skipped; a code of `recipients.LATER`, stopped or ended.
    why: Mapped[Code] = mapped_column(default="")
    revision: Mapped[int | None]
    message_id: Mapped[Ref | None] = mapped_column(ForeignKey("message.id"))
    said_at: Mapped[datetime | None]
    #: State of its request before it was said, which it has again when that is taken back.
    before: Mapped[Code | None]
