"""Letters in, raw and whole before anybody reads them; letters out, as rows before anything leaves."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, false
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Code, Key, Line, Ref
from app.kernel.queries import only
from app.mail.ranks import ONE_PERSON
from app.people.models import IMPERSONAL, PERSONAL


class LetterIn(Base):
    """A letter as it arrived, compressed; what became of it is its fate.

    `fate`: waiting, ticket, reply, duplicate, automatic, bounce, held, unparsed, or slow while it lets others pass.
    """

    __tablename__ = "letter_in"
    __table_args__ = (
        Index(None, "content_key"), Index(None, "fate", "id"), Index(None, "sha256"), Index(None, "received_at"),
        Index("uq_letter_in_place", "mailbox_id", "uidvalidity", "uid", unique=True, **only("uid IS NOT NULL")),
        Index("ix_letter_in_mailbox", "mailbox_id", "received_at", **only("mailbox_id IS NOT NULL")),
        Index("ix_letter_in_sender", "domain", "received_at", "sender", "lane", **only("domain IS NOT NULL")),
        Index("ix_letter_in_list", "list_id", "received_at", **only("list_id IS NOT NULL")),
        Index("ix_letter_in_lane", "lane", "aside_at", "mailbox_id", **only("fate = 'slow'")),
    )  # fmt: skip

    id: Mapped[Key]
    received_at: Mapped[datetime]
    door: Mapped[Code]
    envelope_from: Mapped[str] = mapped_column(String(320), info=PERSONAL)
    envelope_to: Mapped[str] = mapped_column(String(1000), info=PERSONAL)
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    raw: Mapped[bytes] = mapped_column(LargeBinary, info=PERSONAL)
    fate: Mapped[Code]
    reason: Mapped[Line] = mapped_column(default="", info=IMPERSONAL)
    #: Hash of what makes a letter the same letter, whatever way it travelled.
    content_key: Mapped[str | None] = mapped_column(String(64))
    ticket_id: Mapped[Ref | None] = mapped_column(index=True)
    message_id: Mapped[Ref | None]
    #: The mailbox it was fetched from, and its place there (RFC 3501, 2.3.1.1; of a file in a folder the moment it was
    #: written, in nanoseconds, and its number): one place is taken in once.
    mailbox_id: Mapped[Ref | None]
    uidvalidity: Mapped[int | None] = mapped_column(BigInteger)
    uid: Mapped[int | None] = mapped_column(BigInteger)
    #: How often reading it failed.
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    #: Somebody decided that nothing will come of it; it still counts as unparsed, or as slow.
    aside_at: Mapped[datetime | None]
    #: What our own mail server found out about the sender: pass, fail, none, or empty when nobody asked it.
    auth: Mapped[Code] = mapped_column(default="", server_default="")
    #: No machine of ours may answer it, whatever a person makes of it.
    silent: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: What had become of it before somebody made a request of it: fate, reason and ticket_id.
    before: Mapped[dict[str, Any] | None] = mapped_column(info=IMPERSONAL)
    #: The letter of ours it answers, by whose Message-ID it was filed.
    answers_id: Mapped[Ref | None]
    #: Who wrote it, and their domain, so that those who write very much can be counted.
    sender: Mapped[str | None] = mapped_column(String(320), info=PERSONAL)
    domain: Mapped[Line | None] = mapped_column(info=IMPERSONAL)
    #: The slow lane it was put into, an address or @domain; it stays when the letter is let through.
    lane: Mapped[str | None] = mapped_column(String(321), info=PERSONAL)
    #: The List-Id which alone made it a machine's.
    list_id: Mapped[Line | None] = mapped_column(info=IMPERSONAL)


class Mailbox(Base):
    """A mailbox on another server from which letters are fetched, or a folder of this machine.

    `state`: off, on, stopped (its server refuses the sign-in) or retired. `last_uid` is the last letter taken in, and
    `settled_uid` the last one the server was told of; both count under `uidvalidity`.
    """

    __tablename__ = "mailbox"

    id: Mapped[Key]
    name: Mapped[Line] = mapped_column(info=IMPERSONAL)
    #: imap, or folder: where other programs leave letters, of which `folder` and `after` speak alone.
    kind: Mapped[Code] = mapped_column(default="imap", server_default="imap")
    #: Where its letters belong, and in which language when their words leave a doubt.
    department_id: Mapped[Ref] = mapped_column(ForeignKey("department.id"))
    language: Mapped[Code]
    host: Mapped[Line] = mapped_column(info=IMPERSONAL)
    port: Mapped[int]
    #: tls, starttls or plain.
    security: Mapped[Code]
    user: Mapped[str] = mapped_column(String(320), info=IMPERSONAL)
    #: password, or the provider of an OAuth2 consent: google, microsoft, custom.
    auth: Mapped[Code]
    #: Password or refresh token, sealed for this row; empty until there is one.
    secret: Mapped[str] = mapped_column(default="", info=IMPERSONAL)
    folder: Mapped[Line] = mapped_column(info=IMPERSONAL)
    #: What the server is told once a letter is safe: seen or move; in a folder it is moved, or removed.
    after: Mapped[Code]
    move_to: Mapped[Line] = mapped_column(default="", info=IMPERSONAL)
    #: Whether letters that lay there before the first contact are taken in too.
    take_old: Mapped[bool]
    state: Mapped[Code] = mapped_column(default="off")
    #: Raised by every change made by hand, so that whoever fetches begins anew.
    generation: Mapped[int] = mapped_column(default=1)
    since: Mapped[datetime | None]
    uidvalidity: Mapped[int | None] = mapped_column(BigInteger)
    last_uid: Mapped[int] = mapped_column(BigInteger, default=0)
    settled_uid: Mapped[int] = mapped_column(BigInteger, default=0)
    #: Letters up to here were there when the server gave all of them new numbers.
    relisted_uid: Mapped[int] = mapped_column(BigInteger, default=0)
    #: The letter at which fetching broke off, and how often in a row.
    stumbled_uid: Mapped[int] = mapped_column(BigInteger, default=0)
    stumbles: Mapped[int] = mapped_column(default=0)
    contact_at: Mapped[datetime | None]
    letter_at: Mapped[datetime | None]
    #: Code of the last trouble, empty when the last contact went well; the server's own words beside it.
    error: Mapped[Code] = mapped_column(default="")
    error_words: Mapped[str] = mapped_column(String(500), default="", info=IMPERSONAL)
    error_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    #: Something a person must see: sign_in or renumbered; empty once seen.
    alarm: Mapped[Code] = mapped_column(default="")
    alarm_at: Mapped[datetime | None]


class KnownLetter(Base):
    """The Message-ID of a letter stored in a ticket, hashed, so that answers find their way."""

    __tablename__ = "known_letter"

    mid_hash: Mapped[str] = mapped_column(String(32), primary_key=True)
    ticket_id: Mapped[Ref] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    #: An agent put the letter there, which weighs more than any token in what answers it.
    moved: Mapped[bool] = mapped_column(default=False, server_default=false())


class LetterDay(Base):
    """What came in on one day of the house and what became of it, as the daily check found it."""

    __tablename__ = "letter_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    fetched: Mapped[int]
    filed: Mapped[int]
    held: Mapped[int]
    duplicate: Mapped[int]
    automatic: Mapped[int]
    bounce: Mapped[int]
    unparsed: Mapped[int]
    slow: Mapped[int] = mapped_column(default=0, server_default="0")
    waiting: Mapped[int]
    checked_at: Mapped[datetime]


class LetterOut(Base):
    """A letter that leaves, or has left.

    `state`: waiting, sending, sent, shown (development), failed or bounced.
    """

    __tablename__ = "letter_out"
    __table_args__ = (
        Index(None, "state", "next_at", "id"),
        Index(None, "to_email", "kind", "created_at"),
        Index(None, "ticket_id"),
        Index("ix_letter_out_message", "message_id", **only("message_id IS NOT NULL")),
        Index("ix_letter_out_rank", "rank", "next_at", "id", **only("state = 'waiting'")),
    )

    id: Mapped[Key]
    #: What it tells: a kind of `letter_kinds`, or test.
    kind: Mapped[Code]
    ticket_id: Mapped[Ref | None] = mapped_column(ForeignKey("ticket.id"))
    #: The message of the conversation it carries, if any.
    message_id: Mapped[Ref | None]
    to_email: Mapped[str] = mapped_column(String(320), info=PERSONAL)
    to_name: Mapped[Line] = mapped_column(info=PERSONAL)
    #: What follows the at sign, so that each domain gets its letters at its own pace.
    domain: Mapped[Line] = mapped_column(default="", info=IMPERSONAL)
    language: Mapped[Code]
    subject: Mapped[Line] = mapped_column(info=PERSONAL)
    text: Mapped[str] = mapped_column(info=PERSONAL)
    #: What the HTML twin is made from when the letter leaves, and the files that leave with it.
    values: Mapped[dict[str, Any]] = mapped_column(info=PERSONAL)
    mid: Mapped[str] = mapped_column(String(160), unique=True, info=IMPERSONAL)
    reply_to: Mapped[str] = mapped_column(String(320), info=IMPERSONAL)
    references: Mapped[str] = mapped_column(String(2000), default="", info=IMPERSONAL)
    #: Which letters leave before it, as `ranks` says: the lower ones first.
    rank: Mapped[int] = mapped_column(default=ONE_PERSON, server_default="1")
    #: Sent by the house by itself, rather than by a colleague.
    automatic: Mapped[bool] = mapped_column(default=True)
    state: Mapped[Code] = mapped_column(default="waiting")
    created_at: Mapped[datetime]
    next_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    fence: Mapped[int] = mapped_column(BigInteger, default=0)
    sent_at: Mapped[datetime | None]
    #: The server's last word.
    answer: Mapped[str] = mapped_column(String(500), default="", info=PERSONAL)


class LetterText(Base):
    """The house's own words of one kind of letter in one language; an empty text means the shipped ones again."""

    __tablename__ = "letter_text"

    kind: Mapped[Code] = mapped_column(primary_key=True)
    language: Mapped[Code] = mapped_column(primary_key=True)
    subject: Mapped[Line] = mapped_column(info=IMPERSONAL)
    text: Mapped[str] = mapped_column(info=IMPERSONAL)
    #: Raised by every change, so that nobody writes over what they have not seen.
    revision: Mapped[int]
    updated_at: Mapped[datetime]
    updated_by: Mapped[Ref | None]


class Stoppage(Base):
    """Why no letter can leave at present; no row while letters leave."""

    __tablename__ = "stoppage"

    #: Which way is stopped; there is one.
    name: Mapped[Code] = mapped_column(primary_key=True)
    #: auth (the server does not know us), tls (it cannot be trusted), sender (it refuses our address) or down.
    kind: Mapped[Code]
    since: Mapped[datetime]
    #: When it is tried again.
    next_at: Mapped[datetime]
    tries: Mapped[int]
    #: The server's words, or what became of the connection.
    answer: Mapped[str] = mapped_column(String(500), info=IMPERSONAL)


class Pace(Base):
    """From when on a domain may be written to again."""

    __tablename__ = "pace"

    domain: Mapped[Line] = mapped_column(primary_key=True, info=IMPERSONAL)
    free_at: Mapped[datetime]
