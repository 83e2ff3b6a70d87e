"""Articles as published, their versions and drafts, and what readers say of them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Code, Key, Line, Ref
from app.people.models import IMPERSONAL, PERSONAL


class Article(Base):
    """One article in one language, as people read it now.

    `text_hash` is that of its current version. `file_hash` is that of the text its file was last known to hold: where
    the two differ, the file is behind. `conflict_hash` is that of a file changed while the desk changed the article
    too; `from_desk` tells who wrote the current version.
    """

    __tablename__ = "article"
    __table_args__ = (UniqueConstraint("slug", "lang"), UniqueConstraint("lang", "address"))

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(String(80))
    lang: Mapped[Code]
    title: Mapped[Line]
    brief: Mapped[str]
    #: Its word in the address of its page; a withdrawn article gives it up.
    address: Mapped[str | None] = mapped_column(String(80))
    category: Mapped[Code]
    audience: Mapped[str] = mapped_column(String(60))
    keywords: Mapped[list[str]]
    owner: Mapped[Line]
    reviewed: Mapped[date | None]
    position: Mapped[int]
    related: Mapped[list[str]]
    types: Mapped[list[str]]
    #: The reference of the performance it speaks of; empty for most.
    performance: Mapped[Code] = mapped_column(default="")
    starts: Mapped[date | None]
    ends: Mapped[date | None]
    body: Mapped[str]
    version: Mapped[int]
    text_hash: Mapped[str] = mapped_column(String(64))
    file_hash: Mapped[str | None] = mapped_column(String(64))
    conflict_hash: Mapped[str | None] = mapped_column(String(64))
    from_desk: Mapped[bool]
    published_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    #: When its twin in the other language came to say something that it does not say yet.
    behind_since: Mapped[datetime | None]


class ArticleVersion(Base):
    """The whole text of an article as it was published once."""

    __tablename__ = "article_version"

    article_id: Mapped[Ref] = mapped_column(ForeignKey("article.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    text_hash: Mapped[str] = mapped_column(String(64))
    #: Who wrote it; nobody when it came from a file.
    author_id: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    note: Mapped[Line] = mapped_column(default="")
    #: The second person who agreed with the text, where there was one.
    reader_id: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))


class ArticleDraft(Base):
    """A text being written; `base_version` is the version it started from, 0 for a new article."""

    __tablename__ = "article_draft"
    __table_args__ = (Index(None, "slug", "lang"),)

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(String(80))
    lang: Mapped[Code]
    source: Mapped[str]
    base_version: Mapped[int]
    author_id: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[datetime]
    #: Raised by every save, so that two editors of one draft do not write over each other.
    revision: Mapped[int] = mapped_column(default=1)
    #: Where it comes from: `desk`, `file` for a file changed meanwhile, `version` for an old version taken up again.
    origin: Mapped[Code] = mapped_column(default="desk")
    #: How far a second reader is, in words of `reviews`; who said so last, when, and what they wrote.
    review: Mapped[Code] = mapped_column(default="")
    review_by_id: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))
    review_at: Mapped[datetime | None]
    review_words: Mapped[str] = mapped_column(default="")


class ArticleAddress(Base):
    """A word under which an article was once found, so that old links still lead to it."""

    __tablename__ = "article_address"

    lang: Mapped[Code] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(80), primary_key=True)
    slug: Mapped[str] = mapped_column(String(80))


class ArticleVote(Base):
    """Whether an article answered one reader; one vote a reader, who may change it."""

    __tablename__ = "article_vote"
    __table_args__ = (UniqueConstraint("article_id", "visitor_hash"),)

    id: Mapped[Key]
    article_id: Mapped[Ref] = mapped_column(ForeignKey("article.id"))
    version: Mapped[int]
    helpful: Mapped[bool]
    reason: Mapped[Code] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="", info=PERSONAL)
    at: Mapped[datetime]
    visitor_hash: Mapped[str] = mapped_column(String(64), info=PERSONAL)


class ArticleReading(Base):
    """How often an article was opened on one day."""

    __tablename__ = "article_reading"

    article_id: Mapped[Ref] = mapped_column(ForeignKey("article.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    count: Mapped[int]


class ArticleSending(Base):
    """One answer that was sent with an article's address in it; told twice, it counts once."""

    __tablename__ = "article_sending"

    article_id: Mapped[Ref] = mapped_column(ForeignKey("article.id"), primary_key=True)
    #: A number that tells answers apart; whose answer it is, this package does not know.
    message_id: Mapped[Ref] = mapped_column(primary_key=True)
    day: Mapped[date]


class ArticleCorrection(Base):
    """What a reader would have an article say otherwise; `person_id` where they left an address to be thanked at."""

    __tablename__ = "article_correction"
    __table_args__ = (Index(None, "article_id"), Index(None, "state"), Index(None, "person_id"))

    id: Mapped[Key]
    article_id: Mapped[Ref] = mapped_column(ForeignKey("article.id"))
    #: The version that was read.
    version: Mapped[int]
    text: Mapped[str] = mapped_column(info=PERSONAL)
    person_id: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    #: waiting, accepted or refused.
    state: Mapped[Code] = mapped_column(default="waiting")
    #: Why it was refused, in an editor's words.
    reason: Mapped[str] = mapped_column(default="", info=PERSONAL)
    decided_by_id: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    #: When the letter that thanks was written; there is never a second one.
    thanked_at: Mapped[datetime | None]


class ArticleComment(Base):
    """What colleagues say among themselves of an article, in both its languages; readers never see it."""

    __tablename__ = "article_comment"
    __table_args__ = (Index(None, "slug"),)

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(String(80))
    author_id: Mapped[Ref] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(info=PERSONAL)
    at: Mapped[datetime]


class ArticleBringing(Base):
    """A knowledge base of another desk that an editor brought in, by its file; `BroughtArticle` tells its lines."""

    __tablename__ = "article_bringing"
    __table_args__ = (Index(None, "sha256"),)

    id: Mapped[Key]
    file_name: Mapped[Line] = mapped_column(info=IMPERSONAL)
    sha256: Mapped[str] = mapped_column(String(64))
    #: The language of what says none, and who reads what comes in.
    lang: Mapped[Code]
    audience: Mapped[str] = mapped_column(String(60))
    #: Whether it went online; else it became drafts.
    publishes: Mapped[bool]
    #: running, done, refused, undoing or undone; why it was refused.
    state: Mapped[Code]
    reason: Mapped[Code] = mapped_column(default="")
    by_id: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    undone_by_id: Mapped[Ref | None] = mapped_column(ForeignKey("person.id"))
    undone_at: Mapped[datetime | None]
    #: How many lines its report will have, once that is known, and pictures that came along.
    total: Mapped[int] = mapped_column(default=0)
    pictures: Mapped[int] = mapped_column(default=0)


class BroughtArticle(Base):
    """One line of the report of a bringing: what was read there, and what became of it here."""

    __tablename__ = "article_brought"

    bringing_id: Mapped[Ref] = mapped_column(ForeignKey("article_bringing.id"), primary_key=True)
    #: Its place in the file, the same each time that is read: what tells a job that goes on where it stopped.
    number: Mapped[int] = mapped_column(primary_key=True)
    origin: Mapped[str] = mapped_column(info=IMPERSONAL)
    line: Mapped[int]
    slug: Mapped[str] = mapped_column(String(80))
    lang: Mapped[Code]
    #: new, changed, unchanged, kept (as a draft, since the desk changed its article too) or refused; and why.
    fate: Mapped[Code]
    code: Mapped[Code] = mapped_column(default="")
    text_hash: Mapped[str] = mapped_column(String(64), default="")
    draft_id: Mapped[Ref | None]
    #: The version it became, and the one that people read before; 0 where there was none.
    version: Mapped[int] = mapped_column(default=0)
    before: Mapped[int] = mapped_column(default=0)
    #: back, or stays because somebody worked on it since; empty until undone.
    undone: Mapped[Code] = mapped_column(default="")
