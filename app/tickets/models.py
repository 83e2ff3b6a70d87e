"""A request for help and everything said in it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.boxoffice.models import Performance
from app.kernel.db import Base, Code, Key, Line, Ref, related
from app.kernel.queries import only
from app.people.models import IMPERSONAL, PERSONAL, Person


class Ticket(Base):
    """One request, from first word to last.

    `turn` says whose move it is and is derived from `state`; with `due_at` (the next promise) it orders every list.
    """

    __tablename__ = "ticket"
    __table_args__ = (
        Index("ix_ticket_queue", "department_id", "turn", "due_at", "id"),
        Index("ix_ticket_activity", "department_id", "turn", "activity_at", "id"),
        # The department stands in each of them: a planner without statistics takes the index that answers most.
        Index(
            "ix_ticket_mine", "assignee_id", "department_id", "turn", "due_at", "id", **only("assignee_id IS NOT NULL")
        ),
        Index("ix_ticket_free", "department_id", "turn", "due_at", "id", **only("assignee_id IS NULL")),
        Index("ix_ticket_category", "category", "department_id", "turn", "due_at", "id"),
        Index(
            "ix_ticket_performance", "performance_id", "department_id", "turn", "due_at", "id",
            **only("performance_id IS NOT NULL"),
        ),
        Index("ix_ticket_snoozed", "snoozed_until", **only("snoozed_until IS NOT NULL")),
        Index("ix_ticket_order", "order_code", **only("order_code IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[Key]
    number: Mapped[int] = mapped_column(BigInteger, unique=True)
    subject: Mapped[Line] = mapped_column(info=PERSONAL)
    #: First words of the newest message, for lists.
    excerpt: Mapped[Line] = mapped_column(info=PERSONAL)
    state: Mapped[Code]
    turn: Mapped[Code]
    priority: Mapped[Code]
    language: Mapped[Code]
    channel: Mapped[Code]
    department_id: Mapped[Ref] = mapped_column(ForeignKey("department.id"))
    category: Mapped[Code | None]
    type: Mapped[Code | None]
    requester_id: Mapped[Ref] = mapped_column(ForeignKey("person.id"), index=True)
    assignee_id: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))
    order_code: Mapped[str | None] = mapped_column(String(40))
    performance_id: Mapped[Ref | None] = mapped_column(ForeignKey("performance.id"))
    #: Answers to the type's own fields, by field name.
    answers: Mapped[dict[str, Any]] = mapped_column(info=PERSONAL)
    due_at: Mapped[datetime | None]
    opened_at: Mapped[datetime]
    activity_at: Mapped[datetime]
    solved_at: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None]
    #: The spectator wrote and no agent has opened it since.
    unread: Mapped[bool] = mapped_column(default=True)
    spam: Mapped[bool] = mapped_column(default=False)
    merged_into_id: Mapped[Ref | None] = mapped_column(ForeignKey("ticket.id"))
    #: Stands in the crowd of an incident, which is answered as one; a person need not read it by itself.
    crowd: Mapped[bool] = mapped_column(default=False)
    #: Raised by every change; a reply written on an older version is stopped.
    version: Mapped[int] = mapped_column(default=1)
    link_nonce: Mapped[str] = mapped_column(String(32), unique=True)
    link_generation: Mapped[int] = mapped_column(default=1)
    #: Last use of the private link; it lives thirty days from here.
    link_used_at: Mapped[datetime]
    #: Key of the form that opened it, so that a second press opens nothing.
    submission: Mapped[str | None] = mapped_column(String(40), unique=True)

    requester: Mapped[Person] = related("Person", foreign_keys=[requester_id])
    assignee: Mapped[Person | None] = related("Person", foreign_keys=[assignee_id])
    performance: Mapped[Performance | None] = related("Performance")

    @property
    def away(self) -> bool:
        """Whether it stands outside every queue: spam, or folded into another."""
        return self.spam or self.merged_into_id is not None


class Message(Base):
    """One thing said: by the spectator, by an agent, as an internal note, or by the house itself."""

    __tablename__ = "message"
    __table_args__ = (
        Index(None, "ticket_id", "id"),
        Index("ix_message_held", "id", **only("held", sqlite="held = 1")),
    )

    id: Mapped[Key]
    ticket_id: Mapped[Ref] = mapped_column(ForeignKey("ticket.id"))
    #: spectator, agent, note, system, refused (held, and not let in) or leaving (an answer not said yet).
    kind: Mapped[Code]
    author_id: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))
    channel: Mapped[Code]
    at: Mapped[datetime]
    body: Mapped[str] = mapped_column(info=PERSONAL)
    #: The letter it came in, if it came by mail.
    letter_id: Mapped[Ref | None]
    #: Not shown to anybody but agents until released: a valid token from a stranger.
    held: Mapped[bool] = mapped_column(default=False)
    submission: Mapped[str | None] = mapped_column(String(40), unique=True)

    author: Mapped[Person | None] = related("Person")
    attachments: Mapped[list[Attachment]] = related("Attachment", back_populates="message", order_by="Attachment.id")


class Attachment(Base):
    """A file somebody joined; its bytes lie under DATA_DIR by hash."""

    __tablename__ = "attachment"

    id: Mapped[Key]
    message_id: Mapped[Ref] = mapped_column(ForeignKey("message.id"), index=True)
    name: Mapped[Line] = mapped_column(info=PERSONAL)
    type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))

    message: Mapped[Message] = related("Message", back_populates="attachments")


class Mention(Base):
    """A colleague named in a note."""

    __tablename__ = "mention"

    message_id: Mapped[Ref] = mapped_column(ForeignKey("message.id"), primary_key=True)
    person_id: Mapped[Ref] = mapped_column(ForeignKey("person.id"), primary_key=True)


class Leaving(Base):
    """An answer that was given and may still be taken back: when it is said, and what then follows from it."""

    __tablename__ = "leaving"
    __table_args__ = (Index(None, "leaves_at"),)

    message_id: Mapped[Ref] = mapped_column(ForeignKey("message.id"), primary_key=True, autoincrement=False)
    ticket_id: Mapped[Ref] = mapped_column(ForeignKey("ticket.id"), index=True)
    leaves_at: Mapped[datetime]
    #: The state the agent chose, if any.
    then: Mapped[Code | None]
    canned_id: Mapped[Ref | None]
    #: The state the agent saw.
    state: Mapped[Code]
    #: As whom, and through which door, it was given.
    roles: Mapped[list[str]] = mapped_column(info=IMPERSONAL)
    door: Mapped[Code]


class Participant(Base):
    """Somebody besides the requester who takes part in a ticket."""

    __tablename__ = "participant"

    ticket_id: Mapped[Ref] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    person_id: Mapped[Ref] = mapped_column(ForeignKey("person.id"), primary_key=True)


class TicketTag(Base):
    """A word stuck on a ticket."""

    __tablename__ = "ticket_tag"
    __table_args__ = (Index(None, "tag"),)

    ticket_id: Mapped[Ref] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    tag: Mapped[Code] = mapped_column(primary_key=True)


class TicketLink(Base):
    """Two tickets that belong together: perhaps the same, or one follows the other."""

    __tablename__ = "ticket_link"
    __table_args__ = (UniqueConstraint("ticket_id", "other_id"),)

    id: Mapped[Key]
    ticket_id: Mapped[Ref] = mapped_column(ForeignKey("ticket.id"))
    other_id: Mapped[Ref] = mapped_column(ForeignKey("ticket.id"), index=True)
    #: perhaps_same, follows or merged.
    kind: Mapped[Code]


class Draft(Base):
    """What an agent has typed and not sent; reply and note are kept apart."""

    __tablename__ = "draft"

    ticket_id: Mapped[Ref] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    person_id: Mapped[Ref] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[Code] = mapped_column(primary_key=True)
    body: Mapped[str] = mapped_column(info=PERSONAL)
    saved_at: Mapped[datetime]


class Presence(Base):
    """A colleague has this ticket open."""

    __tablename__ = "presence"

    ticket_id: Mapped[Ref] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    person_id: Mapped[Ref] = mapped_column(ForeignKey("person.id"), primary_key=True)
    seen_at: Mapped[datetime]
    typing: Mapped[bool] = mapped_column(default=False)

    person: Mapped[Person] = related("Person")


class SavedView(Base):
    """A saved filter of the queue, one's own or shared with a department."""

    __tablename__ = "saved_view"

    id: Mapped[Key]
    owner_id: Mapped[Ref] = mapped_column(ForeignKey("person.id"), index=True)
    department_id: Mapped[Ref | None] = mapped_column(ForeignKey("department.id"))
    name: Mapped[Line] = mapped_column(info=IMPERSONAL)
    filters: Mapped[dict[str, Any]] = mapped_column(info=IMPERSONAL)
    position: Mapped[int] = mapped_column(default=0)


class Serial(Base):
    """The last serial given to a ticket; public numbers are a permutation of it."""

    __tablename__ = "serial"

    name: Mapped[Code] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(BigInteger)
