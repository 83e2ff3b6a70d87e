"""Lines of money: written once when a choice is locked, never changed; what becomes of them is added beside."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Code, Key, Line, Ref
from app.kernel.queries import only
from app.people.models import IMPERSONAL


class SettlementLine(Base):
    """So many cents in one way, for one part of a choice; one that came back is followed by another. Only ever added.

    A refund to cards has a `part` for each payment. The newest attempt of a part is the one that holds.
    """

    __tablename__ = "settlement_line"
    __table_args__ = (
        UniqueConstraint("choice_line_id", "part", "attempt"),
        # One line is followed by one.
        UniqueConstraint("supersedes_id"),
        Index(None, "credit_id"),
        Index(None, "payment_id"),
        CheckConstraint("amount_cents > 0", name="amount"),
        CheckConstraint("part > 0", name="part"),
        CheckConstraint(
            "(attempt = 1 AND supersedes_id IS NULL) OR (attempt > 1 AND supersedes_id IS NOT NULL)", name="attempt"
        ),
        CheckConstraint("option <> 'refund_transfer' OR payee_id IS NOT NULL", name="payee"),
    )

    id: Mapped[Key]
    credit_id: Mapped[Ref] = mapped_column(ForeignKey("credit.id"))
    choice_line_id: Mapped[Ref] = mapped_column(ForeignKey("choice_line.id"))
    part: Mapped[int] = mapped_column(default=1)
    attempt: Mapped[int] = mapped_column(default=1)
    supersedes_id: Mapped[Ref | None] = mapped_column(ForeignKey("settlement_line.id"))
    option: Mapped[Code]
    amount_cents: Mapped[int]
    #: What it is called outside: in files of banks, and as the key by which a ticketing system knows it again.
    reference: Mapped[Code] = mapped_column(unique=True)
    payment_id: Mapped[Ref | None] = mapped_column(ForeignKey("payment.id"))
    payee_id: Mapped[Ref | None] = mapped_column(ForeignKey("credit_payee.id"))
    donor_id: Mapped[Ref | None] = mapped_column(ForeignKey("credit_payee.id"))
    season: Mapped[Code] = mapped_column(default="")
    #: At which counter it is handed over, where it is.
    counter_id: Mapped[Ref | None] = mapped_column(ForeignKey("counter.id"), default=None)
    made_at: Mapped[datetime]
    #: None where the household itself corrected what had come back.
    made_by: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))


class SettlementPart(Base):
    """Which seats a line is for: so much of one performance at one rate, and the tax in it. Only ever added."""

    __tablename__ = "settlement_part"
    __table_args__ = (
        CheckConstraint("amount_cents > 0", name="amount"),
        CheckConstraint("vat_cents BETWEEN 0 AND amount_cents", name="vat"),
    )

    line_id: Mapped[Ref] = mapped_column(ForeignKey("settlement_line.id"), primary_key=True)
    performance_id: Mapped[Ref] = mapped_column(ForeignKey("performance.id"), primary_key=True)
    vat_bp: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    amount_cents: Mapped[int]
    vat_cents: Mapped[int]


class SettlementFate(Base):
    """What became of a line: done, rejected (by a bank, perhaps after it was done) or cancelled. Only ever added."""

    __tablename__ = "settlement_fate"
    __table_args__ = (
        UniqueConstraint("line_id", "state"),
        Index("uq_settlement_fate_end", "line_id", unique=True, **only("state <> 'rejected'")),
        CheckConstraint("state IN ('done', 'rejected', 'cancelled')", name="state"),
        CheckConstraint("state <> 'rejected' OR code <> ''", name="reason"),
    )

    id: Mapped[Key]
    line_id: Mapped[Ref] = mapped_column(ForeignKey("settlement_line.id"))
    state: Mapped[Code]
    at: Mapped[datetime]
    day: Mapped[date]
    by_id: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))
    #: The reason of a bank, such as AC04, or of a colleague.
    code: Mapped[Code] = mapped_column(default="")
    file_id: Mapped[Ref | None] = mapped_column(ForeignKey("settlement_file.id"))


class SettlementReview(Base):
    """A line that somebody looks at before it is paid, why, and what they decided."""

    __tablename__ = "settlement_review"
    __table_args__ = (
        Index("ix_settlement_review_open", "line_id", **only("decision = ''")),
        CheckConstraint("decision IN ('', 'released', 'refused')", name="decision"),
        CheckConstraint("(decision = '') = (decided_at IS NULL)", name="decided"),
    )

    line_id: Mapped[Ref] = mapped_column(ForeignKey("settlement_line.id"), primary_key=True)
    #: Codes of `signs.SIGNS`.
    signs: Mapped[list[str]] = mapped_column(info=IMPERSONAL)
    at: Mapped[datetime]
    decision: Mapped[Code] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[Line] = mapped_column(default="", info=IMPERSONAL)


class SettlementChange(Base):
    """A locked line that must change: why, what becomes of it instead, who asked for it and who agreed.

    `reason` is mistake, account (it was changed) or deceased. Once agreed to, the line ends and `after_id` follows it.
    """

    __tablename__ = "settlement_change"
    __table_args__ = (
        Index("uq_settlement_change_open", "line_id", unique=True, **only("decision = ''")),
        CheckConstraint("reason IN ('mistake', 'account', 'deceased')", name="reason"),
        CheckConstraint("option IN ('refund_transfer', 'refund_cheque', 'refund_cash')", name="option"),
        CheckConstraint("note <> ''", name="note"),
        CheckConstraint("option = 'refund_cash' OR payee_id IS NOT NULL", name="payee"),
        CheckConstraint("decision IN ('', 'agreed', 'refused')", name="decision"),
        CheckConstraint("decision <> 'agreed' OR decided_by <> asked_by", name="second_person"),
        CheckConstraint(
            "(decision = '') = (decided_at IS NULL) AND (decision = '') = (decided_by IS NULL)", name="decided"
        ),
        CheckConstraint("(decision = 'agreed') = (after_id IS NOT NULL)", name="after"),
    )

    id: Mapped[Key]
    line_id: Mapped[Ref] = mapped_column(ForeignKey("settlement_line.id"))
    reason: Mapped[Code]
    #: In the words of who asked for it.
    note: Mapped[Line] = mapped_column(info=IMPERSONAL)
    option: Mapped[Code]
    payee_id: Mapped[Ref | None] = mapped_column(ForeignKey("credit_payee.id"))
    counter_id: Mapped[Ref | None] = mapped_column(ForeignKey("counter.id"))
    asked_by: Mapped[Ref] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    decision: Mapped[Code] = mapped_column(default="")
    decided_by: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    after_id: Mapped[Ref | None] = mapped_column(ForeignKey("settlement_line.id"))
