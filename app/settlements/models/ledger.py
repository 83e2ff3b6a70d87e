"""Entries of the sub-ledger: numbered without gaps, balanced, never changed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Code, Key, Line, Ref
from app.kernel.queries import only
from app.people.models import IMPERSONAL


class LedgerSerial(Base):
    """The last number of a journal; taken in the transaction that uses it, so that there are no gaps.

    The row `*` counts the entries of all journals. Whoever enters anything, or reads entries for a file, holds it: so
    the ids of entries follow the order in which they are committed, and no file steps over one.
    """

    __tablename__ = "ledger_serial"

    journal: Mapped[Code] = mapped_column(primary_key=True)
    last: Mapped[int]


class LedgerEntry(Base):
    """One entry. Units: cents. Only ever added.

    `kind` is issue (a credit is owed), settle (a line was paid), return (it came back) or use (of a voucher).
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        UniqueConstraint("journal", "serial"),
        # A credit is entered once, and so is each thing that befalls a line.
        Index("uq_ledger_entry_issue", "credit_id", unique=True, **only("kind = 'issue'")),
        Index("uq_ledger_entry_line", "line_id", "kind", unique=True, **only("kind <> 'use'")),
        UniqueConstraint("use_id"),
        Index(None, "credit_id"),
        CheckConstraint("kind IN ('issue', 'settle', 'return', 'use')", name="kind"),
        CheckConstraint("(kind = 'use') = (use_id IS NOT NULL)", name="use"),
        CheckConstraint("debit_cents = credit_cents AND debit_cents > 0", name="balanced"),
        CheckConstraint("(kind = 'issue') = (line_id IS NULL)", name="line"),
    )

    id: Mapped[Key]
    journal: Mapped[Code]
    journal_label: Mapped[Line] = mapped_column(info=IMPERSONAL)
    serial: Mapped[int]
    kind: Mapped[Code]
    day: Mapped[date]
    piece: Mapped[Code]
    piece_on: Mapped[date]
    credit_id: Mapped[Ref] = mapped_column(ForeignKey("credit.id"))
    line_id: Mapped[Ref | None] = mapped_column(ForeignKey("settlement_line.id"))
    #: What was used of a voucher, where it is that.
    use_id: Mapped[Ref | None] = mapped_column(ForeignKey("voucher_use.id"))
    debit_cents: Mapped[int]
    credit_cents: Mapped[int]
    at: Mapped[datetime]


class LedgerLine(Base):
    """One line of an entry: on one side, of one account. Units: cents. Only ever added."""

    __tablename__ = "ledger_line"
    __table_args__ = (
        Index(None, "household_id"),
        CheckConstraint(
            "(debit_cents > 0 AND credit_cents = 0) OR (debit_cents = 0 AND credit_cents > 0)", name="side"
        ),
    )

    entry_id: Mapped[Ref] = mapped_column(ForeignKey("ledger_entry.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account: Mapped[Code]
    account_label: Mapped[Line] = mapped_column(info=IMPERSONAL)
    #: What it is for: the number of a credit, or a performance; never who anybody is.
    text: Mapped[Line] = mapped_column(info=IMPERSONAL)
    debit_cents: Mapped[int]
    credit_cents: Mapped[int]
    #: Whose account of its own it is; the name is looked up when a file is written.
    household_id: Mapped[Ref | None] = mapped_column(ForeignKey("household.id"))
    performance_id: Mapped[Ref | None] = mapped_column(ForeignKey("performance.id"))
    vat_bp: Mapped[int | None]
