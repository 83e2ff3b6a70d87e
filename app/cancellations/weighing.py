"""Weighing a division before anybody decides on it: what `choose` would refuse, told beforehand."""

from __future__ import annotations

from collections.abc import Mapping

from app.cancellations import links, queries
from app.cancellations.choices import faults
from app.cancellations.page import leeway


def weigh(token: str, lines: Mapping[str, int]) -> dict[str, str]:
    """What is wrong with a division of the credit behind a link. Shape: option, or `sum`, to a code of `faults`.

    Raises:
        NotFound: no such link.
        Gone: nothing can be claimed any more.
    """
    row = links.opened(token)
    found = leeway(row, queries.options(row.campaign_id))
    return faults(row.amount_cents, lines, found.terms, found.rooms, found.means, min_split=row.min_split_cents)
