"""What colleagues say of an article among themselves; readers never see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Invalid, NotFound
from app.kernel.transaction import transactional
from app.knowledge import correction_queries as queries
from app.knowledge import signals
from app.knowledge.library import storable
from app.knowledge.models import ArticleComment

#: Characters of one comment, and how many are shown.
LONGEST, SHOWN = 2_000, 50


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment as colleagues read it."""

    author_id: int
    text: str
    at: datetime


@transactional
def comment(slug: str, text: str, *, by: Actor) -> None:
    """Say something of an article to colleagues; sent twice in a row, it is said once.

    Raises:
        NotFound: there is no such article, not even as a draft.
        Invalid: field `comment`: empty or too long.
    """
    by.must(Permission.ARTICLE_EDIT)
    said = storable(text).strip()
    if not said or len(said) > LONGEST:
        raise Invalid({"comment": "too_long" if said else "empty"})
    if by.person_id is None or not any(one.exists for one in signals.editions(slug, by=by).values()):
        raise NotFound("article")
    last = next(iter(queries.comments(slug, 1)), None)
    if last is not None and (last.author_id, last.text) == (by.person_id, said):
        return
    session.add(ArticleComment(slug=slug, author_id=by.person_id, text=said, at=clock.now()))
    session.flush()


def comments(slug: str, *, by: Actor) -> list[Comment]:
    """What colleagues said of an article, the newest first."""
    by.must(Permission.ARTICLE_EDIT)
    return [Comment(row.author_id, row.text, row.at) for row in queries.comments(slug, SHOWN)]
