"""The library of canned answers as its editors see it: those in use, those retired, how often each was used."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from app.catalogue import queries
from app.catalogue.defaults import ANSWER_VARIABLES
from app.catalogue.models import CannedAnswer
from app.catalogue.variables import unknown
from app.kernel.access import Actor, Permission
from app.kernel.errors import NotFound
from app.venue import service as venue


@dataclass(frozen=True, slots=True)
class Entry:
    """A canned answer with everything an editor may want to know of it."""

    id: int
    title_fr: str
    title_en: str
    body_fr: str
    body_en: str
    categories: tuple[str, ...]
    then: str | None
    uses: int
    revision: int
    updated_at: datetime
    updated_by: int | None
    active: bool

    def title(self, language: str) -> str:
        """Its title in one of the two languages."""
        return self.title_fr if language == "fr" else self.title_en


def entries(*, by: Actor) -> list[Entry]:
    """Every canned answer, most used first, the retired ones too."""
    by.must(Permission.CANNED_EDIT)
    return [_entry(row) for row in queries.canned_answers(with_retired=True)]


def entry(answer_id: int, *, by: Actor) -> Entry:
    """One canned answer, in use or not.

    Raises:
        NotFound: there is none.
    """
    by.must(Permission.CANNED_EDIT)
    row = queries.canned_answer(answer_id)
    if row is None:
        raise NotFound("canned_answer")
    return _entry(row)


def variables() -> list[str]:
    """Names a canned answer may use: those of the request first, then the facts of the house."""
    facts = sorted(set(venue.house().facts) - ANSWER_VARIABLES)
    return [*sorted(ANSWER_VARIABLES), *facts]


def unfillable(texts: Collection[str]) -> list[str]:
    """Names written in some texts that nobody will ever fill."""
    known = set(variables())
    return list(dict.fromkeys(name for text in texts for name in unknown(text, known)))


def _entry(row: CannedAnswer) -> Entry:
    return Entry(
        row.id, row.title_fr, row.title_en, row.body_fr, row.body_en, tuple(row.categories), row.then_state, row.uses,
        row.revision, row.updated_at, row.updated_by, row.active,
    )  # fmt: skip
