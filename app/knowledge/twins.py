"""The two languages of an article side by side, and what changed in one since the other was published."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.access import Actor, Permission
from app.kernel.errors import NotFound
from app.knowledge import queries, signals
from app.knowledge.history import DiffLine, diff
from app.knowledge.signals import TOGETHER, Edition


@dataclass(frozen=True, slots=True)
class Side:
    """An article in one language: how it stands, and its whole text; none where it is not written yet."""

    edition: Edition
    source: str | None


@dataclass(frozen=True, slots=True)
class Beside:
    """Both languages, the house's own first; `changed` is what became of that one since the other was published."""

    own: Side
    other: Side
    changed: tuple[DiffLine, ...]


def beside(slug: str, *, by: Actor) -> Beside:
    """Both languages of an article.

    Raises:
        NotFound: it is on the shelf in neither.
    """
    by.must(Permission.ARTICLE_EDIT)
    own, other = (
        Side(edition, queries.current_source(slug, lang) if edition.card else None)
        for lang, edition in signals.editions(slug, by=by).items()
    )
    if own.source is None and other.source is None:
        raise NotFound("article")
    return Beside(own, other, _changed(own, other))


def _changed(own: Side, other: Side) -> tuple[DiffLine, ...]:
    if own.edition.card is None or other.edition.card is None or own.source is None or not other.edition.behind:
        return ()
    then = queries.version_at(own.edition.card.id, other.edition.card.published_at + TOGETHER)
    return tuple(diff(then.source, own.source)) if then is not None else ()
