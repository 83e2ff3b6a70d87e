"""Versions of an article: their list, one against another line by line, and an old one taken up again as a draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.kernel.transaction import transactional
from app.knowledge import queries
from app.knowledge.models import Article, ArticleDraft, ArticleVersion


@dataclass(frozen=True, slots=True)
class VersionCard:
    """A version as lists show it; nobody is its author when it came from a file."""

    number: int
    at: datetime
    author_id: int | None
    note: str
    current: bool
    #: The second person who agreed with it, where there was one.
    reader_id: int | None = None


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line of a comparison: `same`, `removed` or `added`, with its number on either side, 0 where it is not."""

    kind: str
    before: int
    after: int
    text: str


def versions(slug: str, lang: str, *, by: Actor) -> list[VersionCard]:
    """The versions of an article, newest first.

    Raises:
        NotFound: there is no such article.
    """
    by.must(Permission.ARTICLE_EDIT)
    row = _article(slug, lang)
    shown = row.version if row.withdrawn_at is None else 0
    return [
        VersionCard(v.number, v.at, v.author_id, v.note, v.number == shown, v.reader_id)
        for v in queries.versions(row.id)
    ]  # fmt: skip


def source_of(slug: str, lang: str, number: int, *, by: Actor) -> str:
    """The whole text of one version.

    Raises:
        NotFound: there is no such version.
    """
    by.must(Permission.ARTICLE_EDIT)
    return _version(_article(slug, lang), number).source


def compared(slug: str, lang: str, before: int, after: int, *, by: Actor) -> list[DiffLine]:
    """One version against another, line by line.

    Raises:
        NotFound: one of them does not exist.
    """
    return diff(source_of(slug, lang, before, by=by), source_of(slug, lang, after, by=by))


def diff(before: str, after: str) -> list[DiffLine]:
    """Two texts against each other, line by line; a removed line stands before what replaced it."""
    old, new = before.splitlines(), after.splitlines()
    found: list[DiffLine] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [DiffLine("same", a + i + 1, c + i + 1, old[a + i]) for i in range(b - a)]
            continue
        found += [DiffLine("removed", i + 1, 0, old[i]) for i in range(a, b)]
        found += [DiffLine("added", 0, i + 1, new[i]) for i in range(c, d)]
    return found


@transactional
def restore(slug: str, lang: str, number: int, *, by: Actor) -> int:
    """Take an old version up again as a new draft. Returns the draft's id.

    Raises:
        NotFound: there is no such version.
    """
    by.must(Permission.ARTICLE_EDIT)
    row = _article(slug, lang)
    draft = ArticleDraft(
        slug=slug, lang=lang, source=_version(row, number).source, base_version=row.version, author_id=by.person_id,
        saved_at=clock.now(), revision=1, origin="version",
    )  # fmt: skip
    session.add(draft)
    session.flush()
    return draft.id


def _article(slug: str, lang: str) -> Article:
    row = queries.article(slug, lang)
    if row is None:
        raise NotFound("article")
    return row


def _version(row: Article, number: int) -> ArticleVersion:
    found = queries.version(row.id, number)
    if found is None:
        raise NotFound("article_version")
    return found
