"""What is told of live incidents: banner, acknowledgement, phone script and canned answer all say the same.

Nothing is copied: what an incident tells is read where it is shown, so taking it down takes all of it down.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.incidents import queries
from app.incidents.models import Incident
from app.kernel.remembered import Remembered


@dataclass(frozen=True, slots=True)
class Told:
    """One live incident as everybody may read it."""

    id: int
    state: str
    cause: str
    performance_id: int | None
    title_fr: str
    title_en: str
    text_fr: str
    text_en: str
    words: tuple[str, ...]
    article: str | None
    noticed_at: datetime
    declared_at: datetime | None
    version: int

    def title(self, language: str) -> str:
        """What happened, in one of the two languages."""
        return self.title_fr if language == "fr" else self.title_en

    def text(self, language: str) -> str:
        """What everybody is told."""
        return self.text_fr if language == "fr" else self.text_en


def told(row: Incident) -> Told:
    """A row as plain values."""
    return Told(
        row.id, row.state, row.cause, row.performance_id, row.title_fr, row.title_en, row.text_fr, row.text_en,
        tuple(row.words), row.article, row.noticed_at, row.declared_at, row.version,
    )  # fmt: skip


_live = Remembered(lambda: [told(row) for row in queries.live()], seconds=2.0)


def live() -> list[Told]:
    """Incidents that concern what comes in: declared ones and those only noticed."""
    return _live()


def declared() -> list[Told]:
    """What everybody is told at this moment."""
    return [one for one in _live() if one.state == "declared"]


def revision() -> int:
    """A number that changes when any of it does."""
    return _live.revision()


def forget() -> None:
    """Ask again next time."""
    _live.forget()
