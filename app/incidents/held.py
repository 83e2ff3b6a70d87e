"""Answers whose next wave waits for somebody, as every page of whoever sends them shows."""

from __future__ import annotations

from dataclasses import dataclass

from app.incidents import answer_queries
from app.kernel.access import Actor, Permission
from app.kernel.remembered import Remembered


@dataclass(frozen=True, slots=True)
class Held:
    """One answer that waits, and the incident it is about."""

    answer_id: int
    incident_id: int
    #: The wave that was told; 0 where nobody was told yet.
    wave: int
    title_fr: str
    title_en: str

    def title(self, language: str) -> str:
        """What happened, in one of the two languages."""
        return self.title_fr if language == "fr" else self.title_en


def held_now(*, by: Actor) -> list[Held]:
    """What waits at this moment, asked anew."""
    by.must(Permission.CROWD_ANSWER)
    return _read()


def _read() -> list[Held]:
    return [Held(*row) for row in answer_queries.held_now()]


_held = Remembered(_read)


def held(*, by: Actor) -> list[Held]:
    """What waits, as it was seconds ago."""
    by.must(Permission.CROWD_ANSWER)
    return _held()


def forget() -> None:
    """Ask again next time."""
    _held.forget()
