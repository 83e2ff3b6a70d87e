"""What the box office does when it is asked to; called by the wiring page only."""

from __future__ import annotations

from collections.abc import Sequence

from app.boxoffice import arriving
from app.boxoffice.events import ImportAsked


def bring_in(events: Sequence[ImportAsked]) -> None:
    """Files wait: bring each in, in batches of its own."""
    for e in events:
        arriving.bring_in(e.run_id, e.sha256, e.system, e.name)
