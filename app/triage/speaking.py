"""What this house says of its reasons, as the sorting hears it: read from the catalogue, remembered for seconds."""

from __future__ import annotations

from app.catalogue import service as catalogue
from app.kernel.remembered import Remembered
from app.triage import queries
from app.triage.house import House
from app.triage.labels import CATEGORIES


def house() -> House:
    """What the house says; other processes hear a change within seconds."""
    cards = catalogue.categories()
    return House(
        tuple(
            (slug, texts(one.name_fr, one.description_fr, one.name_en, one.description_en))
            for slug, one in cards.items()
        ),
        tuple(slug for slug in cards if slug not in CATEGORIES),
        tuple((slug, words) for slug, words in phrases() if slug in cards and words),
    )  # fmt: skip


def _phrases() -> tuple[tuple[str, str], ...]:
    return tuple((row.category, row.phrases) for row in queries.phrases())


phrases = Remembered(_phrases)


def texts(name_fr: str, fr: str, name_en: str, en: str) -> tuple[str, str]:
    """What a category says of itself, in both languages."""
    return f"{name_fr}. {fr}", f"{name_en}. {en}"
