"""How the demo's people write dates, sums and seats in the two languages; pure."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from app.venue import moments
from app.venue.moments import NBSP

_COUNTS = {
    "fr": ("une place", "deux places", "trois places", "quatre places", "cinq places"),
    "en": ("one seat", "two seats", "three seats", "four seats", "five seats"),
}


def day(moment: datetime, lang: str, zone: ZoneInfo) -> str:
    """A date as people type it: samedi 12 décembre, Saturday 12 December."""
    return moments.day(moment, lang, zone, year=False).replace(NBSP, " ")


def short_day(moment: datetime, zone: ZoneInfo) -> str:
    """A date in figures: 12/12."""
    at = moment.astimezone(zone)
    return f"{at.day}/{at.month:02}"


def amount(cents: int, lang: str) -> str:
    """A sum in euros as people write it, without cents when there are none."""
    euros, rest = divmod(cents, 100)
    if lang == "en":
        return f"€{euros}.{rest:02}" if rest else f"€{euros}"
    return f"{euros},{rest:02}{NBSP}€" if rest else f"{euros}{NBSP}€"


def count(seats: int, lang: str) -> str:
    """How many seats, in words."""
    return _COUNTS[lang][min(max(seats, 1), 5) - 1]


def seats(labels: list[tuple[str, str]], lang: str) -> str:
    """Seats of one category in words: Corbeille B 14 et B 16.

    Shape of `labels`: pairs (category, seat).
    """
    if not labels:
        return ""
    numbers = [seat for _, seat in labels]
    joint = " et " if lang == "fr" else " and "
    told = ", ".join(numbers[:-1]) + joint + numbers[-1] if len(numbers) > 1 else numbers[0]
    return f"{labels[0][0]} {told}"
