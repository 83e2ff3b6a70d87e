"""Who holds admissions: households, the people in them, and which records of the ticketing system are one household."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Code, Key, Line, Ref, related
from app.kernel.queries import only
from app.people.models import IMPERSONAL, PERSONAL


class Household(Base):
    """One customer record of the ticketing system.

    The household that gets one credit is `merged_into_id`, or the record itself where that is empty: a merge points
    straight at the record that stands for all, never at another merged one, and moves nothing else.
    """

    __tablename__ = "household"
    __table_args__ = (
        CheckConstraint("mother_id <> id", name="own_mother"),
        CheckConstraint("merged_into_id <> id", name="own_merge"),
    )

    id: Mapped[Key]
    code: Mapped[Code] = mapped_column(unique=True)
    #: individual, company, school, association, works_council, press, artist or unknown.
    kind: Mapped[Code] = mapped_column(default="individual")
    name: Mapped[Line] = mapped_column(info=PERSONAL)
    person_id: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"), index=True)
    #: Words such as "Abonné 2026-2027".
    typologies: Mapped[list[str]] = mapped_column(info=PERSONAL)
    #: The record of the family or company it belongs to, which has no mother itself.
    mother_id: Mapped[Ref | None] = mapped_column(ForeignKey("household.id"), index=True)
    language: Mapped[Code] = mapped_column(default="fr")
    #: email, post, phone or sms.
    preferred_channel: Mapped[Code] = mapped_column(default="email", info=PERSONAL)
    do_not_contact: Mapped[bool] = mapped_column(default=False, info=PERSONAL)
    vip: Mapped[bool] = mapped_column(default=False, info=PERSONAL)
    merged_into_id: Mapped[Ref | None] = mapped_column(ForeignKey("household.id"), index=True)

    contacts: Mapped[list[Contact]] = related("Contact", back_populates="household", order_by="Contact.id")


class Contact(Base):
    """Somebody of a household, and how to reach them; empty where nothing is known."""

    __tablename__ = "contact"
    __table_args__ = (Index(None, "email"), Index(None, "phone"), Index(None, "mobile"), Index(None, "postcode"))

    id: Mapped[Key]
    household_id: Mapped[Ref] = mapped_column(ForeignKey("household.id"), index=True)
    title: Mapped[Code] = mapped_column(default="", info=PERSONAL)
    given: Mapped[Line] = mapped_column(default="", info=PERSONAL)
    family: Mapped[Line] = mapped_column(default="", info=PERSONAL)
    company: Mapped[Line] = mapped_column(default="", info=PERSONAL)
    #: Normalised.
    email: Mapped[str] = mapped_column(String(320), default="", info=PERSONAL)
    #: International, such as +33612345678.
    phone: Mapped[str] = mapped_column(String(20), default="", info=PERSONAL)
    mobile: Mapped[str] = mapped_column(String(20), default="", info=PERSONAL)
    address1: Mapped[Line] = mapped_column(default="", info=PERSONAL)
    address2: Mapped[Line] = mapped_column(default="", info=PERSONAL)
    postcode: Mapped[str] = mapped_column(String(20), default="", info=PERSONAL)
    city: Mapped[Line] = mapped_column(default="", info=PERSONAL)
    #: ISO 3166, two letters.
    country: Mapped[str] = mapped_column(String(2), default="", info=PERSONAL)
    #: None where nobody asked.
    optin_email: Mapped[bool | None] = mapped_column(info=PERSONAL)
    optin_sms: Mapped[bool | None] = mapped_column(info=PERSONAL)

    household: Mapped[Household] = related("Household", back_populates="contacts")


class ContactRef(Base):
    """What a ticketing system calls a contact."""

    __tablename__ = "contact_ref"
    __table_args__ = (UniqueConstraint("system", "external_id"),)

    id: Mapped[Key]
    contact_id: Mapped[Ref] = mapped_column(ForeignKey("contact.id"), index=True)
    system: Mapped[Code]
    external_id: Mapped[str] = mapped_column(String(80), info=PERSONAL)


class HouseholdMerge(Base):
    """Two records that are one household; undone, it is as if it had never been, and stays written."""

    __tablename__ = "household_merge"
    __table_args__ = (
        CheckConstraint("from_id <> into_id", name="two_records"),
        Index("uq_household_merge_live", "from_id", unique=True, **only("undone_at IS NULL")),
        Index(None, "into_id"),
    )

    id: Mapped[Key]
    from_id: Mapped[Ref] = mapped_column(ForeignKey("household.id"))
    into_id: Mapped[Ref] = mapped_column(ForeignKey("household.id"))
    #: mother, email or agent.
    reason: Mapped[Code]
    at: Mapped[datetime]
    by_id: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))


class HouseholdPair(Base):
    """Two records that may be one household; what an agent decided is remembered for ever."""

    __tablename__ = "household_pair"
    __table_args__ = (
        CheckConstraint("low_id < high_id", name="in_order"),
        UniqueConstraint("low_id", "high_id"),
        Index("ix_household_pair_open", "score", "id", **only("state = 'open'")),
        Index(None, "high_id"),
    )

    id: Mapped[Key]
    low_id: Mapped[Ref] = mapped_column(ForeignKey("household.id"))
    high_id: Mapped[Ref] = mapped_column(ForeignKey("household.id"))
    #: Units: hundredths; what speaks for it: phone, address, email.
    score: Mapped[int]
    reasons: Mapped[list[str]] = mapped_column(info=IMPERSONAL)
    #: open, accepted or refused.
    state: Mapped[Code] = mapped_column(default="open")
    at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))
