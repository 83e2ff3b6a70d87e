"""What triage decided on each ticket, why, what people made of it, and the models that were learned from that."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Code, Key, Ref
from app.kernel.queries import only
from app.people.models import IMPERSONAL, PERSONAL


class LearnedModel(Base):
    """A model that was learned here, how it compared with the one in use then, and when it was put in use last."""

    __tablename__ = "learned_model"

    id: Mapped[Key]
    at: Mapped[datetime]
    version: Mapped[str] = mapped_column(String(40), unique=True)
    #: found (it was in use before the first night), published, worse_held, worse_recent, waits.
    verdict: Mapped[Code]
    labelled: Mapped[int]
    house: Mapped[int]
    held_before: Mapped[float | None]
    held_after: Mapped[float]
    recent: Mapped[int] = mapped_column(default=0)
    recent_before: Mapped[int] = mapped_column(default=0)
    recent_after: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]
    used_by: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))
    #: Whether somebody put it in use, at the desk or at the terminal.
    by_hand: Mapped[bool]


class Sorting(Base):
    """The latest decision on one ticket, with confidence and reasons; corrections stay beside it."""

    __tablename__ = "sorting"
    __table_args__ = (Index("ix_sorting_settled", "settled_at", **only("settled_at IS NOT NULL")),)

    id: Mapped[Key]
    ticket_id: Mapped[Ref] = mapped_column(ForeignKey("ticket.id"), unique=True)
    at: Mapped[datetime]
    model: Mapped[str] = mapped_column(String(40))
    category: Mapped[Code]
    type: Mapped[Code]
    priority: Mapped[Code]
    confidence: Mapped[float]
    abstains: Mapped[bool]
    wants_refund: Mapped[bool]
    within_24h: Mapped[bool]
    anger: Mapped[int]
    legal_threat: Mapped[bool]
    #: {category, probability}, likeliest first.
    top3: Mapped[list[dict[str, Any]]] = mapped_column(info=IMPERSONAL)
    #: {code, values}, and where in the first message the words stand: {start, end}.
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(info=PERSONAL)
    spans: Mapped[list[dict[str, Any]]] = mapped_column(info=IMPERSONAL)
    #: none, confirmed or corrected.
    outcome: Mapped[Code] = mapped_column(default="none")
    settled_by: Mapped[Ref | None]
    settled_at: Mapped[datetime | None]
    right_category: Mapped[Code | None]
    right_type: Mapped[Code | None]
    right_priority: Mapped[Code | None]
    #: What closed the solved requests nearest to it: {kind, ref, category, department, closed}.
    suggested: Mapped[list[dict[str, Any]] | None] = mapped_column(info=IMPERSONAL)


class SortingObjection(Base):
    """A person who objects to being sorted by a model: rules and colleagues alone sort what they write."""

    __tablename__ = "sorting_objection"

    person_id: Mapped[Ref] = mapped_column(ForeignKey("person.id"), primary_key=True)
    at: Mapped[datetime]
    noted_by_id: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))


class ModelLesson(Base):
    """A request that a kept model was learned from, and the digest of its words, to notice when they are erased."""

    __tablename__ = "model_lesson"

    version: Mapped[str] = mapped_column(String(40), primary_key=True)
    ticket_id: Mapped[Ref] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(16))


class SortingPhrases(Base):
    """Phrases by which a house says what belongs under a category."""

    __tablename__ = "sorting_phrases"

    category: Mapped[Code] = mapped_column(primary_key=True)
    phrases: Mapped[str] = mapped_column(Text, info=IMPERSONAL)
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))


class AnswerSource(Base):
    """What the last answer to a request was made of: a canned answer by its id, an article by its slug."""

    __tablename__ = "answer_source"

    ticket_id: Mapped[Ref] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    #: canned or article.
    kind: Mapped[Code] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(200), primary_key=True, info=IMPERSONAL)


class SortingTrial(Base):
    """Words of a category that may be switched on, by digest: those tried on last month, and those used before."""

    __tablename__ = "sorting_trial"

    category: Mapped[Code] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True, info=IMPERSONAL)
    at: Mapped[datetime]
    by_id: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))
