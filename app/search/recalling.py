"""What this process remembers of answers opened after questions; read again once a minute."""

from __future__ import annotations

from app.kernel.remembered import Remembered
from app.knowledge import shelf
from app.search import learned_queries
from app.search.learning import KEPT
from app.search.memory import Memory, Opened

#: Openings that are remembered, the newest first.
MOST = 20_000


def _read() -> Memory:
    today = shelf.today()
    rows = learned_queries.clicks_since(today - KEPT, MOST)
    return Memory((Opened(row.lang, row.words, row.slug, row.day, float(row.weight)) for row in rows), today)


remembered = Remembered(_read, seconds=60.0)
