"""Choosing performances from the whole bill: found by words, or known by number; nothing is changed here."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from app.boxoffice import picking_queries as queries
from app.boxoffice.service import PerformanceCard, performance_of
from app.people.names import folded
from app.venue import service as venue
from app.venue.moments import day

#: So many are shown at once; more words find the others.
SHOWN = 200


def found(words: str, *, changed_only: bool, beside: Collection[int] = ()) -> list[PerformanceCard]:
    """Performances whose work, hall or date holds every one of some words, by date, without some known ones.

    Args:
        words: nothing finds all.
        changed_only: only what was cancelled, moved or broken off.
        beside: numbers of performances that are left out.
    """
    wanted = folded(words).split()
    some = [
        card for card in map(performance_of, queries.bill())
        if card.id not in beside and (not changed_only or card.status in {"cancelled", "postponed", "interrupted"})
        and all(word in _said(card) for word in wanted)
    ]  # fmt: skip
    return some[:SHOWN]


def cards(performance_ids: Iterable[int]) -> list[PerformanceCard]:
    """Performances by number, by date; what does not exist is left out."""
    wanted = list(performance_ids)
    return [performance_of(row) for row in queries.bill(wanted)] if wanted else []


def tariffs(performance_ids: Iterable[int]) -> list[str]:
    """Tariffs at which seats of some performances were sold."""
    wanted = list(performance_ids)
    return queries.tariffs(wanted) if wanted else []


def _said(card: PerformanceCard) -> str:
    zone = venue.house().tz
    dates = (day(card.starts_at, lang, zone) for lang in ("fr", "en"))
    return folded(" ".join((card.title_fr, card.title_en, card.hall, *dates)))
