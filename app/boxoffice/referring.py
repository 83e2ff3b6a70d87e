"""Performances by the references that the ticketing system gave them; nothing is changed here."""

from __future__ import annotations

from collections.abc import Collection

from app.boxoffice import picking
from app.boxoffice import picking_queries as queries
from app.boxoffice.service import PerformanceCard, performance_of
from app.kernel import clock

#: So many of the next performances are offered before anybody searched.
OFFERED = 30


def by_code(codes: Collection[str]) -> dict[str, PerformanceCard]:
    """Performances by their references; what is not on the bill is left out."""
    return {code: card for card, code in _coded(codes=codes)}


def offered(words: str = "") -> list[tuple[str, PerformanceCard]]:
    """Performances to choose from. Shape: pairs (reference, performance), by date.

    Args:
        words: of their work, hall or date; nothing offers the next ones.
    """
    if not words.strip():
        return [(code, card) for card, code in _coded(after=True)][:OFFERED]
    found = picking.found(words, changed_only=False)
    codes = queries.codes([card.id for card in found])
    return [(codes[card.id], card) for card in found]


def _coded(*, codes: Collection[str] | None = None, after: bool = False) -> list[tuple[PerformanceCard, str]]:
    rows = queries.coded(codes=codes, since=clock.now() if after else None, limit=OFFERED if after else None)
    return [(performance_of(row), row.code) for row in rows]
