"""The two languages of an article side by side, and what changed in one since the other was published."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.access import Actor, Permission
from app.kernel.errors import NotFound
from app.knowledge import queries, signals
from app.knowledge.history import DiffLine, diff
from app.knowledge.signals import Edition


@dataclass(frozen=True, slots=True)
class Side:
    """An article in one language: how it stands, and its whole text; none where it is not written yet."""

    edition: Edition
    source: str | None


@dataclass(frozen=True, slots=True)
class Beside:
    """Both languages, the house's own first; `changed` is what became of one since the other says less."""

    own: Side
    other: Side
    changed: tuple[DiffLine, ...]

    @property
    def late(self) -> Side | None:
        """The one that does not say yet what the other says."""
        return next((side for side in (self.own, self.other) if side.edition.behind), None)


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
    return Beside(own, other, (*_changed(own, other), *_changed(other, own)))


def _changed(lead: Side, late: Side) -> tuple[DiffLine, ...]:
    behind = late.edition.card if late.edition.behind else None
    if lead.edition.card is None or lead.source is None or behind is None or behind.behind_since is None:
        return ()
    then = queries.version_before(lead.edition.card.id, behind.behind_since)
    return tuple(diff(then.source, lead.source)) if then is not None else ()
