"""A moment as colleagues type it, in the time of the house; no page is here."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from app.kernel.errors import Invalid
from app.venue import service as venue

#: Years that somebody may mean.
YEARS: Final = range(2000, 2101)


def moment(text: str, name: str) -> datetime | None:
    """What was typed, such as 2026-03-14 18:30; None for nothing.

    Raises:
        Invalid: the field of this name, when it is no moment.
    """
    if not text.strip():
        return None
    try:
        local = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Invalid({name: "moment"}) from None
    if local.year not in YEARS:
        raise Invalid({name: "moment"})
    return local.replace(tzinfo=venue.house().tz) if local.tzinfo is None else local
