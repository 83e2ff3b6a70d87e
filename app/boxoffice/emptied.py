"""Performances to come of which the ticketing system has cancelled every ticket; nothing is changed here."""

from __future__ import annotations

from typing import Final

from app.boxoffice import holding_queries as queries
from app.kernel import clock

#: Fewer tickets than this, all cancelled, may be chance.
ENOUGH: Final = 10


def coming() -> list[int]:
    """Performances to come, played as planned as far as the bill knows, whose tickets are cancelled, all of them."""
    return queries.emptied(clock.now(), ENOUGH)
