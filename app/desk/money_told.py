"""What a page shows of how far the ticketing system was told of a batch."""

from __future__ import annotations

from typing import Any

from app.kernel.access import Permission
from app.settlements import exporting, mark_runs
from app.settlements.batching import BatchCard
from app.web.doors import me
from app.web.import_words import known_office, office_words
from app.web.words import words_of


def shown(batch: BatchCard) -> dict[str, Any]:
    """What the part of the page shows."""
    by = me()
    mark = mark_runs.card(batch.id, by=by)
    files = [file for file in exporting.of_batch(batch.id, by=by) if file.kind == "return"]
    return {
        "there": mark, "linked": mark_runs.is_linked(), "may_export": by.may(Permission.MONEY_EXPORT),
        "back": files[0].name if files else "", "office_words": _why, "people": [mark.asked_by],
    }  # fmt: skip


def _why(code: str) -> str:
    return office_words(code) if code in known_office() else words_of(code)
