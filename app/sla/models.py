"""What was promised on a ticket, and each step that moved it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Code, Key, Line, Ref
from app.kernel.queries import only


class SlaClass(Base):
    """A class of promise: minutes to the first answer and to the solution, by opening hours or round the clock."""

    __tablename__ = "sla_class"

    code: Mapped[Code] = mapped_column(primary_key=True)
    name_fr: Mapped[Line]
    name_en: Mapped[Line]
    first_minutes: Mapped[int]
    solution_minutes: Mapped[int]
    #: Minutes of opening (True) or of the clock (False).
    opening_hours: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)


class Promise(Base):
    """One promise on one ticket: `first` answer or `solution`.

    `state` is running, paused (we wait for the spectator), kept, broken (late and still owed) or void.
    """

    __tablename__ = "promise"
    __table_args__ = (
        UniqueConstraint("ticket_id", "kind"),
        Index(None, "state", "due_at"),
        Index("ix_promise_settled", "settled_at", **only("settled_at IS NOT NULL")),
    )

    id: Mapped[Key]
    ticket_id: Mapped[Ref] = mapped_column(ForeignKey("ticket.id"))
    kind: Mapped[Code]
    sla_class: Mapped[Code]
    state: Mapped[Code]
    minutes: Mapped[int]
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    paused_at: Mapped[datetime | None]
    #: Minutes of pauses already over, counted like the promise itself.
    paused_minutes: Mapped[int] = mapped_column(default=0)
    broken_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    #: Opening minutes from start to settlement, pauses left out.
    taken_minutes: Mapped[int | None]
    near: Mapped[bool] = mapped_column(default=False)
    #: Missed, and `due_at` is a new moment that a person set and that has not passed.
    renewed: Mapped[bool] = mapped_column(default=False)


class PromiseStep(Base):
    """One line of a promise's explanation: what happened, and what was due after it."""

    __tablename__ = "promise_step"
    __table_args__ = (Index(None, "promise_id", "id"),)

    id: Mapped[Key]
    promise_id: Mapped[Ref] = mapped_column(ForeignKey("promise.id"))
    at: Mapped[datetime]
    #: started, tightened, unchanged, paused, resumed, kept, broken, reopened, void, renewed, missed,
    #: owed (an answer that had settled it or put it off was taken back before it left).
    what: Mapped[Code]
    sla_class: Mapped[Code]
    minutes: Mapped[int]
    due_at: Mapped[datetime]
