"""How the hour before a performance stands: how many have come in and when the doors close; pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

#: So long before the beginning, a house that is not full enough makes late arrivals.
CLOSING = timedelta(minutes=15)
#: The share of the sold seats from which on nobody need be waited for.
ENOUGH = 0.9
#: So long after its beginning a performance counts as played.
PLAYED = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Standing:
    """What an evening's house should know.

    `code` is off (it does not take place today), unsold, before (the doors are shut still), arriving, late (the doors
    close soon and many are missing), uncounted (nobody was scanned though it begins), begun or played. Units: minutes
    until the doors open, where it is before, else until they close.
    """

    code: str
    minutes: int
    share: float
    missing: int


def standing(
    *, status: str, sold: int, entered: int, doors_at: datetime | None, starts_at: datetime, now: datetime
) -> Standing:  # fmt: skip
    """How one performance stands now; the doors close when it begins."""
    code = _code(status, sold, entered, doors_at, starts_at, now)
    until = doors_at if code == "before" and doors_at else starts_at
    minutes = max(0, math.ceil((until - now) / timedelta(minutes=1)))
    return Standing(code, minutes, entered / sold if sold else 0.0, max(0, sold - entered))


def _code(
    status: str, sold: int, entered: int, doors_at: datetime | None, starts_at: datetime, now: datetime
) -> str:  # fmt: skip
    if status in {"cancelled", "postponed"}:
        return "off"
    if not sold:
        return "unsold"
    if now >= starts_at + PLAYED:
        return "played"
    if now >= starts_at - CLOSING and not entered:
        return "uncounted"
    if now >= starts_at:
        return "begun"
    if not entered and (doors_at is None or now < doors_at):
        return "before"
    return "late" if starts_at - now <= CLOSING and entered < ENOUGH * sold else "arriving"
