"""Publishing in one press: a text goes online, is taken back, is checked again; what was withdrawn returns."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, NotFound
from app.kernel.transaction import transactional
from app.knowledge import editing, pairing, placing, queries, whole
from app.knowledge.editing import DraftInput
from app.knowledge.library import dump, parse
from app.knowledge.models import Article, ArticleDraft, ArticleVersion


@transactional
def publish_text(
    given: DraftInput,
    *,
    note: str = "",
    seen_version: int | None = None,
    request_types: Collection[str] | None = None,
    by: Actor,
) -> int:
    """Save a text and make it what people read. Returns the version; refused, nothing is saved either.

    Raises:
        Conflict: the article changed since the text was begun, and the editor has not seen that.
        Invalid: the text is no article, or something in it must be mended first.
    """
    saved = editing.save_draft(given, by=by)
    return editing.publish(
        saved.draft_id, note=note, seen_version=seen_version, request_types=request_types, by=by
    )  # fmt: skip


@transactional
def put_back(slug: str, lang: str, *, by: Actor) -> None:
    """Put a withdrawn article on the shelf again, as it was.

    Raises:
        NotFound: no article of this name was withdrawn.
    """
    by.must(Permission.ARTICLE_PUBLISH)
    row = queries.article(slug, lang)
    current = queries.version(row.id, row.version) if row is not None else None
    if row is None or row.withdrawn_at is None or current is None:
        raise NotFound("article")
    file = parse(current.source)
    placing.free_addresses([(file, row)])
    placing.place(file, row, from_desk=True, by=by)


@transactional
def take_back(slug: str, lang: str, number: int, *, note: str = "", by: Actor) -> int:
    """Undo a publication: people read what they read before it, and its text is a draft again.

    Args:
        slug: the article.
        lang: its language.
        number: the version that is taken back; a first one leaves the shelf.
        note: why, for the list of versions.
        by: who takes it back.

    Returns:
        The draft's id.

    Raises:
        NotFound: there is no such article, or it is not on the shelf.
        Conflict: another version went online since.
    """
    by.must(Permission.ARTICLE_PUBLISH)
    row = _on_the_shelf(slug, lang)
    if row.version != number:
        raise Conflict("article_changed", version=row.version)
    taken, before = queries.version(row.id, number), queries.version(row.id, number - 1)
    if taken is None:
        raise NotFound("article_version")
    placing.agreed(row)
    if before is None:
        placing.take_down(row, by=by)
    else:
        _put(before.source, row, note, placing.Hands(before.author_id, before.reader_id), by)
        pairing.undo(row, taken=taken.at, before=before.at)
    return _draft_again(taken, row, by)


@transactional
def check_again(slug: str, lang: str, *, note: str = "", by: Actor) -> int:
    """Say that an article was read through today and still holds: a new version of the same text. Returns the version.

    Raises:
        NotFound: it is not on the shelf.
    """
    by.must(Permission.ARTICLE_PUBLISH)
    row = _on_the_shelf(slug, lang)
    current = queries.version(row.id, row.version)
    if current is None:
        raise NotFound("article_version")
    pairing.holds(row)
    source = dump(replace(parse(current.source), reviewed=whole.today()))
    return _put(source, row, note, placing.Hands(current.author_id, current.reader_id), by)


def _on_the_shelf(slug: str, lang: str) -> Article:
    row = queries.article(slug, lang, locked=True)
    if row is None or row.withdrawn_at is not None:
        raise NotFound("article")
    return row


def _put(source: str, row: Article, note: str, hands: placing.Hands, by: Actor) -> int:
    file = parse(source)
    placing.free_addresses([(file, row)])
    return placing.place(file, row, from_desk=True, by=by, note=note, hands=hands).version


def _draft_again(taken: ArticleVersion, row: Article, by: Actor) -> int:
    draft = ArticleDraft(
        slug=row.slug, lang=row.lang, source=taken.source, base_version=row.version, author_id=taken.author_id or
        by.person_id, saved_at=clock.now(), revision=1, origin="version",
    )  # fmt: skip
    session.add(draft)
    session.flush()
    return draft.id
