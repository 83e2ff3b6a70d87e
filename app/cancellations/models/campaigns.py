"""A campaign: which performances, what is given back, what may be chosen, until when; and laws that allow more."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Code, Key, Line, Ref, Sum
from app.people.models import IMPERSONAL


class LegalRegime(Base):
    """A law of a time that lets a house offer less than money, with its text; configuration, not opinion."""

    __tablename__ = "legal_regime"
    __table_args__ = (
        CheckConstraint("from_on <= to_on", name="span"),
        CheckConstraint("max_validity_months > 0", name="validity"),
    )

    id: Mapped[Key]
    code: Mapped[Code] = mapped_column(unique=True)
    title_fr: Mapped[Line] = mapped_column(info=IMPERSONAL)
    title_en: Mapped[Line] = mapped_column(info=IMPERSONAL)
    #: Where the law stands written, and whom it is for.
    source: Mapped[str] = mapped_column(info=IMPERSONAL)
    scope: Mapped[str] = mapped_column(info=IMPERSONAL)
    from_on: Mapped[date]
    to_on: Mapped[date]
    max_validity_months: Mapped[int]
    refund_at_expiry: Mapped[bool] = mapped_column(default=True)


class Campaign(Base):
    """What follows from performances that were cancelled, moved or broken off. Units: cents of `currency`.

    `state` is draft, simulated, approved, opening (credits are being made), open, closed (the deadline has passed),
    processing (locked), settled, archived or abandoned.
    """

    __tablename__ = "campaign"
    __table_args__ = (
        Index(None, "state"),
        CheckConstraint("kind IN ('cancel', 'postpone', 'interrupt', 'goodwill')", name="kind"),
        CheckConstraint(
            "state IN ('draft', 'simulated', 'approved', 'opening', 'open', 'closed', 'processing', 'settled', "
            "'archived', 'abandoned')",
            name="state",
        ),
        # Whoever stays silent gives nothing: a gift is an express decision.
        CheckConstraint(
            "default_option IN ('', 'refund_card', 'carryover', 'keep_ticket', 'voucher')", name="default_option"
        ),
        CheckConstraint("default_option <> 'voucher' OR regime_id IS NOT NULL", name="default_voucher"),
        CheckConstraint("claim_until > deadline_at", name="claim"),
        CheckConstraint("approved_by <> created_by", name="second_person"),
        CheckConstraint("approved_by IS NULL OR approved_cents IS NOT NULL", name="approved_amount"),
        CheckConstraint("min_split_cents >= 0", name="min_split"),
    )

    id: Mapped[Key]
    kind: Mapped[Code]
    state: Mapped[Code] = mapped_column(default="draft")
    title_fr: Mapped[Line] = mapped_column(info=IMPERSONAL)
    title_en: Mapped[Line] = mapped_column(info=IMPERSONAL)
    #: What the house says to those concerned.
    text_fr: Mapped[str] = mapped_column(info=IMPERSONAL)
    text_en: Mapped[str] = mapped_column(info=IMPERSONAL)
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    #: What is given back and to whom not: the fields of `crediting.Rule`.
    rule: Mapped[dict[str, Any]] = mapped_column(info=IMPERSONAL)
    min_split_cents: Mapped[int] = mapped_column(default=0)
    #: Whether what was paid in holiday vouchers may be given to the house.
    gifts_of_titres: Mapped[bool] = mapped_column(default=False)
    #: Days before the deadline on which who has not answered is reminded.
    reminders: Mapped[list[int]] = mapped_column(info=IMPERSONAL)
    #: A date of service: what is owed stays owed until the other one.
    deadline_at: Mapped[datetime]
    claim_until: Mapped[datetime]
    #: What happens to who stays silent; empty: nothing, it stays owed.
    default_option: Mapped[Code] = mapped_column(default="")
    #: none, waiver, refund_then_gift or external.
    receipts_mode: Mapped[Code] = mapped_column(default="none")
    regime_id: Mapped[Ref | None] = mapped_column(ForeignKey("legal_regime.id"))
    #: What the last simulation found, and the version it looked at.
    simulation: Mapped[dict[str, Any] | None] = mapped_column(info=IMPERSONAL)
    created_by: Mapped[Ref] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    edited_by: Mapped[Ref] = mapped_column(ForeignKey("person.id"))
    approved_by: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))
    approved_cents: Mapped[Sum | None]
    opened_by: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    locked_at: Mapped[datetime | None]
    #: The last household credits were made for, while it is opening.
    made_up_to: Mapped[Ref] = mapped_column(default=0)
    #: What all credits came to, where that is not what was approved: nobody is told before somebody agrees to it.
    made_cents: Mapped[Sum | None] = mapped_column(default=None)
    #: Raised by every edit; a simulation and an approval are of one version.
    version: Mapped[int] = mapped_column(default=1)


class CampaignPerformance(Base):
    """A performance that a campaign is about, and the share given back if not the performance's own."""

    __tablename__ = "campaign_performance"
    __table_args__ = (CheckConstraint("ratio_bp BETWEEN 0 AND 10000", name="ratio"), Index(None, "performance_id"))

    campaign_id: Mapped[Ref] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    performance_id: Mapped[Ref] = mapped_column(ForeignKey("performance.id"), primary_key=True)
    #: Units: hundredths of a per cent.
    ratio_bp: Mapped[int | None]


class CampaignSpare(Base):
    """A performance that takes place after all: from then on the campaign is not about it."""

    __tablename__ = "campaign_spare"
    __table_args__ = (CheckConstraint("why IN ('plays', 'moved', 'mistake')", name="why"),)

    campaign_id: Mapped[Ref] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    performance_id: Mapped[Ref] = mapped_column(ForeignKey("performance.id"), primary_key=True)
    why: Mapped[Code]
    by_id: Mapped[Ref] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class CampaignDifference(Base):
    """What the box office says of a performance now, other than what a campaign tells; until somebody has looked."""

    __tablename__ = "campaign_difference"

    campaign_id: Mapped[Ref] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    performance_id: Mapped[Ref] = mapped_column(ForeignKey("performance.id"), primary_key=True)
    status: Mapped[Code]
    new_starts_at: Mapped[datetime | None]
    at: Mapped[datetime]
    looked_by: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))
    looked_at: Mapped[datetime | None]


class CampaignSupplement(Base):
    """Admissions found after a campaign was opened, and what they add to what is owed. Units: cents.

    `state` is simulated, making (a second person has agreed) or made.
    """

    __tablename__ = "campaign_supplement"
    __table_args__ = (
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("state IN ('simulated', 'making', 'made')", name="state"),
        CheckConstraint("cents >= 0", name="cents"),
        CheckConstraint("approved_by <> simulated_by", name="second_person"),
        CheckConstraint("state = 'simulated' OR approved_by IS NOT NULL", name="approved"),
    )

    campaign_id: Mapped[Ref] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[Code]
    #: What each household is owed more, by its number as text: what is agreed to, and nothing else, is made.
    households: Mapped[dict[str, Any]] = mapped_column(info=IMPERSONAL)
    cents: Mapped[Sum]
    simulated_by: Mapped[Ref] = mapped_column(ForeignKey("person.id"))
    simulated_at: Mapped[datetime]
    approved_by: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None]
    #: The last household credits were made for.
    made_up_to: Mapped[Ref] = mapped_column(default=0)
    made_at: Mapped[datetime | None]


class CampaignOption(Base):
    """One thing that may be chosen. Units: cents."""

    __tablename__ = "campaign_option"
    __table_args__ = (
        CheckConstraint("min_cents >= 0", name="min"),
        CheckConstraint("max_cents >= min_cents", name="max"),
        CheckConstraint("validity_months > 0", name="validity"),
        CheckConstraint(
            "code IN ('refund_card', 'refund_transfer', 'refund_cheque', 'refund_cash', 'refund_local', 'donation', "
            "'voucher', 'carryover', 'keep_ticket', 'exchange')",
            name="code",
        ),
    )

    campaign_id: Mapped[Ref] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    code: Mapped[Code] = mapped_column(primary_key=True)
    position: Mapped[int]
    #: What the house calls it, and a sentence of help; empty: the usual words.
    label_fr: Mapped[Line] = mapped_column(default="", info=IMPERSONAL)
    label_en: Mapped[Line] = mapped_column(default="", info=IMPERSONAL)
    help_fr: Mapped[str] = mapped_column(default="", info=IMPERSONAL)
    help_en: Mapped[str] = mapped_column(default="", info=IMPERSONAL)
    min_cents: Mapped[int] = mapped_column(default=0)
    max_cents: Mapped[int | None]
    only_kinds: Mapped[list[str]] = mapped_column(info=IMPERSONAL)
    only_tenders: Mapped[list[str]] = mapped_column(info=IMPERSONAL)
    validity_months: Mapped[int | None]
    #: The season to which it is carried over.
    season: Mapped[Code] = mapped_column(default="")
