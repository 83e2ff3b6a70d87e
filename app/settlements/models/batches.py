"""Batches: lines that are paid together, agreed to by a second person; and files, kept as the bytes they once were."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Code, Key, Line, Ref
from app.kernel.queries import only
from app.people.models import PERSONAL


class BatchSerial(Base):
    """The last number given to a kind of batch in a year; no gaps, for it is taken in the transaction that uses it."""

    __tablename__ = "batch_serial"

    kind: Mapped[Code] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class SettlementBatch(Base):
    """Lines of one kind that are paid together. Units: cents.

    `kind` is transfer, public, card, cheque, cash, local, donation, voucher, carryover or kept. `state` is draft,
    approved (by somebody else), exported (its file is made, for ever), paid, or discarded before it was exported.
    """

    __tablename__ = "settlement_batch"
    __table_args__ = (
        UniqueConstraint("kind", "year", "serial"),
        Index(None, "campaign_id", "state"),
        CheckConstraint(
            "kind IN ('transfer', 'public', 'card', 'cheque', 'cash', 'local', 'donation', 'voucher', 'carryover', "
            "'kept')",
            name="kind",
        ),
        CheckConstraint("state IN ('draft', 'approved', 'exported', 'paid', 'discarded')", name="state"),
        CheckConstraint("total_cents > 0", name="total"),
        CheckConstraint("lines > 0", name="lines"),
        CheckConstraint("approved_by <> made_by", name="second_person"),
        CheckConstraint("state IN ('draft', 'discarded') OR approved_by IS NOT NULL", name="approved"),
        CheckConstraint("state NOT IN ('exported', 'paid') OR exported_at IS NOT NULL", name="exported"),
        CheckConstraint("(state = 'paid') = (paid_at IS NOT NULL)", name="paid"),
    )

    id: Mapped[Key]
    campaign_id: Mapped[Ref] = mapped_column(ForeignKey("campaign.id"))
    kind: Mapped[Code]
    number: Mapped[Code] = mapped_column(unique=True)
    year: Mapped[int]
    serial: Mapped[int]
    state: Mapped[Code] = mapped_column(default="draft")
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    lines: Mapped[int]
    total_cents: Mapped[int]
    #: Hash over its lines and where each goes; what was agreed to is what is exported.
    digest: Mapped[str] = mapped_column(String(64))
    executes_on: Mapped[date | None]
    made_by: Mapped[Ref] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    approved_by: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None]
    exported_by: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))
    exported_at: Mapped[datetime | None]
    paid_by: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))
    paid_at: Mapped[datetime | None]
    paid_on: Mapped[date | None]


class SettlementPlace(Base):
    """Where a line stands in a batch; a line is in one batch that was not discarded."""

    __tablename__ = "settlement_place"
    __table_args__ = (
        Index("uq_settlement_place_live", "line_id", unique=True, **only("live", sqlite="live = 1")),
        CheckConstraint("position > 0", name="position"),
    )

    batch_id: Mapped[Ref] = mapped_column(ForeignKey("settlement_batch.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    line_id: Mapped[Ref] = mapped_column(ForeignKey("settlement_line.id"))
    #: False once its batch is discarded.
    live: Mapped[bool] = mapped_column(default=True)


class ExportRun(Base):
    """Somebody has files made by the worker; one at a time of a campaign."""

    __tablename__ = "export_run"
    __table_args__ = (
        Index("uq_export_run_live", "campaign_id", unique=True, **only("ended_at IS NULL")),
        Index(None, "campaign_id", "id"),
        CheckConstraint("problem = '' OR ended_at IS NOT NULL", name="problem"),
    )

    id: Mapped[Key]
    campaign_id: Mapped[Ref] = mapped_column(ForeignKey("campaign.id"))
    asked_by: Mapped[Ref] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    #: Why it ended before everything was made, as a code, and the batch it was about.
    problem: Mapped[Code] = mapped_column(default="")
    batch: Mapped[Code] = mapped_column(default="")


class SettlementFile(Base):
    """A file as the bytes that left, or came: sealed, with the hash of what they are. Only ever added."""

    __tablename__ = "settlement_file"
    __table_args__ = (
        UniqueConstraint("batch_id", "kind"),
        Index("uq_settlement_file_brought", "sha256", unique=True, **only("kind = 'rejects'")),
        Index(None, "campaign_id"),
        CheckConstraint("size > 0", name="size"),
        CheckConstraint("first_entry <= last_entry", name="entries"),
    )

    id: Mapped[Key]
    campaign_id: Mapped[Ref | None] = mapped_column(ForeignKey("campaign.id"))
    batch_id: Mapped[Ref | None] = mapped_column(ForeignKey("settlement_batch.id"))
    #: pain.001.001.09, list, return, letters, sheet, fec, entries or rejects.
    kind: Mapped[Code]
    name: Mapped[Line] = mapped_column(unique=True, info={"personal": False})
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    #: Its bytes, sealed for its name: they hold numbers of accounts.
    sealed: Mapped[str] = mapped_column(info=PERSONAL)
    #: What its lines add up to, where they do.
    total_cents: Mapped[int | None]
    lines: Mapped[int]
    #: Which entries it holds, if any.
    first_entry: Mapped[Ref | None] = mapped_column(ForeignKey("ledger_entry.id"))
    last_entry: Mapped[Ref | None] = mapped_column(ForeignKey("ledger_entry.id"))
    made_at: Mapped[datetime]
    made_by: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))
