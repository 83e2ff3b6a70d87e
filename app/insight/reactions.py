"""What figures do when others speak."""

from __future__ import annotations

from collections.abc import Sequence

from app.incidents.events import IncidentDeclared, IncidentEnded
from app.insight import forecast


def count_crowds(events: Sequence[IncidentDeclared | IncidentEnded]) -> None:
    """An incident began or ended: what incidents add to the forecast of today is counted again."""
    forecast.count_crowds()
