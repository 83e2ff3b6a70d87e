"""What holders of tickets are told of a changed performance, and by which way each household was told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Code, Key, Line, Ref
from app.people.models import IMPERSONAL, PERSONAL


class Announcement(Base):
    """One change of one performance, proposed once by whoever notices it first.

    `state` is proposed, telling (letters are being written), told, stopped or dismissed.
    """

    __tablename__ = "announcement"
    __table_args__ = (
        UniqueConstraint("performance_id", "mark"),
        CheckConstraint("purpose IN ('service', 'offer')", name="purpose"),
        Index(None, "state"),
    )

    id: Mapped[Key]
    performance_id: Mapped[Ref] = mapped_column(ForeignKey("performance.id"))
    #: cancelled, postponed or interrupted; with the new moment where it moves, so that moving again is another change.
    mark: Mapped[Code]
    cause: Mapped[Code]
    new_starts_at: Mapped[datetime | None]
    #: The date on the bill that every seat went to, where it is asked whether this one moved there.
    to_id: Mapped[Ref | None] = mapped_column(ForeignKey("performance.id"), default=None)
    #: incident, import (every ticket is cancelled), seats (every seat went to another date), boxoffice (the ticketing
    #: system says it) or desk.
    source: Mapped[Code]
    state: Mapped[Code]
    incident_id: Mapped[Ref | None] = mapped_column(ForeignKey("incident.id"))
    #: service (about the tickets they hold) or offer (anything else: only those who agreed to it).
    purpose: Mapped[Code] = mapped_column(default="service")
    title_fr: Mapped[Line] = mapped_column(info=IMPERSONAL)
    title_en: Mapped[Line] = mapped_column(info=IMPERSONAL)
    text_fr: Mapped[str] = mapped_column(info=IMPERSONAL)
    text_en: Mapped[str] = mapped_column(info=IMPERSONAL)
    #: The article that says what to do.
    article: Mapped[Code | None]
    #: The last household looked at.
    told_up_to: Mapped[Ref] = mapped_column(default=0)
    proposed_at: Mapped[datetime]
    started_by: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class AnnouncementTold(Base):
    """How one household is told of one change; each once, whatever happens."""

    __tablename__ = "announcement_told"
    __table_args__ = (Index(None, "announcement_id", "way", "household_id"), Index(None, "letter_id"))

    announcement_id: Mapped[Ref] = mapped_column(ForeignKey("announcement.id"), primary_key=True)
    household_id: Mapped[Ref] = mapped_column(ForeignKey("household.id"), primary_key=True)
    #: email, sms, phone, post, bounced, none (no way known), refused (did not agree to offers) or credit (the letter
    #: about their credit said it within a day).
    way: Mapped[Code] = mapped_column(info=PERSONAL)
    letter_id: Mapped[Ref | None] = mapped_column(ForeignKey("letter_out.id"))
    at: Mapped[datetime]
