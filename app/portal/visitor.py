"""Who passes by, known for a day at most, and what is counted of it; nothing here may keep a page from being read."""

from __future__ import annotations

from contextlib import suppress

from flask import request

from app.insight import visits
from app.insight.visits import Deed
from app.kernel.errors import Unavailable
from app.knowledge import voting


def visitor() -> str:
    """A mark that tells one visitor of today from another and can be led back to nobody."""
    return visits.visitor_hash(request.remote_addr or "", request.headers.get("User-Agent", "")[:300])


def passed(deed: Deed) -> None:
    """Count what this visitor did."""
    visits.note(visitor(), deed)
    with suppress(Unavailable):
        visits.flush(only_when_due=True)


def opened(article_id: int) -> None:
    """Count one opening of an article."""
    passed(Deed.READ)
    with suppress(Unavailable):
        voting.count_reading(article_id)
