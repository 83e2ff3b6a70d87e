"""What colleagues write down of a household: notes and calls, and what it wishes; no import changes any of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Code, Key, Line, Ref
from app.kernel.queries import only
from app.people.models import PERSONAL


class HouseholdNote(Base):
    """Something a colleague wants remembered, or a telephone call with somebody of the household."""

    __tablename__ = "household_note"
    __table_args__ = (
        CheckConstraint("kind IN ('note', 'call_in', 'call_out')", name="kind"),
        Index(None, "household_id", "at"),
    )

    id: Mapped[Key]
    household_id: Mapped[Ref] = mapped_column(ForeignKey("household.id"))
    kind: Mapped[Code]
    #: When it was, which may be before it was written down.
    at: Mapped[datetime]
    by_id: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))
    #: With whom, where the household did not speak for itself.
    whom: Mapped[Line] = mapped_column(info=PERSONAL)
    text: Mapped[str] = mapped_column(info=PERSONAL)
    #: The form it came by: sent twice it is written once.
    form: Mapped[str] = mapped_column(String(80), unique=True)


class HouseholdWish(Base):
    """How a household wants to be reached and what it agreed to, as it told us; wins over what an import says.

    Each change is a row of its own, so that it stays known who agreed to what, when, and who wrote it down.
    """

    __tablename__ = "household_wish"
    __table_args__ = (
        Index("uq_household_wish_live", "household_id", unique=True, **only("replaced_at IS NULL")),
        Index(None, "household_id"),
    )  # fmt: skip

    id: Mapped[Key]
    household_id: Mapped[Ref] = mapped_column(ForeignKey("household.id"))
    language: Mapped[Code] = mapped_column(info=PERSONAL)
    preferred_channel: Mapped[Code] = mapped_column(info=PERSONAL)
    do_not_contact: Mapped[bool] = mapped_column(info=PERSONAL)
    #: None where nobody asked.
    optin_email: Mapped[bool | None] = mapped_column(info=PERSONAL)
    optin_sms: Mapped[bool | None] = mapped_column(info=PERSONAL)
    at: Mapped[datetime]
    #: None where somebody of the household said it themselves, by a link of ours.
    by_id: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))
    replaced_at: Mapped[datetime | None]
