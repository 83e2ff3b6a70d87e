"""Credits: what one household is owed in one campaign, for which admissions, and what those were paid with.

Units: cents.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Code, Key, Line, Ref
from app.kernel.queries import only
from app.people.models import IMPERSONAL, PERSONAL


class CreditSerial(Base):
    """The last number given in a year; there are no gaps, for it is taken in the transaction that uses it."""

    __tablename__ = "credit_serial"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Credit(Base):
    """What one household is owed.

    `state` is issued, invited, opened (its page was looked at), answered, unclaimed (the deadline passed in silence; it
    is still owed), locked, settled or void.
    """

    __tablename__ = "credit"
    __table_args__ = (
        UniqueConstraint("year", "serial"),
        Index("uq_credit_live", "campaign_id", "household_id", "supplement", unique=True, **only("state <> 'void'")),
        Index(None, "household_id"),
        Index("ix_credit_campaign", "campaign_id", "state", "id"),
        Index(None, "person_id"),
        CheckConstraint("amount_cents > 0", name="amount"),
        CheckConstraint("external_cents >= 0", name="external"),
        CheckConstraint(
            "state IN ('issued', 'invited', 'opened', 'answered', 'unclaimed', 'locked', 'settled', 'void')",
            name="state",
        ),
        # What nobody chose is not locked: money follows a choice, be it that of silence.
        CheckConstraint("state NOT IN ('answered', 'locked', 'settled') OR choice_version > 0", name="chosen"),
    )

    id: Mapped[Key]
    number: Mapped[Code] = mapped_column(unique=True)
    year: Mapped[int]
    serial: Mapped[int]
    campaign_id: Mapped[Ref] = mapped_column(ForeignKey("campaign.id"))
    household_id: Mapped[Ref] = mapped_column(ForeignKey("household.id"))
    #: 0 when the campaign was opened; then the number of the addition that it was found by.
    supplement: Mapped[int] = mapped_column(default=0)
    #: Whom its letters go to; None where no address is known.
    person_id: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))
    language: Mapped[Code]
    #: How its household is reached: email, post, phone, or bounced when letters come back.
    reach: Mapped[Code]
    amount_cents: Mapped[int]
    #: What pass Culture, a works council and the like get back by themselves.
    external_cents: Mapped[int] = mapped_column(default=0)
    #: The tax contained, by rate.
    vat: Mapped[dict[str, Any]] = mapped_column(info=IMPERSONAL)
    state: Mapped[Code]
    link_nonce: Mapped[str] = mapped_column(String(32), unique=True)
    link_generation: Mapped[int] = mapped_column(default=1)
    issued_at: Mapped[datetime]
    invited_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    locked_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    #: The version of the choice that holds; 0 before the first.
    choice_version: Mapped[int] = mapped_column(default=0)


class CreditItem(Base):
    """One admission of a credit."""

    __tablename__ = "credit_item"
    __table_args__ = (
        # No admission is credited twice, in whatever campaign.
        Index("uq_credit_item_live", "admission_id", unique=True, **only("live", sqlite="live = 1")),
        Index(None, "credit_id"),
        CheckConstraint("amount_cents > 0", name="amount"),
        CheckConstraint("external_cents >= 0", name="external"),
    )

    id: Mapped[Key]
    credit_id: Mapped[Ref] = mapped_column(ForeignKey("credit.id"))
    admission_id: Mapped[Ref] = mapped_column(ForeignKey("admission.id"))
    amount_cents: Mapped[int]
    external_cents: Mapped[int] = mapped_column(default=0)
    vat_bp: Mapped[int]
    #: False once its credit is void, or it was taken out.
    live: Mapped[bool] = mapped_column(default=True)
    #: When it was taken out of its credit, which lives on: its performance takes place after all.
    spared_at: Mapped[datetime | None] = mapped_column(default=None)


class CreditLeftOut(Base):
    """An admission of the campaign's performances that is no part of its household's credit, and why."""

    __tablename__ = "credit_left_out"
    __table_args__ = (Index(None, "campaign_id", "household_id"),)

    campaign_id: Mapped[Ref] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    admission_id: Mapped[Ref] = mapped_column(ForeignKey("admission.id"), primary_key=True)
    household_id: Mapped[Ref] = mapped_column(ForeignKey("household.id"))
    #: A code of `crediting.OUT`.
    why: Mapped[Code]


class CreditBucket(Base):
    """A part of a credit by what it was paid with; those that are not external add up to the credit."""

    __tablename__ = "credit_bucket"
    __table_args__ = (
        Index(None, "credit_id"),
        Index(None, "payment_id"),
        CheckConstraint("amount_cents > 0", name="amount"),
        CheckConstraint("kind IN ('card', 'cashable', 'titre', 'external')", name="kind"),
    )

    id: Mapped[Key]
    credit_id: Mapped[Ref] = mapped_column(ForeignKey("credit.id"))
    payment_id: Mapped[Ref | None] = mapped_column(ForeignKey("payment.id"))
    kind: Mapped[Code]
    tender: Mapped[Code]
    amount_cents: Mapped[int]
    refundable_until: Mapped[datetime | None]


class CreditLetter(Base):
    """A letter about a credit: each occasion once, whatever happens."""

    __tablename__ = "credit_letter"
    __table_args__ = (UniqueConstraint("credit_id", "occasion"), Index(None, "letter_id"))

    id: Mapped[Key]
    credit_id: Mapped[Ref] = mapped_column(ForeignKey("credit.id"))
    #: invite, remind-7, choice-2, code-1…
    occasion: Mapped[Code]
    letter_id: Mapped[Ref | None] = mapped_column(ForeignKey("letter_out.id"))
    at: Mapped[datetime]


class CreditErrand(Base):
    """Something a household must be told by telephone or post; each occasion of a credit once."""

    __tablename__ = "credit_errand"
    __table_args__ = (UniqueConstraint("credit_id", "occasion"),)

    id: Mapped[Key]
    credit_id: Mapped[Ref] = mapped_column(ForeignKey("credit.id"))
    #: void, invite, spare-12…
    occasion: Mapped[Code]
    at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))


class CreditTicket(Base):
    """A request whose answer is the household's own choice."""

    __tablename__ = "credit_ticket"
    __table_args__ = (Index(None, "credit_id"),)

    ticket_id: Mapped[Ref] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    credit_id: Mapped[Ref] = mapped_column(ForeignKey("credit.id"))
    joined_at: Mapped[datetime]
    #: When the choice solved it.
    solved_at: Mapped[datetime | None]


class CreditCompanion(Base):
    """Seats of a credit that whoever paid handed to a companion, who chooses for themselves; or asked to.

    `state` is asked (a code was sent to whoever paid), made, undone, or dropped (asked anew before it was made). Name
    and address are kept while it is asked; then they are those of the companion's own household.
    """

    __tablename__ = "credit_companion"
    __table_args__ = (
        UniqueConstraint("credit_id", "form"),
        UniqueConstraint("companion_id"),
        Index("uq_credit_companion_asked", "credit_id", unique=True, **only("state = 'asked'")),
        CheckConstraint("state IN ('asked', 'made', 'undone', 'dropped')", name="state"),
        CheckConstraint("author IN ('holder', 'agent')", name="author"),
        CheckConstraint("author <> 'agent' OR agent_id IS NOT NULL", name="agent"),
        CheckConstraint("(state IN ('made', 'undone')) = (companion_id IS NOT NULL)", name="made"),
        CheckConstraint("companion_id <> credit_id", name="two_credits"),
    )

    id: Mapped[Key]
    #: The credit that the seats were taken out of.
    credit_id: Mapped[Ref] = mapped_column(ForeignKey("credit.id"))
    #: The companion's own.
    companion_id: Mapped[Ref | None] = mapped_column(ForeignKey("credit.id"))
    state: Mapped[Code]
    author: Mapped[Code]
    agent_id: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))
    #: Key of the form it came by, so that a second press does nothing.
    form: Mapped[Code]
    #: Hash of what the form said.
    said: Mapped[str] = mapped_column(String(64), info=IMPERSONAL)
    #: Numbers of the admissions.
    seats: Mapped[list[int]] = mapped_column(info=IMPERSONAL)
    name: Mapped[Line] = mapped_column(default="", info=PERSONAL)
    email: Mapped[str] = mapped_column(String(320), default="", info=PERSONAL)
    #: Keyed hash of the code that was sent, and how often it was mistyped.
    code_hash: Mapped[str] = mapped_column(String(64), default="", info=IMPERSONAL)
    tries: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
