"""A second person reads a draft before it goes online: asked, sent back with words, agreed with."""

from __future__ import annotations

from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.transaction import publish, transactional
from app.knowledge import queries, reviews
from app.knowledge.editing import DraftCard, drafts
from app.knowledge.events import ReviewSaid
from app.knowledge.library import storable
from app.knowledge.models import ArticleDraft

#: Characters of what is said with it.
LONGEST = 1_000


@transactional
def ask(draft_id: int, words: str = "", *, by: Actor) -> None:
    """Ask a second person to read a draft.

    Raises:
        NotFound: it was published or thrown away.
        Invalid: field `review`.
    """
    by.must(Permission.ARTICLE_EDIT)
    _say(_draft(draft_id), reviews.ASKED, words, by)


@transactional
def agree(draft_id: int, words: str = "", *, revision: int, by: Actor) -> None:
    """Agree with a draft as it stands: its author may then make it what people read.

    Args:
        draft_id: the draft.
        words: what is said with it.
        revision: the one that was read.
        by: the second person.

    Raises:
        NotFound: it was published or thrown away.
        Conflict: it was written on meanwhile.
        Invalid: field `review`: too long, or their own text: nobody agrees with their own text.
    """
    by.must(Permission.ARTICLE_PUBLISH)
    row = _draft(draft_id)
    if not reviews.may_agree(row.author_id, by.person_id):
        raise Invalid({"review": "own_text"})
    if row.revision != revision:
        raise Conflict("draft_changed")
    _say(row, reviews.AGREED, words, by)


@transactional
def send_back(draft_id: int, words: str, *, revision: int, by: Actor) -> None:
    """Send a draft back to who wrote it, saying what to change.

    Args:
        draft_id: the draft.
        words: what to change.
        revision: the one that was read.
        by: the second person.

    Raises:
        NotFound: it was published or thrown away.
        Conflict: it was written on meanwhile.
        Invalid: field `review`: nothing was said.
    """
    by.must(Permission.ARTICLE_EDIT)
    row = _draft(draft_id)
    if not words.strip():
        raise Invalid({"review": "empty"})
    if row.revision != revision:
        raise Conflict("draft_changed")
    _say(row, reviews.RETURNED, words, by)


def waiting(*, by: Actor) -> list[DraftCard]:
    """Drafts that somebody is asked to read, the oldest request first."""
    found = [card for card in drafts(by=by) if card.review == reviews.ASKED]
    return sorted(found, key=lambda card: card.review_at or card.saved_at)


def _draft(draft_id: int) -> ArticleDraft:
    row = queries.draft(draft_id, locked=True)
    if row is None:
        raise NotFound("article_draft")
    return row


def _say(row: ArticleDraft, review: str, words: str, by: Actor) -> None:
    text = storable(words).strip()
    if len(text) > LONGEST:
        raise Invalid({"review": "too_long"})
    row.review, row.review_by_id, row.review_at, row.review_words = review, by.person_id, clock.now(), text
    publish(ReviewSaid(draft_id=row.id, revision=row.revision, review=review, by_id=by.person_id), by=by)
