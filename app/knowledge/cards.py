"""Articles as plain values, handed to doors; no row leaves the package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.knowledge.categories import Category, category
from app.knowledge.library import text_hash
from app.knowledge.markup import Heading
from app.knowledge.performances import Billed

#: An article nobody has checked for this long says so on its page.
STALE_AFTER = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleCard:
    """An article as lists show it; facts of the house are filled in."""

    id: int
    slug: str
    lang: str
    title: str
    brief: str
    address: str
    category: str
    audience: str
    keywords: tuple[str, ...]
    owner: str
    reviewed: date | None
    position: int
    related: tuple[str, ...]
    types: tuple[str, ...]
    performance: str
    starts: date | None
    #: Its last day: the one its text names, else that of its performance.
    ends: date | None
    version: int
    text_hash: str
    published_at: datetime
    #: When its twin came to say something that it does not say yet.
    behind_since: datetime | None = None
    #: The performance it speaks of, where that is on the bill.
    billed: Billed | None = None
    #: Whether its last day is its performance's, and moves with it.
    ends_with: bool = False

    @property
    def mark(self) -> str:
        """A word that changes with its text and with what the bill says of its performance."""
        return self.text_hash if self.billed is None else f"{self.text_hash}{text_hash(self.billed.mark)[:16]}"

    @property
    def room(self) -> Category:
        """The category it stands in."""
        return category(self.category)

    @property
    def room_word(self) -> str:
        """The word of its category in the address of its page."""
        return self.room.word(self.lang)

    @property
    def room_name(self) -> str:
        """The name of its category, in its own language."""
        return self.room.name(self.lang)

    @property
    def path(self) -> str:
        """Where its page stands on this site."""
        before = "/aide" if self.lang == "fr" else "/en/help"
        return f"{before}/{self.room_word}/{self.address}"

    def shown_on(self, day: date) -> bool:
        """Whether it may be read on a day."""
        return (self.starts is None or self.starts <= day) and (self.ends is None or day <= self.ends)

    def stale_on(self, day: date) -> bool:
        """Whether it was checked too long ago to be taken at its word."""
        return self.reviewed is not None and day - self.reviewed > STALE_AFTER


@dataclass(frozen=True, slots=True)
class Room:
    """A category with the articles somebody may read in it, most useful first."""

    code: str
    word: str
    name: str
    articles: tuple[ArticleCard, ...]


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """An article as its own page shows it; `html` is safe to show as it is."""

    card: ArticleCard
    html: str
    contents: tuple[Heading, ...]
    minutes: int
    related: tuple[ArticleCard, ...]
    twin: ArticleCard | None
    stale: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What stands at an address; `moved` when the article answers at another one today."""

    card: ArticleCard
    moved: bool


@dataclass(frozen=True, slots=True)
class ArticleText:
    """The words of an article for search: its passages are plain text."""

    card: ArticleCard
    body: str
