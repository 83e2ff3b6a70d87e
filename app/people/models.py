"""Who writes to the house and who works for it; a person is an address, an account or both."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Code, Key, Line, Ref, related

#: Mark of a column that holds personal data; the inventory of `privacy` reads it.
PERSONAL = {"personal": True}
#: Mark of a column that could hold words and was looked at: nothing about a person.
IMPERSONAL = {"personal": False}


class Person(Base):
    """Somebody: a spectator, a colleague, or both."""

    __tablename__ = "person"
    __table_args__ = (Index(None, "name_folded"),)

    id: Mapped[Key]
    name: Mapped[Line] = mapped_column(info=PERSONAL)
    #: Lower case without accents, for look-ups.
    name_folded: Mapped[Line] = mapped_column(info=PERSONAL)
    language: Mapped[Code] = mapped_column(default="fr")
    phone: Mapped[str | None] = mapped_column(String(40), info=PERSONAL)
    created_at: Mapped[datetime]
    preferences: Mapped[dict[str, Any]] = mapped_column(default=dict, info=PERSONAL)

    addresses: Mapped[list[Address]] = related("Address", back_populates="person", order_by="Address.id")
    account: Mapped[Account | None] = related("Account", back_populates="person", uselist=False)
    roles: Mapped[list[RoleHeld]] = related("RoleHeld", back_populates="person")
    memberships: Mapped[list[Membership]] = related("Membership", back_populates="person")


class Address(Base):
    """One e-mail address of one person, normalised."""

    __tablename__ = "address"

    id: Mapped[Key]
    person_id: Mapped[Ref] = mapped_column(ForeignKey("person.id"), index=True)
    email: Mapped[str] = mapped_column(String(320), unique=True, info=PERSONAL)
    #: When the person first proved to read this mailbox.
    confirmed_at: Mapped[datetime | None]
    #: Status code of a permanent refusal, such as 5.1.1.
    undeliverable: Mapped[str | None] = mapped_column(String(20))
    #: When it was last marked so; it stays when the mark is lifted.
    undeliverable_at: Mapped[datetime | None]
    #: The status whose mark was lifted, so that lifting it can be undone.
    lifted: Mapped[str | None] = mapped_column(String(20))
    #: The address whose place it was written down to take; none where its owner brought it.
    corrects: Mapped[Ref | None]

    person: Mapped[Person] = related("Person", back_populates="addresses")


class Account(Base):
    """How a colleague signs in."""

    __tablename__ = "account"

    id: Mapped[Key]
    person_id: Mapped[Ref] = mapped_column(ForeignKey("person.id"), unique=True)
    password_hash: Mapped[Line] = mapped_column(info=IMPERSONAL)
    active: Mapped[bool] = mapped_column(default=True)
    #: Raised whenever all sessions must end: new password, changed roles, account closed.
    generation: Mapped[int] = mapped_column(default=1)

    person: Mapped[Person] = related("Person", back_populates="account")


class RoleHeld(Base):
    """One role of one person."""

    __tablename__ = "role_held"

    person_id: Mapped[Ref] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role: Mapped[Code] = mapped_column(primary_key=True)

    person: Mapped[Person] = related("Person", back_populates="roles")


class Department(Base):
    """A part of the house; it decides who sees a ticket."""

    __tablename__ = "department"

    id: Mapped[Key]
    code: Mapped[Code] = mapped_column(unique=True)
    name_fr: Mapped[Line]
    name_en: Mapped[Line]
    #: Whether it serves colleagues only (IT, HR, house) rather than spectators.
    internal: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)


class Membership(Base):
    """A colleague works in a department and sees its tickets."""

    __tablename__ = "membership"

    person_id: Mapped[Ref] = mapped_column(ForeignKey("person.id"), primary_key=True)
    department_id: Mapped[Ref] = mapped_column(ForeignKey("department.id"), primary_key=True)

    person: Mapped[Person] = related("Person", back_populates="memberships")
    department: Mapped[Department] = related("Department")


class UserSession(Base):
    """One signed-in browser; the cookie holds its token, the row only the token's hash, so it can be revoked."""

    __tablename__ = "user_session"
    __table_args__ = (UniqueConstraint("token_hash"),)

    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[Ref] = mapped_column(ForeignKey("person.id"), index=True)
    generation: Mapped[int]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    browser: Mapped[str | None] = mapped_column(String(200), info=PERSONAL)
    #: Keyed hash of the network it was opened from.
    network: Mapped[str] = mapped_column(String(32), default="", info=PERSONAL)

    person: Mapped[Person] = related("Person")


class SignInAttempt(Base):
    """A wrong password, counted by address and by where it came from, so that guessing slows down."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index(None, "email_hash", "at"),)

    id: Mapped[Key]
    email_hash: Mapped[str] = mapped_column(String(64))
    #: Keyed hash of a network the colleague has signed in from; empty for all others together.
    network: Mapped[str] = mapped_column(String(32), default="", info=PERSONAL)
    at: Mapped[datetime]


class SignInLink(Base):
    """A sign-in link sent by letter: fifteen minutes, once, and void when the account changes."""

    __tablename__ = "sign_in_link"

    id: Mapped[Key]
    person_id: Mapped[Ref] = mapped_column(ForeignKey("person.id"), index=True)
    nonce: Mapped[str] = mapped_column(String(32), unique=True)
    #: The account's generation when the link was asked for.
    generation: Mapped[int]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
