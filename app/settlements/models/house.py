"""What a house says of its money: the account that is debited, limits, its accountant's codes, figures of laws."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Code, Key, Line, Ref
from app.people.models import IMPERSONAL


class MoneyHouse(Base):
    """The house as banks and accountants know it; one row. Units: cents."""

    __tablename__ = "money_house"
    __table_args__ = (
        CheckConstraint("legal_form IN ('private', 'association', 'public')", name="legal_form"),
        CheckConstraint("limit_line_cents > 0", name="limit_line"),
        CheckConstraint("limit_batch_cents > 0", name="limit_batch"),
        CheckConstraint("execution_days >= 0", name="execution_days"),
    )

    id: Mapped[Key]
    name: Mapped[Line] = mapped_column(info=IMPERSONAL)
    #: private, association, or public: a public house sends its accountant a list instead of an order to a bank.
    legal_form: Mapped[Code] = mapped_column(default="private")
    siren: Mapped[str] = mapped_column(String(9), default="")
    street: Mapped[Line] = mapped_column(default="", info=IMPERSONAL)
    street_number: Mapped[str] = mapped_column(String(16), default="")
    postcode: Mapped[str] = mapped_column(String(16), default="")
    city: Mapped[Line] = mapped_column(default="", info=IMPERSONAL)
    country: Mapped[str] = mapped_column(String(2), default="FR")
    #: The account that is debited, sealed for this row; what may be shown of it; its bank.
    iban_sealed: Mapped[str] = mapped_column(default="", info=IMPERSONAL)
    iban_masked: Mapped[str] = mapped_column(String(20), default="")
    bic: Mapped[str] = mapped_column(String(11), default="")
    sepa_version: Mapped[Code] = mapped_column(default="pain.001.001.09")
    #: Days from the order to the day on which the bank carries it out.
    execution_days: Mapped[int] = mapped_column(default=1)
    #: The tax of a cancelled sale is given back when the credit is made, or when it is settled.
    vat_at_credit: Mapped[bool] = mapped_column(default=True)
    voucher_prefix: Mapped[str] = mapped_column(String(6), default="CHQ")
    #: Beyond it somebody looks at a line, and a batch is not approved.
    limit_line_cents: Mapped[int] = mapped_column(default=100_000)
    limit_batch_cents: Mapped[int] = mapped_column(default=100_000_000)
    #: Raised by every change.
    version: Mapped[int] = mapped_column(default=1)
    changed_by: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime]


class AccountCode(Base):
    """An account of the house's own; everything it has none for is written to the usual one."""

    __tablename__ = "account_code"
    __table_args__ = (
        UniqueConstraint("purpose", "key"),
        CheckConstraint(
            "purpose IN ('owed', 'income', 'vat', 'vat_waiting', 'settled', 'voucher_used', 'journal')", name="purpose"
        ),
    )  # fmt: skip

    id: Mapped[Key]
    purpose: Mapped[Code]
    #: An option, a rate, the number of a performance, or nothing.
    key: Mapped[Code] = mapped_column(default="")
    code: Mapped[Code]
    label: Mapped[Line] = mapped_column(info=IMPERSONAL)
    #: When it was said that the accountant agrees, and by whom.
    validated_at: Mapped[datetime | None]
    validated_by: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))


class AccountWord(Base):
    """What was said of an account, by whom, when and on whose word; the newest stands as `AccountCode`. Only added."""

    __tablename__ = "account_word"
    __table_args__ = (Index(None, "purpose", "key", "id"),)

    id: Mapped[Key]
    purpose: Mapped[Code]
    key: Mapped[Code]
    #: Empty where it was taken out.
    code: Mapped[Code]
    label: Mapped[Line] = mapped_column(info=IMPERSONAL)
    #: On whose word, or where it stands written.
    source: Mapped[Line] = mapped_column(default="", info=IMPERSONAL)
    #: Whether it was said that the accountant agrees.
    validated: Mapped[bool] = mapped_column(default=False)
    by_id: Mapped[Ref] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class MoneyFact(Base):
    """A figure of a law or of a bank as somebody of the house said it; the newest holds. Only ever added."""

    __tablename__ = "money_fact"
    __table_args__ = (
        Index(None, "code", "id"),
        CheckConstraint("value >= 0", name="value"),
        CheckConstraint("source <> ''", name="source"),
    )

    id: Mapped[Key]
    code: Mapped[Code]
    value: Mapped[int]
    #: Where it stands written, and when somebody looked there.
    source: Mapped[Line] = mapped_column(info=IMPERSONAL)
    looked_up: Mapped[date]
    validated: Mapped[bool] = mapped_column(default=False)
    by_id: Mapped[Ref] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
