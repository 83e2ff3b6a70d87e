"""Every published article as a card, remembered by each process for a few seconds; nobody is refused anything here."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from app.kernel import clock
from app.kernel.remembered import Remembered
from app.knowledge import facts, queries
from app.knowledge.cards import ArticleCard
from app.knowledge.library import LANGUAGES
from app.knowledge.variables import fill
from app.venue import service as venue


@dataclass(frozen=True, slots=True)
class Whole:
    """Every published article as a card, with a word that changes when any of them does."""

    cards: tuple[ArticleCard, ...]
    by_key: dict[tuple[str, str], ArticleCard]
    by_address: dict[tuple[str, str], ArticleCard]
    revision: str


def _read_shelf() -> Whole:
    said = {lang: facts.values(lang) for lang in LANGUAGES}
    cards = tuple(_card(row._mapping, said[row.lang]) for row in queries.shelf())
    marks = "".join(f"{card.slug}.{card.lang}.{card.address}.{card.text_hash}\n" for card in cards)
    return Whole(
        cards,
        {(card.slug, card.lang): card for card in cards},
        {(card.lang, card.address): card for card in cards},
        hashlib.sha256((marks + facts.fingerprint()).encode()).hexdigest(),
    )


def _card(row: dict[str, object], said: dict[str, str]) -> ArticleCard:
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    values["title"] = fill(str(row["title"]), said)
    values["brief"] = fill(str(row["brief"]), said)
    return ArticleCard(**values)  # type: ignore[arg-type] # the columns of a card are its fields


whole = Remembered(_read_shelf)


def today() -> date:
    """The date at the house."""
    return clock.now().astimezone(venue.house().tz).date()


def forget() -> None:
    """The shelf has changed; verbs that change it call this."""
    whole.forget()
