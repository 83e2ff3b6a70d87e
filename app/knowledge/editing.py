"""Writing: drafts saved as one types, publication as a new version, withdrawal; nobody's words are lost on the way."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.transaction import transactional
from app.knowledge import checks, placing, queries, reviews, whole
from app.knowledge.front_matter import ArticleFault
from app.knowledge.library import LANGUAGES, LONGEST, ArticleFile, dump, parse, storable
from app.knowledge.models import ArticleDraft
from app.venue import service as venue

_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")


@dataclass(frozen=True, slots=True)
class DraftCard:
    """A draft as lists show it."""

    id: int
    slug: str
    lang: str
    base_version: int
    author_id: int | None
    saved_at: datetime
    revision: int
    origin: str
    review: str = ""
    review_by_id: int | None = None
    review_at: datetime | None = None
    review_words: str = ""


@dataclass(frozen=True, slots=True)
class DraftText:
    """A draft with its text; `current_version` is what people read now, 0 when nothing is."""

    card: DraftCard
    source: str
    current_version: int

    @property
    def outdated(self) -> bool:
        """Whether the article changed since the draft was begun."""
        return self.card.base_version != self.current_version


@dataclass(frozen=True, slots=True)
class Saved:
    """Where a text was saved; `apart` when somebody else saved the same draft meanwhile and both texts were kept."""

    draft_id: int
    revision: int
    saved_at: datetime
    apart: bool
    #: Other people's drafts of the same article.
    others: tuple[DraftCard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftInput:
    """A text as it came from the editor; `draft_id` and `revision` are what the editor last got back."""

    slug: str
    lang: str
    source: str
    draft_id: int | None = None
    revision: int = 0
    base_version: int = 0

    def __post_init__(self) -> None:
        """Refuse what no draft can be; a text that is no article yet is welcome.

        Raises:
            Invalid: per field.
        """
        wrong = {} if _SLUG.fullmatch(self.slug) else {"slug": "bad_slug"}
        wrong |= {} if self.lang in LANGUAGES else {"lang": "unknown_choice"}
        wrong |= {"source": "too_long"} if len(self.source) > LONGEST else {}
        if wrong:
            raise Invalid(wrong)


@transactional
def save_draft(given: DraftInput, *, by: Actor) -> Saved:
    """Save a text being written. Of two people in one draft the second gets a draft of their own, and is told.

    A text that did not change leaves the draft as it is: whose it is, and whether a second reader agreed.
    """
    by.must(Permission.ARTICLE_EDIT)
    row = queries.draft(given.draft_id, locked=True) if given.draft_id else None
    apart = given.draft_id is not None and (row is None or row.revision != given.revision)
    if row is None or apart:
        row = ArticleDraft(
            slug=given.slug, lang=given.lang, base_version=given.base_version, author_id=by.person_id, revision=0,
            origin="desk", review="",
        )  # fmt: skip
        session.add(row)
    if row.source != (text := storable(given.source)):
        row.source, row.saved_at, row.revision = text, clock.now(), row.revision + 1
        row.author_id, row.review = by.person_id, reviews.after_writing(row.review)
    session.flush()
    others = tuple(card for card in drafts(given.slug, given.lang, by=by) if card.id != row.id)
    return Saved(row.id, row.revision, row.saved_at, apart, others)


def drafts(slug: str | None = None, lang: str | None = None, *, by: Actor) -> list[DraftCard]:
    """Drafts, newest first; of one article where it is named."""
    by.must(Permission.ARTICLE_EDIT)
    return [_card(row) for row in queries.drafts(slug, lang)]


def draft(draft_id: int, *, by: Actor) -> DraftText:
    """One draft with its text.

    Raises:
        NotFound: it was published or thrown away.
    """
    by.must(Permission.ARTICLE_EDIT)
    row = _draft(draft_id)
    article = queries.article(row.slug, row.lang)
    return DraftText(_card(row), row.source, article.version if article else 0)


def text_to_edit(slug: str, lang: str, *, by: Actor) -> tuple[str, int]:
    """The text an editor begins with. Shape: pair (source, the version it is; 0 for an article to be written)."""
    by.must(Permission.ARTICLE_EDIT)
    row = queries.article(slug, lang)
    current = queries.version(row.id, row.version) if row else None
    if current is None:
        return dump(ArticleFile(slug=slug, lang=lang, title=slug.replace("-", " ").capitalize(), address=slug)), 0
    return current.source, current.number


@transactional
def throw_away(draft_id: int, *, by: Actor) -> None:
    """Forget a draft."""
    by.must(Permission.ARTICLE_EDIT)
    queries.drop_draft(_draft(draft_id).id)


@transactional
def publish(
    draft_id: int,
    *,
    note: str = "",
    seen_version: int | None = None,
    request_types: Collection[str] | None = None,
    by: Actor,
) -> int:
    """Make a draft what people read. Returns the version.

    Args:
        draft_id: the draft; it is gone afterwards.
        note: why, for the list of versions.
        seen_version: the version the editor has compared the draft with, when the article changed meanwhile.
        request_types: codes that buttons may lead to, if the caller knows them.
        by: who publishes.

    Raises:
        Conflict: the article changed since the draft was begun, and the editor has not seen that.
        Invalid: the text is no article, something in it must be mended first, or the house asks for a second reader.
    """
    by.must(Permission.ARTICLE_PUBLISH)
    row = _draft(draft_id)
    hands = _hands(row, by)
    file = _ready(row, request_types)
    article = queries.article(row.slug, row.lang, locked=True)
    current = article.version if article else 0
    if current not in {row.base_version, seen_version}:
        raise Conflict("article_changed", version=current)
    queries.drop_draft(draft_id)
    placing.free_addresses([(file, article)])
    placed = placing.place(file, article, from_desk=True, by=by, note=note, hands=hands)
    placing.agreed(placed)
    return placed.version


@transactional
def withdraw(slug: str, lang: str, *, successor: str = "", by: Actor) -> None:
    """Take an article off the shelf; its versions stay.

    Args:
        slug: the article.
        lang: its language.
        successor: the article that its addresses lead to from now on, if there is one.
        by: who withdraws it.

    Raises:
        NotFound: it is not on the shelf.
        Invalid: field `successor`: it is not on the shelf, or is the article itself.
    """
    by.must(Permission.ARTICLE_PUBLISH)
    row = queries.article(slug, lang, locked=True)
    if row is None or row.withdrawn_at is not None:
        raise NotFound("article")
    if successor and (successor == slug or (successor, lang) not in whole.whole().by_key):
        raise Invalid({"successor": "unknown_article"})
    placing.agreed(row)
    placing.take_down(row, by=by, successor=successor)


def _hands(row: ArticleDraft, by: Actor) -> placing.Hands:
    second = reviews.second(row.author_id, by.person_id, row.review, row.review_by_id)
    if second is None and venue.house().articles_need_two and not by.system:
        raise Invalid({"review": "second_reader"})
    return placing.Hands(row.author_id, second)


def _ready(row: ArticleDraft, request_types: Collection[str] | None) -> ArticleFile:
    try:
        file = parse(row.source)
    except ArticleFault as fault:
        raise Invalid({"source": fault.code}, line=fault.line, sentence=fault.sentence) from None
    if (file.slug, file.lang) != (row.slug, row.lang):
        raise Invalid({"slug": "differs"}, slug=row.slug, lang=row.lang)
    fatal = [finding for finding in checks.findings(file, request_types=request_types) if finding.fatal]
    if fatal:
        raise Invalid({f.field: f.code for f in reversed(fatal)}, findings=tuple(fatal))
    return file


def _draft(draft_id: int) -> ArticleDraft:
    row = queries.draft(draft_id)
    if row is None:
        raise NotFound("article_draft")
    return row


def _card(row: Any) -> DraftCard:  # noqa: ANN401 - a draft, or the columns of one without its text
    return DraftCard(
        row.id, row.slug, row.lang, row.base_version, row.author_id, row.saved_at, row.revision, row.origin, row.review,
        row.review_by_id, row.review_at, row.review_words,
    )  # fmt: skip
