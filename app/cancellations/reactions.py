"""What cancellations do when others speak, and when their own long work goes on."""

from __future__ import annotations

from collections.abc import Sequence

from app.cancellations import making
from app.cancellations.events import CreditsDue


def make_credits(events: Sequence[CreditsDue]) -> None:
    """A campaign is opening: make the credits of the next households."""
    for e in events:
        making.go(e.campaign_id)
