"""Facts about spectators who are awaited."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SpectatorReminded(Event):
    """A spectator was reminded that we wait for them; `warned` when also of the end of the request."""

    ticket_id: int
    warned: bool = False
