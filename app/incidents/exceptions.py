"""Why a person must read a request of the crowd, and how gravely; pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

#: Reasons, the gravest first.
GRAVITY: Final = (
    "at_the_door", "tonight", "distress", "access", "minors", "legal", "chargeback", "bank", "other_order",
    "third_party", "amount", "lost_ticket", "two_shows", "replied", "asks_more", "by_hand", "novel",
)  # fmt: skip
#: Ranks between one reason and the next, among which novelty decides.
STEP: Final = 100
_PLACE: Final = {code: place for place, code in enumerate(GRAVITY)}


def rank(codes: Sequence[str], novelty: float | None) -> int:
    """How soon it must be read among exceptions, the lowest first; 0 for what is none."""
    if not codes:
        return 0
    place = min(_PLACE.get(code, len(GRAVITY)) for code in codes)
    return 1 + place * STEP + round((1 - (novelty or 0.0)) * (STEP - 1))


def in_order(codes: Sequence[str]) -> list[str]:
    """Each reason once, the gravest first."""
    return sorted(dict.fromkeys(codes), key=lambda code: _PLACE.get(code, len(GRAVITY)))
