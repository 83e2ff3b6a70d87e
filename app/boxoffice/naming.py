"""Codes of works, dates and records that a file does not name itself: the same words give the same code; pure."""

from __future__ import annotations

import hashlib
from datetime import datetime
from zoneinfo import ZoneInfo

from app.boxoffice.connectors.port import Sale


def production_code(sale: Sale) -> str:
    """The code of a work: its own, or one made of its title."""
    return sale.event_code or _short(sale.event, sale.event, 40)


def performance_code(sale: Sale, zone: ZoneInfo) -> str:
    """The code of a date: that of its work, the local day and hour, and what tells halls apart."""
    code = production_code(sale)
    return _short(f"{code[:18]}-{sale.performance_at.astimezone(zone):%y%m%d%H%M}", f"{code}|{sale.hall}", 40)


def season_of(local: datetime) -> str:
    """The season of a date, such as 2026-2027; it turns in August."""
    first = local.year if local.month >= 8 else local.year - 1
    return f"{first}-{first + 1}"


def _short(start: str, whole: str, most: int) -> str:
    mark = hashlib.blake2b(whole.encode(), digest_size=4).hexdigest()
    return f"{start[: most - len(mark) - 1].strip()}-{mark}"


def household_code(system: str, number: str) -> str:
    """The code of a record: its system and number, shortened where that is too long."""
    code = f"{system}:{number}"
    return code if len(code) <= 40 else _short(code, code, 40)
