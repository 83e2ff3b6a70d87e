"""Whom a credit is for, as its own page names them: a name, and where letters go; nothing else of a household."""

from __future__ import annotations

from dataclasses import dataclass

from app.cancellations.page import ChoicePage
from app.people import service as people


@dataclass(frozen=True, slots=True)
class Holder:
    """Who chooses; `email` is empty where no letter goes by mail."""

    name: str
    email: str


def holder_of(page: ChoicePage) -> Holder:
    """Whom a credit is for."""
    card = people.cards_of([page.person_id]).get(page.person_id) if page.person_id else None
    return Holder(card.name or page.household, card.email) if card else Holder(page.household, "")
