"""Every published article as a card, remembered by each process for a few seconds; nobody is refused anything here."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.kernel import clock
from app.kernel.remembered import Remembered
from app.knowledge import facts, performances, queries
from app.knowledge.cards import ArticleCard
from app.knowledge.library import LANGUAGES
from app.knowledge.performances import Billed
from app.knowledge.variables import fill
from app.venue import service as venue


@dataclass(frozen=True, slots=True)
class Whole:
    """Every published article as a card, with a word that changes when any of them does."""

    cards: tuple[ArticleCard, ...]
    by_key: dict[tuple[str, str], ArticleCard]
    by_address: dict[tuple[str, str], ArticleCard]
    revision: str

    def twins(self, card: ArticleCard) -> tuple[ArticleCard, ...]:
        """The same article in other languages."""
        found = (self.by_key.get((card.slug, lang)) for lang in LANGUAGES if lang != card.lang)
        return tuple(twin for twin in found if twin is not None)


def _read_shelf() -> Whole:
    said = {lang: facts.values(lang) for lang in LANGUAGES}
    rows = queries.shelf()
    bill = performances.billed(row.performance for row in rows)
    cards = tuple(_card(row._mapping, said[row.lang], bill.get(row.performance)) for row in rows)
    marks = "".join(f"{card.slug}.{card.lang}.{card.address}.{card.mark}\n" for card in cards)
    return Whole(
        cards,
        {(card.slug, card.lang): card for card in cards},
        {(card.lang, card.address): card for card in cards},
        hashlib.sha256((marks + facts.fingerprint()).encode()).hexdigest(),
    )


def _card(row: Mapping[str, object], said: dict[str, str], billed: Billed | None) -> ArticleCard:
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    if billed is not None:
        said = said | billed.values(str(row["lang"]))
        # A last day that an editor wrote is the editor's word: it stands.
        values["ends_with"] = row["ends"] is None and billed.ends is not None
        values["ends"] = row["ends"] or billed.ends
    values["title"] = fill(str(row["title"]), said)
    values["brief"] = fill(str(row["brief"]), said)
    return ArticleCard(**values, billed=billed)  # type: ignore[arg-type] # the columns of a card are its fields


whole = Remembered(_read_shelf)


def today() -> date:
    """The date at the house."""
    return clock.now().astimezone(venue.house().tz).date()


def forget() -> None:
    """The shelf has changed; verbs that change it call this."""
    whole.forget()
