"""Publishing in one press: the text in hand becomes what people read; what was withdrawn returns."""

from __future__ import annotations

from collections.abc import Collection

from app.kernel.access import Actor, Permission
from app.kernel.errors import NotFound
from app.kernel.transaction import transactional
from app.knowledge import editing, placing, queries
from app.knowledge.editing import DraftInput
from app.knowledge.library import parse


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
