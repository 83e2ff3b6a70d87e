"""Why letters were filed where they are, for those who look at a request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from app.mail import incoming_queries
from app.mail.incoming_queries import Filing


def filings(letter_ids: Iterable[int | None]) -> Mapping[int, Filing]:
    """Why each letter was filed where it is, by letter; what is no letter is left out."""
    wanted = [key for key in letter_ids if key is not None]
    return incoming_queries.filings(wanted) if wanted else {}


def answered(filing: Filing) -> datetime | None:
    """When the letter of ours was written that this one answers."""
    return incoming_queries.written_at(filing.answers_id) if filing.answers_id else None
