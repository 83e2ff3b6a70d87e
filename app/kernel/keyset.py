"""Pages of a long list by the last row seen, never by counting rows past; pure."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime

#: Rows of one page.
ROWS = 50
#: No row of ours has a greater id; beyond what a database counts to, asking would be an error.
MOST = 2**53


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: after, or before, the row with this moment and id."""

    moment: datetime | None
    id: int
    backwards: bool = False

    def word(self) -> str:
        """The place as one word of an address."""
        raw = json.dumps([self.moment.isoformat() if self.moment else None, self.id, self.backwards])
        return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def read(word: str | None) -> Place | None:
    """The place a word names, or None when it names none."""
    if not word or len(word) > 200:
        return None
    try:
        moment, row_id, backwards = json.loads(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)))
        at = datetime.fromisoformat(moment) if moment else None
        if (at is not None and at.tzinfo is None) or not 0 <= int(row_id) <= MOST:
            return None
        return Place(at.astimezone(UTC) if at else None, int(row_id), bool(backwards))
    except (ValueError, TypeError, OverflowError):
        return None
