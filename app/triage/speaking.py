"""What this house says of its reasons, as the sorting hears it: read from the catalogue, remembered for seconds."""

from __future__ import annotations

from app.catalogue import service as catalogue
from app.kernel.remembered import Remembered
from app.triage import queries
from app.triage.house import House
from app.triage.labels import CATEGORIES


def read() -> House:
    """What the house says, asked anew."""
    cards = catalogue.categories()
    written = {row.category: row.phrases for row in queries.phrases()}
    return House(
        tuple((slug, texts(one.name_fr, one.description_fr, one.name_en, one.description_en))
              for slug, one in cards.items()),
        tuple(slug for slug in cards if slug not in CATEGORIES),
        tuple((slug, words) for slug, words in written.items() if slug in cards and words),
    )  # fmt: skip


def texts(name_fr: str, fr: str, name_en: str, en: str) -> tuple[str, str]:
    """What a category says of itself, in both languages."""
    return f"{name_fr}. {fr}", f"{name_en}. {en}"


house = Remembered(read)
"""What the house says of its reasons; other processes see a change within seconds."""
