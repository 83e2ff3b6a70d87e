"""What households chose: versions, only ever added; and the personal details, kept apart so that they can go."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Code, Key, Line, Ref
from app.kernel.queries import only
from app.people.models import IMPERSONAL, PERSONAL


class Payee(Base):
    """Where money or a receipt goes: an account, an address, an identity; purged when it is no longer needed."""

    __tablename__ = "credit_payee"
    __table_args__ = (
        UniqueConstraint("credit_id", "print"),
        Index(None, "account_print"),
        CheckConstraint("kind IN ('account', 'address', 'identity')", name="kind"),
    )

    id: Mapped[Key]
    credit_id: Mapped[Ref] = mapped_column(ForeignKey("credit.id"))
    kind: Mapped[Code]
    #: Keyed hash of everything below: the same details are one row.
    print: Mapped[str] = mapped_column(String(64))
    #: The exact name of the account's holder, or of whom a cheque or a receipt is for.
    name: Mapped[Line] = mapped_column(default="", info=PERSONAL)
    #: An account's number, sealed for this row and no other.
    iban_sealed: Mapped[str] = mapped_column(default="", info=PERSONAL)
    #: What may be shown of it.
    iban_masked: Mapped[str] = mapped_column(String(20), default="", info=PERSONAL)
    #: Keyed hash of the number alone, so that one account given for many households is noticed.
    account_print: Mapped[str] = mapped_column(String(64), default="", info=PERSONAL)
    #: Street, postcode, city, country; for a receipt also individual or company and its SIREN.
    details: Mapped[dict[str, Any]] = mapped_column(info=PERSONAL)
    at: Mapped[datetime]
    #: When it was shown that whoever gave it reads the household's mailbox, or stood before an agent.
    proven_at: Mapped[datetime | None]


class Choice(Base):
    """One version of what a household chose; the newest holds. Only ever added."""

    __tablename__ = "choice"
    __table_args__ = (
        UniqueConstraint("credit_id", "version"),
        UniqueConstraint("credit_id", "form"),
        CheckConstraint("author IN ('holder', 'agent', 'default', 'import')", name="author"),
        CheckConstraint("author <> 'agent' OR agent_id IS NOT NULL", name="agent"),
    )

    id: Mapped[Key]
    credit_id: Mapped[Ref] = mapped_column(ForeignKey("credit.id"))
    version: Mapped[int]
    author: Mapped[Code]
    #: web, counter, phone, post or file.
    channel: Mapped[Code]
    agent_id: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    #: Key of the form it came by, so that a second press chooses nothing.
    form: Mapped[Code]
    #: Hash of what the form said, so that a key used again for something else is noticed.
    said: Mapped[str] = mapped_column(String(64), info=IMPERSONAL)
    #: Hash of the words that were agreed to.
    consent: Mapped[str] = mapped_column(String(64), default="", info=IMPERSONAL)


class ChoiceLine(Base):
    """A part of a choice: so many cents in one way. Only ever added."""

    __tablename__ = "choice_line"
    __table_args__ = (
        UniqueConstraint("choice_id", "option"),
        CheckConstraint("amount_cents > 0", name="amount"),
        # Nobody gives by staying silent.
        CheckConstraint("author <> 'default' OR option <> 'donation'", name="express_gift"),
    )

    id: Mapped[Key]
    choice_id: Mapped[Ref] = mapped_column(ForeignKey("choice.id"))
    option: Mapped[Code]
    amount_cents: Mapped[int]
    #: Who made the choice, as it says itself.
    author: Mapped[Code]
    payee_id: Mapped[Ref | None] = mapped_column(ForeignKey("credit_payee.id"))
    #: Whom a receipt of the gift is for, where one was asked.
    donor_id: Mapped[Ref | None] = mapped_column(ForeignKey("credit_payee.id"))
    #: At which counter it is handed over, where it is.
    counter_id: Mapped[Ref | None] = mapped_column(ForeignKey("counter.id"), default=None)
    season: Mapped[Code] = mapped_column(default="")


class Counter(Base):
    """A counter of the house at which cash is handed over; one that is not open any more is not chosen any more."""

    __tablename__ = "counter"
    __table_args__ = (CheckConstraint("name <> ''", name="name"),)

    id: Mapped[Key]
    name: Mapped[Line] = mapped_column(unique=True, info=IMPERSONAL)
    #: Where it stands, and when it is staffed, as households read it.
    place: Mapped[Line] = mapped_column(default="", info=IMPERSONAL)
    open: Mapped[bool] = mapped_column(default=True)
    #: Raised by every change.
    version: Mapped[int] = mapped_column(default=1)
    changed_by: Mapped[Ref] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime]


class CreditCorrection(Base):
    """Another account is asked for, because a bank sent a transfer back; open until one is given."""

    __tablename__ = "credit_correction"
    __table_args__ = (Index("uq_credit_correction_open", "credit_id", unique=True, **only("done_at IS NULL")),)

    id: Mapped[Key]
    credit_id: Mapped[Ref] = mapped_column(ForeignKey("credit.id"))
    #: The reason of the bank, such as AC04.
    reason: Mapped[Code]
    asked_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class CreditCode(Base):
    """A six-digit code sent to a known address before a new account is taken; kept as a hash, few tries."""

    __tablename__ = "credit_code"
    __table_args__ = (Index(None, "credit_id", "id"),)

    id: Mapped[Key]
    credit_id: Mapped[Ref] = mapped_column(ForeignKey("credit.id"))
    payee_id: Mapped[Ref] = mapped_column(ForeignKey("credit_payee.id"))
    code_hash: Mapped[str] = mapped_column(String(64))
    sent_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]
