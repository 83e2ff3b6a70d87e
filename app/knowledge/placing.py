"""Putting a text on the shelf: the one way in which an article's row, versions and addresses change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import session
from app.kernel.transaction import publish
from app.knowledge import pairing, queries, whole
from app.knowledge.events import ArticlePublished, ArticleWithdrawn
from app.knowledge.library import ArticleFile, text_hash
from app.knowledge.models import Article, ArticleDraft, ArticleVersion


@dataclass(frozen=True, slots=True)
class Hands:
    """Whose a text is, and the second person who agreed with it; nobody's when it came from a file."""

    author_id: int | None = None
    reader_id: int | None = None


def free_addresses(files: Iterable[tuple[ArticleFile, Article | None]]) -> None:
    """Let go of the addresses that articles are about to take or leave, so that two may change places."""
    for file, row in files:
        if row is not None and row.address not in {None, file.address}:
            queries.remember_address(row.lang, str(row.address), row.slug)
            row.address = None
        holder = queries.holder(file.lang, file.address)
        if holder is not None and holder is not row:
            holder.address = None
    session.flush()


def place(
    file: ArticleFile, row: Article | None, *, from_desk: bool, by: Actor, note: str = "", hands: Hands | None = None
) -> Article:
    """Make a text what people read, as a new version; the caller has freed its address.

    `hands` say whose text it is; unless told, `by`'s alone where it is the desk's, else nobody's.
    """
    if row is None:
        row = Article(slug=file.slug, lang=file.lang, version=0, file_hash=None, conflict_hash=None)
    digest = text_hash(file.source)
    same = row.version > 0 and row.text_hash == digest
    says_more = row.version > 0 and pairing.says_more(file, row)
    _copy(file, row)
    row.text_hash, row.from_desk, row.withdrawn_at = digest, from_desk, None
    row.published_at = clock.now()
    if not same:
        row.version += 1
    session.add(row)
    session.flush()
    if not same:
        mine = hands or Hands(by.person_id if from_desk else None)
        session.add(_version(row, file, mine, note))
        pairing.settle(row, says_more=says_more)
    queries.forget_address(file.lang, file.address)
    whole.forget()
    publish(ArticlePublished(slug=file.slug, lang=file.lang, version=row.version), by=by)
    return row


def take_down(row: Article, *, by: Actor, successor: str = "") -> None:
    """Take an article off the shelf; its versions stay.

    Its addresses lead to its successor, where it has one, else nowhere until it returns.
    """
    if row.address is not None:
        queries.remember_address(row.lang, row.address, row.slug)
    if successor:
        session.flush()
        queries.pass_addresses_on(row.lang, row.slug, successor)
    row.address, row.withdrawn_at = None, clock.now()
    whole.forget()
    publish(ArticleWithdrawn(slug=row.slug, lang=row.lang), by=by)


def keep_as_draft(source: str, row: Article) -> None:
    """Keep the words of a file that was changed meanwhile, once, for somebody to put together."""
    if queries.is_drafted(row.slug, row.lang, source):
        return
    session.add(
        ArticleDraft(
            slug=row.slug, lang=row.lang, source=source, base_version=row.version, author_id=None, saved_at=clock.now(),
            revision=1, origin="file",
        )
    )  # fmt: skip


def agreed(row: Article) -> None:
    """Somebody decided at the desk, knowing of the changed file: its text may now be written over."""
    if row.conflict_hash is not None:
        row.file_hash, row.conflict_hash = row.conflict_hash, None


def _copy(file: ArticleFile, row: Article) -> None:
    row.title, row.brief, row.address, row.category = file.title, file.brief, file.address, file.category
    row.audience, row.keywords, row.owner, row.reviewed = file.audience, list(file.keywords), file.owner, file.reviewed
    row.position, row.related, row.types = file.order, list(file.related), list(file.types)
    row.performance, row.starts, row.ends, row.body = file.performance, file.starts, file.ends, file.body


def _version(row: Article, file: ArticleFile, hands: Hands, note: str) -> ArticleVersion:
    return ArticleVersion(
        article_id=row.id, number=row.version, source=file.source, text_hash=row.text_hash,
        author_id=hands.author_id, reader_id=hands.reader_id, at=row.published_at, note=note[:200],
    )  # fmt: skip
