"""Readers correct articles: proposed from the page, decided by an editor, undone, thanked once by letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.transaction import publish, transactional
from app.knowledge import baring, shelf, whole
from app.knowledge import correction_queries as queries
from app.knowledge.cards import ArticleCard
from app.knowledge.events import CorrectionAccepted, CorrectionProposed, CorrectionRefused, CorrectionReopened
from app.knowledge.library import storable
from app.knowledge.models import ArticleCorrection
from app.people import service as people
from app.people.names import normalised
from app.people.service import Writer

#: Characters of a correction and of what an editor says of it, and how many may wait.
LONGEST, LONGEST_REASON, WAITING = 2_000, 1_000, 200
#: So many are listed.
LISTED = 50
STATES = ("waiting", "accepted", "refused")


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionInput:
    """What a reader proposes; validates itself. The address is left or not: it is only thanked at."""

    slug: str
    lang: str
    text: str
    email: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be read or answered.

        Raises:
            Invalid: per field.
        """
        wrong = {} if self.text.strip() else {"text": "empty"}
        wrong |= {"text": "too_long"} if len(self.text) > LONGEST else {}
        wrong |= {"email": "email"} if self.email.strip() and not normalised(self.email) else {}
        if wrong:
            raise Invalid(wrong)


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction as editors read it; `thanks` tells whether its reader left an address. Nobody sees which."""

    id: int
    slug: str
    lang: str
    title: str
    version: int
    text: str
    at: datetime
    state: str
    reason: str
    decided_by_id: int | None
    decided_at: datetime | None
    thanks: bool


@dataclass(frozen=True, slots=True)
class Thanks:
    """Who is to be thanked, and for which article."""

    person_id: int
    lang: str
    title: str
    path: str


@transactional
def propose(given: CorrectionInput, *, by: Actor) -> int:
    """Propose a correction: without addresses and numbers it waits for an editor. Returns its id.

    Raises:
        NotFound: there is no such article for this reader.
        Invalid: field `form`: too many wait already.
    """
    card = shelf.find(by, given.slug, given.lang)
    if card is None:
        raise NotFound("article")
    # Whoever fills the list with rubbish must not hide what editors have to read.
    if queries.waiting() >= WAITING:
        raise Invalid({"form": "proposals_full"})
    row = ArticleCorrection(
        article_id=card.id, version=card.version, text=baring.bare(storable(given.text).strip(), ()),
        person_id=_person(given), at=clock.now(), state="waiting", reason="",
    )  # fmt: skip
    session.add(row)
    session.flush()
    publish(CorrectionProposed(correction_id=row.id), by=by)
    return row.id


@transactional
def accept(correction_id: int, *, by: Actor) -> tuple[str, str]:
    """Take a correction up: its reader is thanked. Returns the article, as pair (slug, language).

    Raises:
        NotFound: there is none.
        Conflict: another colleague decided already.
    """
    row = _decided(correction_id, "accepted", "", by)
    publish(CorrectionAccepted(correction_id=row.id), by=by)
    return _article(row)


@transactional
def refuse(correction_id: int, reason: str, *, by: Actor) -> tuple[str, str]:
    """Leave an article as it is, saying why to colleagues. Returns the article, as pair (slug, language).

    Raises:
        NotFound: there is none.
        Invalid: field `reason`: empty or too long.
        Conflict: another colleague decided already.
    """
    by.must(Permission.ARTICLE_EDIT)
    if not reason.strip():
        raise Invalid({"reason": "empty"})
    if len(reason) > LONGEST_REASON:
        raise Invalid({"reason": "too_long"})
    row = _decided(correction_id, "refused", storable(reason).strip(), by)
    publish(CorrectionRefused(correction_id=row.id), by=by)
    return _article(row)


@transactional
def reopen(correction_id: int, *, by: Actor) -> None:
    """Undo what was decided of a correction: it waits again. A letter that has thanked is not written twice.

    Raises:
        NotFound: there is none.
    """
    by.must(Permission.ARTICLE_EDIT)
    row = _row(correction_id)
    if row.state == "waiting":
        return
    row.state, row.reason, row.decided_by_id, row.decided_at = "waiting", "", None, None
    publish(CorrectionReopened(correction_id=row.id), by=by)


def listed(state: str = "", *, by: Actor) -> list[Correction]:
    """Corrections, the newest first, in one state where it is named."""
    by.must(Permission.ARTICLE_EDIT)
    return [Correction(*row) for row in queries.corrections(state=state, limit=LISTED)]


def of_article(slug: str, lang: str, *, by: Actor) -> list[Correction]:
    """Corrections of one article, the newest first."""
    by.must(Permission.ARTICLE_EDIT)
    return [Correction(*row) for row in queries.corrections(key=(slug, lang), limit=LISTED)]


@transactional
def thanked(correction_ids: Sequence[int]) -> list[Thanks]:
    """Note that readers of accepted corrections are thanked now; those who were, or left no address, are left out."""
    found: list[Thanks] = []
    for correction_id in correction_ids:
        row, article = queries.correction(correction_id), queries.article_of(correction_id)
        if row is None or article is None or row.person_id is None or row.thanked_at or row.state != "accepted":
            continue
        row.thanked_at = clock.now()
        card = whole.whole().by_key.get((article.slug, article.lang))
        found.append(Thanks(row.person_id, article.lang, _title(card, article.title), card.path if card else "/"))
    return found


def _title(card: ArticleCard | None, title: str) -> str:
    return card.title if card else title


def _person(given: CorrectionInput) -> int | None:
    address = normalised(given.email)
    if not address:
        return None
    return people.recognise([Writer(address, language=given.lang)]).get(address)


def _decided(correction_id: int, state: str, reason: str, by: Actor) -> ArticleCorrection:
    by.must(Permission.ARTICLE_EDIT)
    row = _row(correction_id)
    if row.state != "waiting":
        raise Conflict("correction_decided")
    row.state, row.reason, row.decided_by_id, row.decided_at = state, reason, by.person_id, clock.now()
    return row


def _row(correction_id: int) -> ArticleCorrection:
    row = queries.correction(correction_id)
    if row is None:
        raise NotFound("article_correction")
    return row


def _article(row: ArticleCorrection) -> tuple[str, str]:
    article = queries.article_of(row.id)
    if article is None:
        raise NotFound("article")
    return article.slug, article.lang
