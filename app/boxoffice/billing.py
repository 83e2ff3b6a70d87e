"""Writes the works and dates of a batch of admissions, and what is said of dates that were known before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from app.boxoffice import import_queries as queries
from app.boxoffice.connectors.port import Sale
from app.boxoffice.models import Performance, Production
from app.boxoffice.naming import performance_code, production_code, season_of


@dataclass(frozen=True, slots=True)
class Bill:
    """The dates of a batch by code; those never seen before, and those of which something else is said than before."""

    dates: Mapping[str, int]
    fresh: frozenset[int]
    said: Mapping[int, str]


def bill(sales: Sequence[Sale], zone: ZoneInfo) -> Bill:
    """Write the works and dates of some admissions."""
    works = _works(sales, zone)
    dates = {performance_code(sale, zone): sale for sale in reversed(sales)}
    said = {performance_code(sale, zone): sale.performance_status for sale in sales if sale.performance_status}
    there = queries.performances(dates)
    new = queries.added(Performance, [
        {
            "code": code, "production_id": works[production_code(sale)], "hall": sale.hall,
            "starts_at": sale.performance_at, "doors_at": None, "new_starts_at": None, "vat_bp": sale.vat_bp,
            "status": said.get(code, "scheduled"),
        }
        for code, sale in dates.items() if code not in there
    ], "code")  # fmt: skip
    known = queries.statuses(there.values())
    changed = {
        key: said[code] for code, key in there.items()
        if code in said and is_news(said[code], dates[code].performance_at, *known[key])
    }  # fmt: skip
    queries.change(Performance, [
        {"id": key, "status": status, "new_starts_at": None if status == "scheduled" else known[key][1]}
        for key, status in changed.items()
    ])  # fmt: skip
    return Bill(there | new, frozenset(new.values()), changed)


def is_news(said: str, at: datetime, status: str, new_starts_at: datetime | None) -> bool:
    """Whether what a file says of a date differs from what is known of it.

    A date that moved is on sale at its new moment: that takes back nothing.
    """
    return said != status and not (said == "scheduled" and status == "postponed" and at == new_starts_at)


def _works(sales: Sequence[Sale], zone: ZoneInfo) -> dict[str, int]:
    works = {production_code(sale): sale for sale in reversed(sales)}
    known = queries.productions(works)
    return known | queries.added(Production, [
        {
            "code": code, "title_fr": sale.event, "title_en": sale.event, "analytic_code": sale.event_code,
            "season": season_of(sale.performance_at.astimezone(zone)),
        }
        for code, sale in works.items() if code not in known
    ], "code")  # fmt: skip
