"""What is on offer behind a link, in few questions, and what `choose` would refuse, told beforehand; no change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.cancellations import links
from app.cancellations.choices import faults
from app.cancellations.page import leeway, offered_by
from app.cancellations.queries import Columns


@dataclass(frozen=True, slots=True)
class Offer:
    """What somebody who decides agrees to the terms of; the whole page tells more."""

    kind: str
    title_fr: str
    title_en: str
    language: str
    currency: str
    codes: frozenset[str]

    def title(self, language: str) -> str:
        """The campaign's title in one of the two languages."""
        return self.title_fr if language == "fr" else self.title_en


def offer_of(row: Columns) -> Offer:
    """What is on offer for a credit that was read already."""
    codes = frozenset(one.code for one in offered_by(row))
    return Offer(row.campaign_kind, row.title_fr, row.title_en, row.language, row.currency, codes)


def weigh(token: str, lines: Mapping[str, int]) -> dict[str, str]:
    """What is wrong with a division of the credit behind a link. Shape: option, or `sum`, to a code of `faults`.

    Raises:
        NotFound: no such link.
        Gone: nothing can be claimed any more.
    """
    row = links.opened(token)
    found = leeway(row, offered_by(row))
    return faults(row.amount_cents, lines, found.terms, found.rooms, found.means, min_split=row.min_split_cents)
