"""What requests do when others speak."""

from __future__ import annotations

from collections.abc import Sequence

from app.people.events import StandingChanged
from app.tickets import placing


def hand_back(events: Sequence[StandingChanged]) -> None:
    """Colleagues may no longer answer where they did: what they had and cannot answer is free again."""
    for person_id in {e.person_id for e in events}:
        placing.hand_back(person_id)
