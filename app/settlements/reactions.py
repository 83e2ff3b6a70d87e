"""What settlements do when their own long work goes on."""

from __future__ import annotations

from collections.abc import Sequence

from app.settlements import telling
from app.settlements.events import LineReturned


def tell_returned(events: Sequence[LineReturned]) -> None:
    """Money came back: its household is asked for another account."""
    for e in events:
        telling.tell_returned(e.credit_id, e.line_id, e.reason)
