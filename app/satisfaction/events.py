"""Facts about opinions."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionAsked(Event):
    """A spectator was asked for an opinion."""

    ticket_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionGiven(Event):
    """A spectator gave an opinion; `before` is the mark it replaces."""

    ticket_id: int
    mark: int
    before: int | None = None
