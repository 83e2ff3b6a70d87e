"""What the variables of articles stand for: the facts of the house, as texts in one language."""

from __future__ import annotations

import hashlib
import json

from app.venue import pages
from app.venue import service as venue


def values(lang: str) -> dict[str, str]:
    """What the variables stand for in one language; facts the house does not say are left out."""
    house = venue.house()
    said = {name: house.fact(name, lang) for name in house.facts}
    own = {"house": house.name, "order_prefix": house.order_prefix, "claim_page": pages.CLAIM[lang]}
    return own | {name: value for name, value in said.items() if value is not None}


def known() -> set[str]:
    """Names an article may use."""
    return {"house", "order_prefix", "claim_page", *venue.house().facts}


def fingerprint() -> str:
    """A word that changes when any fact does."""
    house = venue.house()
    text = json.dumps([house.name, house.order_prefix, dict(house.facts)], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
