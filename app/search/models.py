"""What was looked for, what words mean in this house, and the words that the desk searches requests by."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Code, Key, Line, Ref
from app.people.models import IMPERSONAL, PERSONAL


class SearchGap(Base):
    """How often words found nothing on one day; as `asking.shareable` leaves them."""

    __tablename__ = "search_gap"
    __table_args__ = (Index(None, "lang", "words"),)

    day: Mapped[date] = mapped_column(primary_key=True)
    lang: Mapped[Code] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(String(80), primary_key=True, info=IMPERSONAL)
    count: Mapped[int]


class HeardWord(Base):
    """A word that several people wrote about one thing, and that what they were told does not hold."""

    __tablename__ = "heard_word"
    __table_args__ = (Index(None, "day"),)

    #: What it was about, as the package that heard it names it, such as incident-12.
    source: Mapped[Code] = mapped_column(primary_key=True)
    lang: Mapped[Code] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(String(80), primary_key=True, info=IMPERSONAL)
    day: Mapped[date]
    people: Mapped[int]
    title_fr: Mapped[Line] = mapped_column(info=IMPERSONAL)
    title_en: Mapped[Line] = mapped_column(info=IMPERSONAL)
    #: Where at the desk one reads what it was about.
    place: Mapped[Line] = mapped_column(info=IMPERSONAL)
    #: Whether a search found something when it was heard: then only a person takes it off.
    answered: Mapped[bool]


class WordGroup(Base):
    """Words that mean the same in this house: a search for one finds what articles say by another."""

    __tablename__ = "word_group"

    id: Mapped[Key]
    lang: Mapped[Code]
    words: Mapped[list[str]] = mapped_column(info=IMPERSONAL)
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))


class SearchClick(Base):
    """An answer opened after words. Today one row a visitor; of days gone by their sum, and nobody's mark."""

    __tablename__ = "search_click"

    day: Mapped[date] = mapped_column(primary_key=True)
    visitor: Mapped[str] = mapped_column(String(32), primary_key=True, info=IMPERSONAL)
    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    lang: Mapped[Code] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(String(80), primary_key=True, info=IMPERSONAL)
    #: One visitor, as many as a colleague's word is worth, or the sum of a day gone by.
    weight: Mapped[int]


class GivenUp(Base):
    """How often somebody opened an answer after words and wrote to us on the same day all the same."""

    __tablename__ = "given_up"

    day: Mapped[date] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    lang: Mapped[Code] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(String(80), primary_key=True, info=IMPERSONAL)
    count: Mapped[int]


class TicketWords(Base):
    """The words of one request as the desk searches them, each once; made by `desk_words`, and never shown."""

    __tablename__ = "ticket_words"

    ticket_id: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
    words: Mapped[str] = mapped_column(Text, info=PERSONAL)


class WordsDue(Base):
    """A request whose words must be read again; written by triggers, with whatever changed it."""

    __tablename__ = "words_due"

    id: Mapped[Key]
    ticket_id: Mapped[Ref]


#: What words of requests are sought by on SQLite, and on PostgreSQL; made by the migrations alone.
SOUGHT_BY = "ticket_words_fts", "ix_ticket_words_words"


def ours(name: str | None, kind: str) -> bool:
    """Whether a table or an index is one that stands on these pages, rather than what words are sought by."""
    return not (kind in {"table", "index"} and str(name).startswith(SOUGHT_BY))
